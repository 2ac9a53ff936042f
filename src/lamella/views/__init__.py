"""Figures, one file each: functions from a record to a figure."""

from lamella.registry import make_shelf, views

make_shelf(views)
