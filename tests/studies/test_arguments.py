"""Counts that no study can work with are refused before anything is trained."""

import pytest

from lamella.errors import InputError
from lamella.registry import studies

WRONG = [
    ("spheres", {"seeds": 0}, "study spheres wants seeds of at least 1, got 0"),
    ("spheres", {"epochs": 0}, "wants epochs of at least 1, got 0"),
    ("spheres", {"train_size": 3}, "wants train_size of at least 20, got 3"),
    ("spheres", {"probe": 5}, "wants probe of at least 20, got 5"),
    ("spheres", {"jobs": 0}, "wants jobs of at least 1, got 0"),
    ("spheres", {"homology_dimension": 3}, r"homology_dimension in \[0, 2\], got 3"),
    ("activations", {"seeds": 0}, "study activations wants seeds of at least 1, got 0"),
    ("activations", {"epochs": 0}, "wants epochs of at least 1, got 0"),
    ("initialisation", {"depth": 1}, "study initialisation wants depth of at least 2, got 1"),
    ("initialisation", {"samples": 2}, "wants samples of at least 20, got 2"),
    ("optimisation", {"epochs": 0}, "study optimisation wants epochs of at least 1, got 0"),
    ("optimisation", {"probe": 1}, "wants probe of at least 20, got 1"),
    ("topology", {"seeds": 0}, "study topology wants seeds of at least 1, got 0"),
]


@pytest.mark.parametrize(("name", "arguments", "words"), WRONG)
def test_counts_are_refused_before_anything_is_trained(tmp_path, name, arguments, words):
    with pytest.raises(InputError, match=words):
        studies[name](out=tmp_path / "out", progress=False, **arguments)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("wrong", [{"seeds": 0}, {"epochs": 0}, {"probe": 3}])
def test_studies_of_images_refuse_them_too(tmp_path, wrong):
    from lamella.experiments.images.study import study_images
    from lamella.experiments.recorded_training import ExistingRuns
    from lamella.registry import datasets

    data = datasets["digits"](train_size=40, test_size=40)
    counts = {"epochs": 1, "seeds": 1, "probe": 20, **wrong}
    options = {"methods": (), "embedded": (), "jobs": 1, "kept": ExistingRuns(), "progress": False}
    with pytest.raises(InputError, match=f"wants {next(iter(wrong))} of at least"):
        study_images("mnist", data, {}, out=tmp_path, seed=0, **counts, **options)
