"""The whole study at its smallest, and what it says."""

import json

import numpy as np
import pytest

from lamella.data.rectangles.scenes import Scene
from lamella.data.rectangles.stream import generate
from lamella.errors import InputError, LamellaError, RunError, UnknownName
from lamella.registry import studies
from lamella.store import open_run
from lamella.studies.rectangles import findings, latents, sizes, story
from lamella.studies.rectangles.exploration import count_pixels, explore
from lamella.studies.rectangles.launches import latent_images
from lamella.studies.rectangles.numbers import enough, f1_table, f1_value
from lamella.training.segmentation_losses import PIXEL_LOSSES

SMALL = {
    "nets": "conv_autoencoder",
    "losses": "dice",
    "factors": "FreeAll,OnlyX",
    "train_size": 64,
    "test_size": 16,
    "nadam_epochs": 1,
    "sgd_epochs": 1,
    "batch_size": 32,
    "probe": 8,
    "latent": 12,
    "bfloat16": False,
    "jobs": 1,
    "progress": False,
}


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    out = tmp_path_factory.mktemp("rectangles")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(latents, "METHODS", ("pca",))
        patch.setattr(latents, "has_umap", lambda: False)
        patch.setattr(story, "has_umap", lambda: False)
        result = studies["rectangles"](out=out, **SMALL)
        again = studies["rectangles"](out=out, resume=True, **SMALL)
    return out, result, again


def test_the_json_has_scores_and_f1_of_every_launch(finished):
    out, result, _ = finished
    json.dumps(result)
    launch = result["nets"]["conv_autoencoder"]["dice"]["launches"][0]
    assert set(launch["dice"]) == {"class 1", "class 2", "class 3", "mean"}
    assert launch["iou"]["mean"] <= launch["dice"]["mean"]
    assert launch["seconds"] > 0
    row = launch["f1"][0]
    assert set(row) == {"factor", "layer", "method", "dimension", "class", "value"}
    assert {r["layer"] for r in launch["f1"]} == {"latent", "latent_act"}
    assert {r["factor"] for r in launch["f1"]} == {"FreeAll", "OnlyX"}
    assert {r["class"] for r in launch["f1"]} == {"class 1", "class 2", "class 3", "micro"}
    assert (out / "report.html").exists()


def test_the_run_has_every_variant_and_the_geometry_of_every_epoch(finished):
    out, _, _ = finished
    run = open_run(out / "conv_autoencoder" / "dice" / "launch-1")
    assert run.finished
    assert run.splits == ("FreeAll", "OnlyX")
    assert run.epochs == (0, 1, 2)
    assert run.activations("latent", 2, "OnlyX").shape == (24, 32, 8, 8)
    frame = run.results("class_distances")
    assert set(frame["epoch"]) == {0, 1, 2}
    assert {"input", "latent", "latent_act"} == set(frame["layer"])
    assert run.record("homology", "latent", 2, "FreeAll") is not None


def test_the_report_says_what_it_must(finished):
    out, result, _ = finished
    page = (out / "report.html").read_text()
    for words in (
        "Is the latent space compact?",
        "Which factor spreads the classes",
        "pip install",
        "touches no other",
        "NN1 Dice, latent",
        "occluded",
    ):
        assert words in page, words
    assert result["findings"][0].startswith("Is the latent space compact?")


def test_resuming_takes_what_is_there(finished):
    _, result, again = finished
    first, other = (r["nets"]["conv_autoencoder"]["dice"]["launches"] for r in (result, again))
    assert first == other


def test_a_second_run_in_the_same_place_must_say_what_to_do(finished):
    out, _, _ = finished
    with pytest.raises(RunError, match="holds a run already"):
        studies["rectangles"](out=out, **SMALL)
    with pytest.raises(RunError, match="other arguments"):
        studies["rectangles"](out=out, resume=True, **{**SMALL, "delta": 3})


