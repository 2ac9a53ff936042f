"""H1: loops, from the components of lunes."""
