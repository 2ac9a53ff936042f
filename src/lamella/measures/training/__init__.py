"""How training goes: units, gradients, weights."""
