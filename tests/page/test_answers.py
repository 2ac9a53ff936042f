"""Every answer about small runs, hostile and broken ones among them."""

import numpy as np
import pytest
from support.some_runs import HOSTILE, measured, write_run

from lamella import store
from lamella.page import pack
from lamella.page.answers import answer
from lamella.story import Cell, Sentence, Story
from lamella.subject.subject import Subject, gather


def ask(subject, *parts):
    """An answer as the page reads it."""
    return pack.read(pack.write(answer(subject, tuple(map(str, parts)))))


@pytest.fixture(scope="module")
def subject(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    for seed in (0, 1):
        run = write_run(folder / "net" / f"seed-{seed}", seed=seed)
        measured(run, value=lambda layer, epoch, split, seed=seed: 10 * seed + epoch)
    return Subject(gather([folder]), points=10)


def test_the_index_tells_nets_layers_and_measures(subject):
    found = ask(subject, "index")
    (net,) = found["nets"]
    assert [layer["name"] for layer in net["layers"]] == ["input", "fc1", "head"]
    assert net["epochs"] == [0, 1, 4]
    assert net["splits"] == ["train", "test", "both"]
    assert net["samples"] == {"train": 12, "test": 8}
    assert net["points"] == 10
    assert net["status"] == ["finished"] * 2
    assert net["description"].startswith("5 - 3 - 2")
    names = {measure["name"]: measure for measure in found["measures"]}
    assert set(names) == {"neighbour_error", "homology"}
    assert names["neighbour_error"]["value"] == "error"
    assert set(names["neighbour_error"]["card"]) >= {"Range", "Cost", "Misleads", "Source"}
    assert names["homology"]["value"] is None


def test_a_cube_has_every_cell_its_baselines_and_reasons(subject):
    found = ask(subject, "cube", "net", "neighbour_error")
    assert found["values"].shape == (2, 3, 3, 3)
    assert found["values"][1, 2, 2].tolist() == [10, 11, 14]
    assert np.allclose(found["values"][0, 0, 0], np.mean([0, 1, 4]))  # the input stays the same
    assert found["baselines"]["chance"] == 50
    assert found["baselines"]["untrained"][1, 0, 1].tolist() == [10, 10, 10]
    assert ask(subject, "cube", "net", "twonn")["reasons"] == {
        "0/test/head/4": "too few points",
        "1/test/head/4": "too few points",
    }
    assert "was not measured on net" in ask(subject, "cube", "net", "gdv")["missing"]


def test_seeds_of_other_epochs_leave_gaps(tmp_path):
    measured(write_run(tmp_path / "n" / "seed-0", epochs=(0, 2)))
    measured(write_run(tmp_path / "n" / "seed-1", epochs=(0, 3)))
    subject = Subject(gather([tmp_path]))
    values = ask(subject, "cube", "n", "neighbour_error")["values"]
    assert np.isnan(values[:, 0, 1]).tolist() == [[False, False, True], [False, True, False]]
    assert "did not record epoch 3" in ask(subject, "cloud", "n", 0, "pca2", "fc1", 3)["missing"]


def test_a_cloud_has_points_and_says_how_far_to_trust_them(subject):
    samples = ask(subject, "samples", "net")
    for method, dimensions in (("pca2", 2), ("pca3", 3)):
        found = ask(subject, "cloud", "net", 0, method, "fc1", 4)
        points = found["points"].astype(float) * 4 / 32767
        assert points.shape == (10, dimensions)
        assert np.isclose((points**2).sum(axis=1).mean(), 1, atol=1e-3)
        assert len(found["wrong"]) == len(found["mixed"]) == len(samples["ids"]) == 10
    assert samples["stratified"] == "10 of 20 samples, stratified"
    assert "no cloud is called" in ask(subject, "cloud", "net", 0, "pca7", "fc1", 4)["missing"]


def test_seeds_probed_with_other_classes_are_not_mixed_up(tmp_path):
    for seed, classes in ((0, 2), (1, 3)):
        probes = {"train": {"fingerprint": str(seed)}}
        run = write_run(tmp_path / "n" / f"seed-{seed}", classes=classes)
        info = store.read_info(run.path)
        info["probes"]["train"] |= probes["train"]
        store.write_info(run.path, info)
    subject = Subject(gather([tmp_path]))
    assert "other samples" in ask(subject, "cloud", "n", 1, "pca2", "fc1", 4)["missing"]


def test_predictions_and_confusion(subject):
    found = ask(subject, "predictions", "net", 0, 4)
    logits = np.concatenate([subject.run("net", 0).activations("head", 4, s) for s in SPLITS])
    assert found["confusion"]["both"].sum() == len(logits) == 20
    truth = np.concatenate([subject.run("net", 0).labels(s) for s in SPLITS])
    right = int((logits.argmax(axis=1) == truth).sum())
    assert int(np.trace(found["confusion"]["both"])) == right
    assert len(found["predicted"]) == len(found["p_true"]) == 10


SPLITS = ("train", "test")


def test_a_cell_has_its_records_longest_bars_first(subject):
    found = ask(subject, "cell", "net", 0, "fc1", 1, "test")["records"]
    assert set(found) == {"homology"}  # a single number stands in the cube
    assert found["homology"]["kind"] == "diagrams"
    assert found["homology"]["death"].tolist() == [np.inf, 2, 3]
    assert found["homology"]["bars"] == {"0": 2, "1": 1}
    (panel,) = ask(subject, "cell", "net", 0, "fc1", 1, "test")["figures"]["homology"]["figure"][
        "panels"
    ]
    assert {mark["kind"] for mark in panel["marks"]} >= {"segments", "text"}


def test_vines_follow_bars_over_epochs(subject):
    found = ask(subject, "vines", "net", 0, "fc1", "test", 1)
    assert found["vine"].tolist() == [0, 0, 0]
    assert found["epoch"].tolist() == [0, 1, 4]
    assert found["death"].tolist() == [3, 3, 3]


def test_training_has_all_seeds_on_one_axis(subject):
    found = ask(subject, "training", "net")
    assert found["names"] == ["loss"]
    assert found["epochs"].tolist() == [0, 1, 4]
    assert np.allclose(found["values"][:, 0], [[1, 0.5, 0.2]] * 2)


def test_the_network_is_told_from_the_recording_where_it_cannot_be_built(subject):
    found = ask(subject, "network", "net")
    assert dict(found["layers"]["columns"])["layer"] == ["fc1", "head"]
    assert "does not say how its model" in found["source"]


def test_a_story_is_told_with_cells_on_the_page(subject):
    said = Story("T", Sentence("A.", {"x": 0.5}, Cell("ne", "fc1")), facts={"rule": "R"})
    told = Subject({"ne, dice": ()}, story=said)
    found = ask(told, "story")
    assert found["verdict"]["numbers"] == [["x", "0.5"]]
    assert found["rule"] == "R"
    assert found["verdict"]["cell"]["run"] == "ne, dice"
    assert "nothing has been told" in ask(subject, "story")["missing"]


def test_unknown_and_ill_formed_paths_are_missing(subject):
    assert "no answer is called 'cubes'" in ask(subject, "cubes", "net")["missing"]
    assert "no answer is called" in ask(subject, "cube", "net")["missing"]
    assert "no answer is called" in ask(subject, "predictions", "net", "x", 0)["missing"]
    assert "no net is called" in ask(subject, "samples", "../net")["missing"]
    assert "no split is called" in ask(subject, "cell", "net", 0, "fc1", 1, "x")["missing"]


@pytest.mark.parametrize(
    "what",
    [
        {"layers": (HOSTILE, "a/b", "50 %")},
        {"layers": tuple(f"layer {k}" for k in range(200)), "samples": (6, 4), "epochs": (0,)},
        {"layers": ("only",)},
        {"epochs": (3,)},
        {"epochs": ()},
        {"classes": 1},
        {"classes": None},
        {"samples": (3,)},
        {"samples": (1, 1)},
        {"shape": (3, 40, 36)},
    ],
    ids=lambda what: " ".join(what),
)
def test_odd_runs_have_answers_or_reasons(tmp_path, what):
    run = write_run(tmp_path / "run", **what)
    if run.epochs:
        measured(run, value=lambda *_: float("nan"))
    subject = Subject(gather([tmp_path]))
    (net,) = ask(subject, "index")["nets"]
    name, last = net["name"], net["layers"][-1]["name"]
    epoch = net["epochs"][-1] if net["epochs"] else 0
    samples = ask(subject, "samples", name)
    assert len(samples["ids"]) == net["points"]
    cloud = ask(subject, "cloud", name, 0, "pca2", last, epoch)
    assert "missing" in cloud or len(cloud["points"]) == net["points"]
    assert ("missing" in cloud) == (not net["epochs"])
    for path in (
        ("cube", name, "neighbour_error"),
        ("cell", name, 0, last, epoch, net["splits"][-1]),
        ("predictions", name, 0, epoch),
        ("vines", name, 0, last, "train", 0),
        ("training", name),
        ("network", name),
        ("field", name, last),
        ("filters", name, 0, last, epoch),
        ("maps", name, 0, last, epoch, 0),
        ("patches", name, 0, last, epoch),
    ):
        assert isinstance(ask(subject, *path), dict)


def test_pictures_are_at_most_32_pixels_and_averaged(tmp_path):
    write_run(tmp_path / "run", shape=(3, 40, 36))
    found = ask(Subject(gather([tmp_path])), "samples", "run")
    assert found["pictures"].shape == (20, 20, 18, 3)
    (net,) = ask(Subject(gather([tmp_path])), "index")["nets"]
    assert net["picture"] == [20, 18, 3]
