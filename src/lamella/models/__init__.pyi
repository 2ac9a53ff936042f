from lamella.models.cifar_convnet import cifar_convnet
from lamella.models.cifar_resnet import cifar_resnet
from lamella.models.conv_autoencoder import conv_autoencoder
from lamella.models.lenet5 import lenet5
from lamella.models.mnist_dense import mnist_dense
from lamella.models.perceptron import bottleneck, perceptron, wide
from lamella.models.separable_unet import separable_unet
from lamella.models.small_unet import small_unet

__all__ = [
    "bottleneck",
    "cifar_convnet",
    "cifar_resnet",
    "conv_autoencoder",
    "lenet5",
    "mnist_dense",
    "perceptron",
    "separable_unet",
    "small_unet",
    "wide",
]
