"""H2: voids, from the components and the cycles of lunes."""
