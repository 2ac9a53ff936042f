"""How compact classes are."""
