"""Runs small enough to be recorded and measured in a test."""

from pathlib import Path

import lamella

EPOCHS = 3
ODD = "<img src=x>"  # a layer's name that would be an element if it were not escaped


def _net(name, seed):
    import torch

    if name == "wide":
        return lamella.models.perceptron((12,), 2, widths=(16, 16), seed=seed)
    torch.manual_seed(seed)
    net = torch.nn.Sequential()
    for at, (inputs, outputs) in enumerate([(12, 6), (6, 3), (3, 2)]):
        net.add_module(["fc1", ODD, "head"][at], torch.nn.Linear(inputs, outputs))
        if outputs > 2:
            net.add_module(f"act{at + 1}", torch.nn.ReLU())
    return net


def record_net(folder, name, seed, epochs=EPOCHS):
    """A recorded and measured run of one small net on the nested spheres."""
    data = lamella.datasets.spheres(train_size=80, test_size=60, seed=0)
    net, path = _net(name, seed), Path(folder) / name / f"seed-{seed}"
    probes = {
        split: (part.inputs, part.labels, part.ids)
        for split, part in (("train", data.train), ("test", data.test))
    }
    study = {"study": "spheres", "net": name}
    with lamella.record(
        path,
        net,
        probes,
        moments=lamella.every(1),
        class_names=data.class_names,
        seed=seed,
        study=study,
    ) as recorder:
        for epoch in lamella.train(net, data, epochs=epochs, batch_size=20, seed=seed):
            recorder.epoch(train_loss=epoch.train_loss, test_accuracy=epoch.test_accuracy)
    names = ["neighbour_error", "fisher_ratio", "homology", "betti_numbers"]
    lamella.measure(path, names, jobs=1, progress=False)
    return path