@pytest.mark.parametrize(
    ("arguments", "error", "words"),
    [
        ({"nets": "conv_autoencodr"}, UnknownName, r"no net .* Nearest: conv_autoencoder"),
        ({"losses": "dice,focl"}, UnknownName, r"no loss is called 'focl'. Nearest: focal"),
        ({"factors": "OnlyZ"}, UnknownName, r"no factor .* Nearest: Only"),
        ({"delta": 60}, InputError, "overlap"),
        ({"launches": 0}, InputError, "launches"),
    ],
)
def test_bad_arguments_are_refused_before_anything_is_trained(tmp_path, arguments, error, words):
    with pytest.raises(error, match=words):
        studies["rectangles"](out=tmp_path, **{**SMALL, **arguments})
    assert not list(tmp_path.iterdir())
    assert issubclass(error, LamellaError)


def test_the_study_knows_every_loss():
    assert set(sizes.LOSSES) == set(PIXEL_LOSSES)


def test_full_sizes_are_the_seed_s_and_give_way_to_what_is_asked():
    full = sizes.choose_sizes(True, {"launches": None})
    assert (full.train_size, full.test_size, full.launches) == (200_000, 15_000, 5)
    assert (full.nadam_epochs, full.sgd_epochs, full.batch_size) == (25, 50, 2048)
    assert full.dimensions[-1] == 1024
    assert sizes.choose_sizes(True, {"launches": 1}).launches == 1
    assert sizes.names("all", sizes.NETS, "net") == sizes.NETS


def test_the_estimate_grows_with_the_work():
    one = sizes.Estimate(3600, 60, {"conv_autoencoder": 500.0})
    assert one.words == (
        "On this machine about 61 min: training 60 min (conv_autoencoder 500 images/s), "
        "latent spaces 60 s."
    )
    small, full = (sizes.perceptron_seconds(s, 1e-3) for s in (sizes.SMALL, sizes.FULL))
    assert full > 10 * small > 0
    assert sizes.perceptron_unit() > 0


def test_the_latent_test_set_is_fixed_and_has_the_class_on_top():
    first, labels = latent_images(Scene(), "OnlyColor", 5)
    again, _ = latent_images(Scene(), "OnlyColor", 5)
    assert np.array_equal(first, again)
    assert labels.tolist() == [0, 1, 2] * 5
    strongest = first[:, :, 32, 32].argmax(axis=1)  # class 1 is blue, 2 green, 3 red on top
    assert strongest.tolist() == [2, 1, 0] * 5


ROWS = [
    {"factor": "OnlyX", "layer": "latent", "method": m, "dimension": d, "class": c, "value": v}
    for m, d, v in (("pca", 2, 0.5), ("pca", 4, 0.991), ("full", 9, 1.0), ("umap", 2, 0.7))
    for c in ("class 1", "micro")
]


def test_f1_is_looked_up_by_place():
    assert f1_value(ROWS, "OnlyX", "latent", 2) == 0.5
    assert f1_value(ROWS, "OnlyX", "latent", 2, "umap") == 0.7
    assert f1_value(ROWS, "OnlyX", "latent", None) == 1.0
    assert np.isnan(f1_value(ROWS, "OnlyH", "latent", 2))
    assert enough(ROWS, "OnlyX", "latent") == 4
    assert enough(ROWS, "OnlyX", "latent", 0.995) == 9
    assert enough(ROWS, "OnlyH", "latent") == float("inf")
    assert f1_table([ROWS, ROWS], "OnlyX", "latent").columns["seed"].tolist() == [0] * 8 + [1] * 8
    assert "seed" not in f1_table([ROWS], "OnlyX", "latent").columns


def test_exploration_counts_what_is_in_the_images():
    counts, made = count_pixels(300, Scene(), seed=4), generate(300, seed=4)
    assert np.allclose(counts.areas(), made.mask.mean(axis=(0, 1, 2)))
    full, seen = (m.sum(axis=(0, 1, 2), dtype=float)[:3] for m in (made.full_mask, made.mask))
    assert np.allclose(counts.occluded(), (full - seen) / full)
    section, numbers = explore(300, Scene(), seed=4)
    assert numbers["free"]["areas"] == counts.areas().tolist()
    assert numbers["inside"]["areas"][3] > numbers["free"]["areas"][3]
    assert [p.view for p in section.pictures] == ["histogram"] * 2 + ["table"] + ["image_grid"] * 2


def test_undecidable_images_are_counted():
    class One:
        class launch:
            scene = Scene()

    share = findings.ceiling([One]).numbers["undecidable"]
    assert 0.2 < share < 0.4
