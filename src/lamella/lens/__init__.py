"""What the units of a network see, one file per technique."""
