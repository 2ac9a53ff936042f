"""Data sets, one file each."""

from lamella.registry import datasets, make_shelf

make_shelf(datasets)
