"""Models, one file per family."""

from lamella.registry import make_shelf, models

make_shelf(models)
