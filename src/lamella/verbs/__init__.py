"""What the commands `view`, `report`, `look` and `export` do, for the shell and for Python."""
