"""Run as `python -m lamella`."""

from lamella.cli import main

main()
