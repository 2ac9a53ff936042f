from lamella.views.anatomy_activations import anatomy_activations
from lamella.views.anatomy_backpropagation import anatomy_backpropagation
from lamella.views.anatomy_histograms import anatomy_histograms
from lamella.views.anatomy_layers import anatomy_layers
from lamella.views.anatomy_pooling import anatomy_pooling
from lamella.views.anatomy_receptive_field import anatomy_receptive_field
from lamella.views.anatomy_robust_loss import anatomy_robust_loss
from lamella.views.anatomy_sliding_kernel import anatomy_sliding_kernel
from lamella.views.barcode import barcode
from lamella.views.barcodes import barcodes
from lamella.views.betti_curves import betti_curves
from lamella.views.birth_death import birth_death
from lamella.views.class_linkage import class_linkage
from lamella.views.cloud import cloud
from lamella.views.compactness_profile import compactness_profile
from lamella.views.comparison import comparison
from lamella.views.confusion_matrix import confusion_matrix
from lamella.views.embedding_evolution import embedding_evolution
from lamella.views.f1_against_dimension import f1_against_dimension
from lamella.views.health_map import health_map
from lamella.views.heat_map import heat_map
from lamella.views.histogram import histogram
from lamella.views.image_grid import image_grid
from lamella.views.lines import lines
from lamella.views.measure_card import measure_card
from lamella.views.mosaic import mosaic
from lamella.views.rectangles_latents import rectangles_latents
from lamella.views.similarity_matrix import similarity_matrix
from lamella.views.table import table
from lamella.views.thumbnails import thumbnails
from lamella.views.training_curves import training_curves
from lamella.views.vines import vines

__all__ = [
    "anatomy_activations",
    "anatomy_backpropagation",
    "anatomy_histograms",
    "anatomy_layers",
    "anatomy_pooling",
    "anatomy_receptive_field",
    "anatomy_robust_loss",
    "anatomy_sliding_kernel",
    "barcode",
    "barcodes",
    "betti_curves",
    "birth_death",
    "class_linkage",
    "cloud",
    "compactness_profile",
    "comparison",
    "confusion_matrix",
    "embedding_evolution",
    "f1_against_dimension",
    "health_map",
    "heat_map",
    "histogram",
    "image_grid",
    "lines",
    "measure_card",
    "mosaic",
    "rectangles_latents",
    "similarity_matrix",
    "table",
    "thumbnails",
    "training_curves",
    "vines",
]
