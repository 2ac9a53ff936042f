"""Measuring the cells of a run."""
