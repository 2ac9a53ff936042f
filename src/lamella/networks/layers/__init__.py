"""Layers that Torch does not have. They import Torch, so the models import them late."""
