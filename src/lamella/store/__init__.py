"""The run folder: layout, writing, reading."""
