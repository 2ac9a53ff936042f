from lamella.studies.activations import activations
from lamella.studies.cifar10 import cifar10
from lamella.studies.initialisation import initialisation
from lamella.studies.mnist import mnist
from lamella.studies.optimisation import optimisation
from lamella.studies.rectangles import rectangles
from lamella.studies.spheres import spheres
from lamella.studies.topology import topology

__all__ = [
    "activations",
    "cifar10",
    "initialisation",
    "mnist",
    "optimisation",
    "rectangles",
    "spheres",
    "topology",
]
