"""The topology study: its numbers on made-up nets, and one small run of it from end to end."""

import json
import sys
from itertools import combinations

import numpy as np
import pytest

from lamella.cli.output import plain
from lamella.errors import TrainingError, UnknownName
from lamella.measures.topology.hop_betti_numbers import hop_betti_numbers
from lamella.registry import datasets, studies
from lamella.studies.topology.claims import (
    Net,
    check_claims,
    halving_layer,
    is_trivial,
    late_share,
    permutation_p,
    rank_correlation,
)
from lamella.studies.topology.curves import depth_curve, total
from lamella.studies.topology.data import SOURCES, draw, many, quarter, scaled, sources
from lamella.studies.topology.nets import DEEP, Kind, kinds, make_net
from lamella.studies.topology.story import topology_story

room = sys.modules[draw.__module__.rpartition(".")[0]]
TITLES = {k.name: k.title for k in kinds(2)}


def make_numbers(components, holes):
    """Betti numbers of two classes: discs that merge, and a rest that loses its holes."""
    ones, zeros = np.ones_like(components), np.zeros_like(components)
    discs, rest = np.stack([components, zeros], 1), np.stack([ones, holes], 1)
    return np.stack([discs, rest], 1)


def make_net_record(kind, components, holes):
    layers = ("input", *(f"act{i}" for i in range(1, len(components) - 1)), "head")
    betti = make_numbers(np.array(components), np.array(holes))
    return Net(kind, layers, betti, betti[::-1], 40, 0.5)


FAST = ([9, 4, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1], [9, 5, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0])
SLOW = ([9, 9, 9, 9, 9, 8, 8, 5, 4, 2, 1, 1], [9, 9, 9, 9, 8, 7, 6, 5, 4, 3, 1, 0])
SHORT = ([9, 9, 8, 6, 1], [9, 9, 8, 5, 0])


@pytest.fixture
def nets():
    few = {
        "leaky_relu": [make_net_record("leaky_relu", *FAST) for _ in range(5)],
        "relu": [make_net_record("relu", *FAST) for _ in range(5)],
        "tanh": [make_net_record("tanh", *SLOW) for _ in range(5)],
        "leaky_relu_bottleneck": [make_net_record("leaky_relu_bottleneck", *SLOW)],
        "relu_bottleneck": [],
        "tanh_bottleneck": [],
        "relu_shallow": [make_net_record("relu_shallow", *SHORT) for _ in range(5)],
    }
    return few


def test_halving_is_where_the_sum_stays_at_half():
    assert halving_layer(np.array([20, 16, 12, 8, 2])) == 2.5
    assert halving_layer(np.array([20, 4, 18, 2])) == 2.5  # the dip at layer 1 does not last
    assert halving_layer(np.array([20, 19, 18])) == np.inf


def test_share_of_the_fall_in_the_second_half():
    assert late_share(np.array([10, 10, 10, 5, 0])) == 1.0
    assert late_share(np.array([10, 0, 0, 0])) == 0.0


def test_rank_correlation_of_a_steady_fall_is_minus_one():
    assert rank_correlation(np.array([9, 7, 4, 2])) == pytest.approx(-1)
    assert rank_correlation(np.array([3, 3, 3])) == 0.0


def test_permutation_p_agrees_with_trying_every_split():
    generator = np.random.default_rng(0)
    one, two = generator.normal(0, 1, 4), generator.normal(1, 1, 5)
    values = np.concatenate([one, two])
    gaps = []
    for chosen in combinations(range(9), 4):
        rest = [i for i in range(9) if i not in chosen]
        gaps.append(abs(values[list(chosen)].mean() - values[rest].mean()))
    wanted = np.mean(np.array(gaps) >= abs(one.mean() - two.mean()) - 1e-12)
    assert permutation_p(one, two) == pytest.approx(wanted)


def test_permutation_p_of_many_nets_draws_splits():
    one, two = np.arange(30.0), np.arange(30.0) + 40
    assert permutation_p(one, two) == pytest.approx(1 / 20_000)


def test_one_piece_without_holes_is_trivial():
    assert is_trivial(np.array([[1, 0], [1, 0]]))
    assert not is_trivial(np.array([[1, 0], [1, 1]]))
    assert not is_trivial(np.array([[2, 0], [1, 0]]))


