"""Building networks: activations, blocks, seeded weights, loading by name or file."""
