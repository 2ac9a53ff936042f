"""The whole study of networks on images, on the small digits."""

import os
from pathlib import Path

import numpy as np
import pytest

from lamella import open_run
from lamella.errors import RunError, UnknownName
from lamella.experiments.images.errors import say_overfitting
from lamella.experiments.images.predictions import network_of
from lamella.experiments.images.study import Net, study_images
from lamella.experiments.recorded_training import ExistingRuns
from lamella.registry import datasets, studies


def run_study(out, kept=ExistingRuns(), methods=("pca", "tsne")):
    data = datasets["digits"](train_size=400, test_size=100)
    training = {"schedule": "one_cycle", "learning_rate": 1e-2, "batch_size": 16}
    return study_images(
        "digits",
        data,
        {"perceptron": Net(("act*", "head"), {"widths": (32, 16)}, training)},
        out=out,
        epochs=3,
        seeds=2,
        seed=0,
        probe=60,
        methods=methods,
        embedded=["act1"],
        jobs=1,
        kept=kept,
        progress=False,
    )


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    out = tmp_path_factory.mktemp("study")
    return out, run_study(out)


def test_the_result_has_what_machines_ask_for(finished):
    out, result = finished
    facts = result["nets"]["perceptron"]
    assert result["study"] == "digits"
    assert len(facts["test_accuracy"]) == len(facts["seconds"]) == 2
    assert min(facts["test_accuracy"]) > 0.6
    assert facts["epochs"] == 3
    assert facts["parameters"] == 64 * 32 + 32 + 32 * 16 + 16 + 16 * 10 + 10
    assert result["recording_share"] > 0
    assert Path(result["report"]) == out / "report.html"


def test_the_report_tells_all_parts(finished):
    text = Path(finished[1]["report"]).read_text()
    for title in (
        "Training", "Errors", "Nearest neighbours, perceptron",
        "Embedding of perceptron, last hidden layer",
        "Embedding of perceptron, act1",
        "How the data moves", "Geometry through the layers", "How alike layers are",
        "Neural collapse", "Betti curves of the classes, perceptron",
    ):  # fmt: skip
        assert f"<h2>{title}</h2>" in text
    assert "two seeds agree most at" in text
    assert len(text) < 15e6


def test_runs_hold_training_preprocessing_and_weights(finished):
    run = open_run(finished[0] / "perceptron" / "seed-1")
    facts = run.info["study"]
    assert facts["training"]["schedule"] == "one_cycle"
    assert facts["steps"] == [{"step": "divide", "by": 16.0}]
    assert run.layers == ("act1", "act2", "head")
    data = datasets["digits"](train_size=400, test_size=100)
    from lamella.training import evaluate

    accuracy = evaluate(network_of(run, data), data.test)[1]
    assert accuracy == finished[1]["nets"]["perceptron"]["test_accuracy"][1]


def test_a_finished_study_is_taken_as_it_is_or_refused(finished):
    out, result = finished
    again = run_study(out, ExistingRuns(resume=True), methods=())
    assert again["nets"] == result["nets"]
    with pytest.raises(RunError, match="holds a run already"):
        run_study(out)


class FakeRun:
    def __init__(self, **columns):
        self.columns = columns
        self.info = {"study": {"data_arguments": {"test_size": 1000}}}

    def scalars(self):
        import pandas

        return pandas.DataFrame({"epoch": np.arange(3), **self.columns})


@pytest.mark.parametrize(
    ("test_loss", "train_accuracy", "test_accuracy", "words"),
    [
        ([2, 0.5, 0.6], 1.0, 0.8, "overfits from epoch 1 on: the test loss rises by 20%"),
        ([2, 0.6, 0.5], 1.0, 0.9, "overfits, though its test loss has not risen"),
        ([2, 0.6, 0.5], 0.92, 0.9, "does not overfit"),
    ],
)
def test_overfitting_is_named(test_loss, train_accuracy, test_accuracy, words):
    run = FakeRun(
        test_loss=test_loss,
        train_loss=[2, 0.5, 0.1],
        train_accuracy=[0.1, 0.5, train_accuracy],
        test_accuracy=[0.1, 0.5, test_accuracy],
    )
    assert words in say_overfitting("net", run).text


def test_unknown_nets_and_recipes_show_the_nearest(tmp_path):
    with pytest.raises(UnknownName, match="Nearest: lenet5"):
        studies["mnist"](out=tmp_path, nets=["lenet"])
    with pytest.raises(UnknownName, match="Nearest: fast"):
        studies["cifar10"](out=tmp_path, recipe="fastt")


@pytest.mark.skipif(
    not os.environ.get("LAMELLA_DATA") or not Path(os.environ["LAMELLA_DATA"], "mnist").is_dir(),
    reason="LAMELLA_DATA holds no MNIST",
)
def test_mnist_on_a_few_images(tmp_path):
    result = studies["mnist"](
        out=tmp_path, train_size=1500, test_size=300, epochs=1, seeds=1, probe=60, nets=["lenet5"],
        embeddings=["pca"], jobs=1, progress=False,
    )  # fmt: skip
    assert result["nets"]["lenet5"]["parameters"] == 61_706
    assert result["nets"]["lenet5"]["test_accuracy"][0] > 0.3
