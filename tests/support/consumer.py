"""What a person's own script looks like to a type checker; test_consumer.py has it checked.

Each right call is revealed, and none may be Any. Each line that ends in `# wrong` has a mistake
that must be reported. The file is read, never run.
"""

from pathlib import Path
from typing import reveal_type

import numpy as np
import torch

import lamella
from lamella import lens
from lamella.measures import neighbour_error
from lamella.registry import measures
from lamella.results import Diagrams, Table

model = torch.nn.Sequential(torch.nn.Linear(12, 4), torch.nn.ReLU(), torch.nn.Linear(4, 2))
x, y = torch.rand(20, 12), torch.arange(20) % 2
points, labels = np.random.default_rng(0).normal(size=(20, 3)), np.arange(20) % 2

# The calls of the README.
with lamella.record("runs/mine", model, probes={"train": (x, y), "test": (x, y)}) as recorder:
    recorder.epoch()
    for _ in range(50):
        recorder.epoch(loss=0.1)
reveal_type(recorder)
reveal_type(lamella.measure("runs/mine"))
run = lamella.open_run("runs/mine")
reveal_type(run)
reveal_type(run.layers)
reveal_type(run.activations("fc2", epoch=8, split="test"))
reveal_type(run.results("neighbour_error"))
diagrams = lamella.homology.homology(run.activations("fc2", 8, "test"))
reveal_type(diagrams)
reveal_type(diagrams.bars(1))
reveal_type(lamella.views.birth_death(diagrams, title="fc2, epoch 8, test"))

# The other verbs.
reveal_type(lamella.view("runs/mine", run).address)
reveal_type(lamella.report(run, Path("runs"), out="report.html"))
reveal_type(lamella.look(model, ["filters"], input="12"))
reveal_type(lamella.export(run, "parquet"))
reveal_type(lamella.doubling())

# The shelves.
data = lamella.datasets.spheres(train_size=200, seed=1)
reveal_type(data)
reveal_type(lamella.datasets.circle().train.inputs)
reveal_type(lamella.models.perceptron((12,), 2, widths=(8, 8)))
reveal_type(lamella.models.lenet5((1, 28, 28), 10))
for epoch in lamella.train(model, data, epochs=3):
    reveal_type(epoch)
reveal_type(lamella.measures.gdv(points, labels))
reveal_type(lamella.measures.gdv(points.tolist(), labels.tolist()))
reveal_type(lamella.measures.gdv(x, y))
reveal_type(lamella.measures.gdv(points, labels).value)
reveal_type(neighbour_error(points, labels))
reveal_type(lamella.measures.twonn(points))
reveal_type(lamella.measures.homology(points))
reveal_type(lamella.measures.linear_cka(points, points))
reveal_type(lamella.measures.betti_numbers(diagrams))
reveal_type(lamella.views.barcode(diagrams))
reveal_type(lamella.views.table(Table({"error": points[:, 0]})))
reveal_type(measures.card("gdv").summary)

# The rooms.
reveal_type(lamella.embeddings.pca(points))
reveal_type(lamella.anatomy.layer_table(model, (12,)))
reveal_type(lamella.anatomy.receptive_field(model, "1x12", "2"))
reveal_type(lens.saliency(model, x[:1]))
reveal_type(lamella.lens.filters(model))
reveal_type(lamella.homology.confidence(points))
reveal_type(Diagrams(points[:, 0], points[:, 1], labels).frame())

# Mistakes.
lamella.sweep("runs/mine")  # wrong
lamella.measure()  # wrong
lamella.measure("runs/mine", budget="large")  # wrong
lamella.record("runs/mine")  # wrong
lamella.open_run(3)  # wrong
lamella.report("runs/mine", output="report.html")  # wrong
lamella.view("runs/mine", port="8000")  # wrong
lamella.measures.gdv(points)  # wrong
lamella.measures.gdv(points, labels, 3)  # wrong
lamella.measures.gvd(points, labels)  # wrong
lamella.measures.rtd(points, points, sample="many")  # wrong
lamella.views.barcode(points)  # wrong
lamella.views.barcode(diagrams, most="all")  # wrong
lamella.datasets.circle(2000)  # wrong
lamella.datasets.circle(train_sizes=20)  # wrong
lamella.models.perceptron((12,), "two")  # wrong
lamella.homology.homology()  # wrong
lamella.view["barcode"](diagrams)  # wrong
run.activations("fc2", "last", "test")  # wrong
measures.register(value="x")(3)  # wrong
