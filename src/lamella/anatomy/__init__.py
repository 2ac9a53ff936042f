"""How a network is built, computed and initialised."""
