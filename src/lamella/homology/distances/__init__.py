"""Distances of points by several metrics, and what is worked out on the way."""
