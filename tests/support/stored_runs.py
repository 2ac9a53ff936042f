"""Small runs written by hand, with numbers that say where they come from."""

import numpy as np

from lamella import store

LAYERS = ("fc1", "head")
PROBES = ("train", "test")


def info(**more):
    return {
        "layers": [{"name": name} for name in LAYERS],
        "probes": {name: {"samples": 3, "labels": True} for name in PROBES},
        **more,
    }


def value(epoch, layer, probe):
    return 100 * epoch + 10 * LAYERS.index(layer) + PROBES.index(probe)


def arrays(epoch, probe):
    return {layer: np.full((3, 2), value(epoch, layer, probe), np.float32) for layer in LAYERS}


def write_epoch(path, epoch):
    for probe in PROBES:
        store.write_activations(path, epoch, probe, arrays(epoch, probe))
    store.write_scalars(path, epoch, {"loss": 1 / (epoch + 1)}, cost=(0.1, 10, 2.1))


def write_run(path, epochs=(0, 1, 10)):
    store.create_run(path, info())
    for k, probe in enumerate(PROBES):
        inputs = np.full((3, 4), k, np.float32)
        store.write_probe(path, probe, inputs, np.array([0, 1, 1]), np.arange(3) + 3 * k)
    for epoch in epochs:
        write_epoch(path, epoch)
    return path
