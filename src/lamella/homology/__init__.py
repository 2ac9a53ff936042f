"""Exact persistent homology of point clouds."""
