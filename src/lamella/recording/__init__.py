"""Recording the activations of a model while somebody else trains it."""
