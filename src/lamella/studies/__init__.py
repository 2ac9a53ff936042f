"""Studies, one file or folder each: they train, record, measure and tell."""

from lamella.registry import make_shelf, studies

make_shelf(studies)