def test_claims_of_nets_that_do_as_the_paper_says(nets):
    claims = {claim.name: claim for claim in check_claims(nets, TITLES)}
    assert [claim.holds for claim in claims.values()] == [True] * 4
    third = claims["ReLU halves the sum in earlier layers than tanh"]
    assert third.numbers["p"] == pytest.approx(2 / 252)
    # sums 19, 10, 5, ...: half of 19 is 9.5
    assert third.numbers["relu"][0] == pytest.approx(1 + (10 - 9.5) / (10 - 5))
    assert "holds: after 1.1 layers on average" in third.text


def test_claims_of_nets_that_do_not(nets):
    nets["relu"], nets["tanh"] = nets["tanh"], nets["relu"]
    stuck = ([9] * 12, [9] * 12)
    nets["leaky_relu"] = [make_net_record("leaky_relu", *stuck)] * 20
    claims = check_claims(nets, TITLES)
    assert [claim.holds for claim in claims[:3]] == [False, False, False]
    assert "fails: it holds only for 10 of 30 nets" in claims[0].text
    assert "fails" in claims[2].text


def test_a_difference_within_chance_is_not_a_claim_that_holds(nets):
    claims = check_claims({k: found[:1] for k, found in nets.items()}, TITLES)
    assert not claims[2].holds
    assert "is not shown" in claims[2].text
    assert "within chance: p = 1" in claims[2].text


def test_curves_show_the_numbers_of_the_nets(nets):
    curve = depth_curve({"relu": nets["relu"], "tanh": nets["tanh"]}, TITLES, total, "sum")
    assert curve.series == ("ReLU", "tanh")
    assert curve.x.tolist() == ["input", *map(str, range(1, 11)), "output"]
    np.testing.assert_array_equal(curve.y[0], nets["relu"][0].totals)


def test_the_story_says_which_claims_hold_and_how_it_was_done(nets):
    data = scaled(datasets["discs"](train_size=9900), 10)
    claims = check_claims(nets, TITLES)
    dropped = {**dict.fromkeys(nets, 0), "tanh": 2}
    story = topology_story(nets, TITLES, claims, data, SOURCES["discs"], 2487, dropped, 60.0)
    assert story.verdict.text == "4 of the 4 claims of the paper hold here."
    text = " ".join(s.text for section in story.sections for s in section.sentences)
    assert (
        "measured Betti numbers are discs (9, 0); rest (1, 9); the true ones are discs (9, 0)"
        in text
    )
    assert "left out were tanh 2." in text
    assert "untrained nets, which err on 50% of the points" in text
    views = [picture.view for section in story.sections for picture in section.pictures]
    assert views == ["lines"] * 5 + ["table"]


def test_wrong_numbers_at_the_input_are_said_aloud(nets):
    data = datasets["discs"](train_size=9900)
    for net in nets["leaky_relu"]:
        net.betti[0, 0, 0] = 7
    story = topology_story(
        nets, TITLES, check_claims(nets, TITLES), data, SOURCES["discs"], 2487, {}, 60.0
    )
    text = " ".join(s.text for section in story.sections for s in section.sentences)
    assert "They DIFFER" in text


def test_the_quarter_is_every_second_row_and_column():
    data = datasets["discs"](train_size=9900)
    points = data.train.inputs[quarter(data)]
    steps = np.diff(np.unique(points[:, 0].round(3)))
    np.testing.assert_allclose(steps, 2 * 0.19, atol=2e-3)
    assert len(points) == pytest.approx(len(data.train) / 4, rel=0.02)


@pytest.mark.parametrize("name", ["linked_rings", "shells"])
def test_few_points_that_lie_evenly_have_the_true_betti_numbers(name):
    source = SOURCES[name]
    data, probe = draw(source, seed=0)
    assert len(data.train) == source.points
    assert len(probe.labels) == source.measured
    assert 0.9 < np.abs(data.train.inputs).max() < 1.2
    found = hop_betti_numbers(probe.inputs, probe.labels, neighbours=source.neighbours).columns
    for c in (0, 1):
        measured = found["betti0"][c], found["betti1"][c]
        assert measured == data.betti[c][:2]


def test_which_data_is_asked_for():
    assert [s.name for s in sources(None, False, None, None)] == ["discs"]
    assert [s.name for s in sources(None, True, None, None)] == [*SOURCES]
    (one,) = sources("shells", True, 9, 2.0)
    assert (one.name, one.neighbours, one.scale) == ("shells", 9, 2.0)
    with pytest.raises(UnknownName, match="Nearest: shells"):
        studies["topology"](data="shell", progress=False)


