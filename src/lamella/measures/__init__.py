"""Measures, one file each, in folders by what they ask: functions over arrays to one record."""

from lamella.registry import make_shelf, measures

make_shelf(measures)
