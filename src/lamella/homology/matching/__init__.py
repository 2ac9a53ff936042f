"""Matchings of two diagrams."""
