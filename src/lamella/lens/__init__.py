"""What the units of a network see, one file per technique.

Everything is imported here, so that a technique's name means the function and not its file.
"""

from lamella.lens.activation_maps import activation_maps, field_on_image, maps_over_epochs
from lamella.lens.ascent import ascend, ascent
from lamella.lens.attributions import attribution
from lamella.lens.class_means import class_images, class_maps
from lamella.lens.deconvnet import deconvnet, deconvnet_map
from lamella.lens.deep_dream import deep_dream, dream
from lamella.lens.fields import fields, influence
from lamella.lens.filters import filter_changes, filter_rows, filters, filters_over_epochs
from lamella.lens.fooling import fool, fooling
from lamella.lens.grad_cam import grad_cam, grad_cam_map
from lamella.lens.gram import gram
from lamella.lens.guided_backprop import guided_backprop, guided_backprop_map
from lamella.lens.integrated_gradients import integrated_gradients, integrated_gradients_map
from lamella.lens.inversion import inversion, invert
from lamella.lens.maximal_patches import find_maxima, maximal_patches
from lamella.lens.neighbours import neighbours
from lamella.lens.networks import network_of, pixels_of
from lamella.lens.occlusion import occlude, occlusion, occlusion_map
from lamella.lens.parametrisations import colour_basis
from lamella.lens.passes import activations
from lamella.lens.pictures import Pixels
from lamella.lens.refusals import LensError
from lamella.lens.saliency import gradient, saliency, saliency_map
from lamella.lens.sanity_checks import sanity_checks, sanity_pictures
from lamella.lens.smooth_grad import smooth_grad, smooth_grad_map
from lamella.lens.ssim import ssim
from lamella.lens.style_transfer import style_transfer, transfer
from lamella.lens.texture import synthesise_texture, texture

__all__ = [
    "LensError",
    "Pixels",
    "activation_maps",
    "activations",
    "ascend",
    "ascent",
    "attribution",
    "class_images",
    "class_maps",
    "colour_basis",
    "deconvnet",
    "deconvnet_map",
    "deep_dream",
    "dream",
    "field_on_image",
    "fields",
    "filter_changes",
    "filter_rows",
    "filters",
    "filters_over_epochs",
    "find_maxima",
    "fool",
    "fooling",
    "grad_cam",
    "grad_cam_map",
    "gradient",
    "gram",
    "guided_backprop",
    "guided_backprop_map",
    "influence",
    "integrated_gradients",
    "integrated_gradients_map",
    "inversion",
    "invert",
    "maps_over_epochs",
    "maximal_patches",
    "neighbours",
    "network_of",
    "occlude",
    "occlusion",
    "occlusion_map",
    "pixels_of",
    "saliency",
    "saliency_map",
    "sanity_checks",
    "sanity_pictures",
    "smooth_grad",
    "smooth_grad_map",
    "ssim",
    "style_transfer",
    "synthesise_texture",
    "texture",
    "transfer",
]


def __dir__() -> list[str]:
    return __all__
