"""What the study `rectangles` is made of: sizes, launches, latent spaces, numbers, words."""
