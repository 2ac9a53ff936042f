from lamella.measures.compactness.class_distances import class_distances
from lamella.measures.compactness.compactness_profile import compactness_profile
from lamella.measures.compactness.complete_cross_validation import complete_cross_validation
from lamella.measures.compactness.gdv import gdv
from lamella.measures.compactness.neural_collapse import neural_collapse
from lamella.measures.compactness.silhouette import silhouette
from lamella.measures.dimension.maximum_likelihood_dimension import maximum_likelihood_dimension
from lamella.measures.dimension.participation_ratio import participation_ratio
from lamella.measures.dimension.pca_dimension import pca_dimension
from lamella.measures.dimension.twonn import twonn
from lamella.measures.separability.fisher_ratio import fisher_ratio
from lamella.measures.separability.knn_accuracy import knn_accuracy
from lamella.measures.separability.linear_probe import linear_probe
from lamella.measures.separability.margin import margin
from lamella.measures.separability.neighbour_error import neighbour_error
from lamella.measures.separability.perceptron_f1 import perceptron_f1
from lamella.measures.separability.wrong_neighbours import wrong_neighbours
from lamella.measures.similarity.linear_cka import linear_cka
from lamella.measures.similarity.procrustes import procrustes
from lamella.measures.similarity.rbf_cka import rbf_cka
from lamella.measures.similarity.rtd import rtd
from lamella.measures.topology.betti_curves import betti_curves
from lamella.measures.topology.betti_numbers import betti_numbers
from lamella.measures.topology.bottleneck import bottleneck
from lamella.measures.topology.class_components import class_components
from lamella.measures.topology.class_linkage import class_linkage
from lamella.measures.topology.homology import homology
from lamella.measures.topology.hop_betti_numbers import hop_betti_numbers
from lamella.measures.topology.landscape import landscape
from lamella.measures.topology.longest_bar import longest_bar
from lamella.measures.topology.persistent_entropy import persistent_entropy
from lamella.measures.topology.total_persistence import total_persistence
from lamella.measures.topology.vines import vines
from lamella.measures.topology.wasserstein import wasserstein
from lamella.measures.training.activation_size import activation_size
from lamella.measures.training.dead_units import dead_units
from lamella.measures.training.gradient_norm import gradient_norm
from lamella.measures.training.neural_persistence import neural_persistence
from lamella.measures.training.saturated_units import saturated_units
from lamella.measures.training.update_sizes import update_sizes

__all__ = [
    "activation_size",
    "betti_curves",
    "betti_numbers",
    "bottleneck",
    "class_components",
    "class_distances",
    "class_linkage",
    "compactness_profile",
    "complete_cross_validation",
    "dead_units",
    "fisher_ratio",
    "gdv",
    "gradient_norm",
    "homology",
    "hop_betti_numbers",
    "knn_accuracy",
    "landscape",
    "linear_cka",
    "linear_probe",
    "longest_bar",
    "margin",
    "maximum_likelihood_dimension",
    "neighbour_error",
    "neural_collapse",
    "neural_persistence",
    "participation_ratio",
    "pca_dimension",
    "perceptron_f1",
    "persistent_entropy",
    "procrustes",
    "rbf_cka",
    "rtd",
    "saturated_units",
    "silhouette",
    "total_persistence",
    "twonn",
    "update_sizes",
    "vines",
    "wasserstein",
    "wrong_neighbours",
]
