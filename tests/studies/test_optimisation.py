"""The optimisation study, small."""

import pytest
import torch

import lamella
from lamella.errors import RunError, UnknownName
from lamella.studies.optimisation import RATES, make_optimiser

OPTIONS = {
    "optimisers": "sgd,adam",
    "pieces": "plain,early stop",
    "epochs": 3,
    "probe": 60,
    "progress": False,
}


def test_a_short_study_records_and_measures_every_pair(tmp_path):
    result = lamella.studies.optimisation(out=tmp_path, **OPTIONS)
    assert list(result["nets"]) == [
        "sgd, plain",
        "sgd, early stop",
        "adam, plain",
        "adam, early stop",
    ]
    for facts in result["nets"].values():
        assert facts["test_accuracy"] > 0.3
        assert 0 <= facts["neighbour_error"] <= 100
        assert facts["twonn"] > 1
    run = lamella.open_run(tmp_path / "adam-plain" / "seed-0")
    assert run.info["study"]["optimiser"] == "adam"
    assert "Optimisers" in (tmp_path / "report.html").read_text()
    with pytest.raises(RunError, match="verwrit"):
        lamella.studies.optimisation(out=tmp_path, **OPTIONS)


def test_the_three_kinds_of_sgd_differ_in_momentum():
    parameter = [torch.nn.Parameter(torch.zeros(1))]
    made = {n: make_optimiser(n)(parameter, lr=0.1) for n in ("sgd", "momentum", "nesterov")}
    facts = {n: (o.defaults["momentum"], o.defaults["nesterov"]) for n, o in made.items()}
    assert facts == {"sgd": (0, False), "momentum": (0.9, False), "nesterov": (0.9, True)}
    assert [make_optimiser(n) for n in list(RATES)[3:]] == list(RATES)[3:]


def test_unknown_names_are_refused(tmp_path):
    with pytest.raises(UnknownName, match="adam"):
        lamella.studies.optimisation(out=tmp_path, optimisers="adm")
    with pytest.raises(UnknownName, match="dropout"):
        lamella.studies.optimisation(out=tmp_path, pieces="dropot")
