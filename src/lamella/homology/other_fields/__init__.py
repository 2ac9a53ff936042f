"""What the engine leaves to gudhi: H3 and above, and fields other than Z/2."""
