"""Components, loops and voids of a cloud."""