def test_pictures_are_of_the_numbers_that_are_not_trivial():
    found = {name: many(datasets[name](train_size=90, test_size=90)) for name in SOURCES}
    assert found["discs"] == [(0, 0), (1, 1)]
    assert found["linked_rings"] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert found["shells"] == [(0, 0), (1, 0)]


def test_nets_are_those_of_the_paper():
    found = {kind.name: kind for kind in kinds(5)}
    assert found["tanh"].widths == DEEP == (15,) * 10
    assert min(found["relu_bottleneck"].widths) == 3
    data = datasets["discs"](train_size=900)
    weights = [p.detach().numpy() for n, p in make_net(found["relu"], data, 0).named_parameters()]
    assert weights[2].shape == (15, 15)
    assert weights[2].std() == pytest.approx(np.sqrt(2 / 15), rel=0.15)  # He et al. 2015
    assert not weights[3].any()
    tanh = [next(k for k in kinds(1, data) if k.name == "tanh") for data in ("discs", "shells")]
    plain, wide = (make_net(kind, data, 0).get_parameter("fc2.weight") for kind in tanh)
    np.testing.assert_allclose(wide.detach(), plain.detach() * 5 / 3, rtol=1e-6)


def test_the_study_from_end_to_end(tmp_path, monkeypatch):
    small = Kind("relu", "ReLU", "relu", (15,) * 3, 1, 80, 5e-3, 128)
    monkeypatch.setattr(room, "kinds", lambda seeds, data: (small,))
    found = studies["topology"](out=tmp_path, jobs=1, progress=False)
    assert found["study"] == "topology"
    assert found["input_betti"] == {"discs": [9, 0], "rest": [1, 9]}
    assert found["nets"]["relu"]["fitted"] == 1
    assert len(found["nets"]["relu"]["betti"][0]) == 5
    assert found["expected_seconds"] > 0
    assert [claim["name"] for claim in found["claims"]][1].startswith("the sum of Betti numbers")
    json.dumps(plain(found), allow_nan=False)
    report = (tmp_path / "report.html").read_text()
    assert "Claim 1" in report
    unfit = Kind("relu", "ReLU", "relu", (2,), 1, 1, 5e-3, 128)
    monkeypatch.setattr(room, "kinds", lambda seeds, data: (unfit,))
    with pytest.raises(TrainingError, match="got none of 4"):
        studies["topology"](out=tmp_path / "unfit", jobs=1, progress=False)
    monkeypatch.setattr(room, "kinds", lambda seeds, data: (small,))
    again = studies["topology"](out=tmp_path, jobs=1, resume=True, progress=False)
    assert again["nets"] == found["nets"]


def test_all_data_sets_go_on_when_one_has_no_net_that_fits(tmp_path, monkeypatch):
    pair = scaled(datasets["linked_rings"](units=1, train_size=200, test_size=50), 5)
    small = Kind("relu", "ReLU", "relu", (15,) * 3, 1, 150, 1e-2, 64)
    unfit = Kind("relu", "ReLU", "relu", (2,), 1, 1, 5e-3, 128)
    monkeypatch.setattr(room, "draw", lambda source, seed: (pair, pair.train))
    monkeypatch.setattr(
        room, "kinds", lambda seeds, data: (small if data == "linked_rings" else unfit,)
    )
    found = studies["topology"](out=tmp_path, full=True, jobs=1, progress=False)
    assert list(found["data"]) == ["discs", "linked_rings", "shells"]
    assert "got none of 4" in found["data"]["shells"]["problem"]
    rings = found["data"]["linked_rings"]
    assert (found["report"], found["nets"]) == (rings["report"], rings["nets"])
    assert rings["nets"]["relu"]["fitted"] == 1
    report = (tmp_path / "linked_rings" / "report.html").read_text()
    assert "nine pairs of linked rings" in report
    assert "each the farthest from those before it" in report
    monkeypatch.setattr(room, "kinds", lambda seeds, data: (unfit,))
    with pytest.raises(TrainingError, match="got none of 4"):
        studies["topology"](out=tmp_path / "none", full=True, jobs=1, progress=False)
