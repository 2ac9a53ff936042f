"""Distances, neighbours, kernels and spanning trees of a cloud: what measures are made of."""
