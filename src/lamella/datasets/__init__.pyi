from lamella.datasets.cifar10 import cifar10
from lamella.datasets.circle import circle
from lamella.datasets.digits import digits
from lamella.datasets.discs import discs
from lamella.datasets.images import images
from lamella.datasets.linked_rings import linked_rings
from lamella.datasets.mnist import mnist
from lamella.datasets.rectangles import rectangles
from lamella.datasets.shells import shells
from lamella.datasets.spheres import spheres
from lamella.datasets.torus import torus

__all__ = [
    "cifar10",
    "circle",
    "digits",
    "discs",
    "images",
    "linked_rings",
    "mnist",
    "rectangles",
    "shells",
    "spheres",
    "torus",
]
