"""Training as a generator of epochs."""
