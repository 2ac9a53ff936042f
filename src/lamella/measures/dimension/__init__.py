"""How many dimensions a cloud has."""
