"""What loops and voids share: edges in their order, lunes, generators, and storage that grows."""
