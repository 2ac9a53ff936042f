"""How well classes can be told apart."""
