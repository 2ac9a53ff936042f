"""The report: the page with its answers inside, within its budget, whole or not at all."""

import base64
import json
import re
import zlib
from hashlib import sha256

import numpy as np
import pytest
from support.some_runs import HOSTILE, measured, write_run

from lamella.errors import BudgetError, RunError, UnknownName
from lamella.page import pack
from lamella.page.page_files import LISTED
from lamella.page.reply import path_of
from lamella.page.report import write_report
from lamella.results import Curve, Embedding, Table
from lamella.story import Cell, Picture, Section, Sentence, Story


def story_of(*pictures, **facts):
    section = Section(
        "Where", (Sentence("At fc2.", {"error": 0.012}, Cell("net", "fc1")),), pictures
    )
    return Story("Two nets", Sentence("B loses the classes.", {"z": 7.0}), (section,), facts)


def some_curve(points=3, series=1):
    rng = np.random.default_rng(0)
    names = tuple(f"s{k}" for k in range(series))
    return Curve(np.arange(points), rng.random((series, points)), names)


def block(page, name):
    return re.search(rf'<script type="[\w/]+" id="{name}">(.*?)</script>', page, re.S).group(1)


def answers(path):
    """Every answer inside a report by its path."""
    page = path.read_text(encoding="utf-8")
    start = json.loads(block(page, "lamella-start"))
    data = zlib.decompress(base64.b64decode(block(page, "lamella-bundle")))
    assert start["mode"] == "file"
    return {p: pack.read(data[at : at + n]) for p, (at, n) in start["places"].items()}


@pytest.fixture(scope="module")
def nets(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    layers = ("fc1", HOSTILE, "head")
    return {
        net: [
            measured(write_run(folder / net / f"seed-{s}", layers=layers, samples=(60, 40), seed=s))
            for s in (0, 1)
        ]
        for net in ("net", "other")
    }


@pytest.fixture(scope="module")
def full(nets, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "new" / "r.html"
    return write_report(story_of(Picture("lines", some_curve())), path, nets=nets)


def test_every_answer_of_small_runs_is_inside(full):
    found = answers(full)
    for net in ("net", "other"):
        for seed in (0, 1):
            for layer in ("fc1", HOSTILE, "head"):
                for epoch in (0, 1, 4):
                    for method in ("pca2", "pca3"):
                        path = path_of("cloud", net, seed, method, layer, epoch)
                        assert len(found[path]["points"]) == 100
                    path = path_of("cell", net, seed, layer, epoch, "both")
                    assert "homology" in found[path]["records"]
            assert path_of("predictions", net, seed, 4) in found
        assert path_of("cube", net, "neighbour_error") in found
        assert path_of("vines", net, 0, "fc1", "test", 1) in found
    assert found["index"]["budget_mb"] == 20
    assert any("t-SNE" in text for text in found["index"]["left_out"])
    assert found["index"]["nets"][0]["methods"] == ["pca"]
    (panel,) = found["story"]["sections"][0]["pictures"][0]["figure"]["panels"]
    assert [mark["kind"] for mark in panel["marks"]] == ["line"]


def test_the_policy_allows_exactly_the_scripts_and_styles_inside(full):
    page = full.read_text(encoding="utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page).group(1)
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for kind in ("script", "style"):
        texts = re.findall(rf"<{kind}>(.*?)</{kind}>", page, re.S)
        hashed = [base64.b64encode(sha256(t.encode()).digest()).decode() for t in texts]
        allowed = re.search(rf"{kind}-src ([^;]*)", policy).group(1)
        assert allowed.split() == [f"'sha256-{each}'" for each in hashed]
        assert len(texts) == 1


def test_asks_for_nothing_from_outside(full):
    page = full.read_text(encoding="utf-8")
    outside = re.sub(r"(?s)<script.*?</script>|<style>.*?</style>", "", page)
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:)""", outside)
    assert not any(tag in page for tag in LISTED.values())
    assert "url(http" not in page


def test_hostile_names_stay_text(full):
    assert "<script>window.hacked" not in full.read_text(encoding="utf-8")


def test_a_story_alone_gives_a_page_with_its_words(tmp_path):
    path = write_report(
        story_of(Picture("lines", some_curve(), "Caption."), seed=3), tmp_path / "r.html"
    )
    page = path.read_text(encoding="utf-8")
    assert page.index("B loses the classes.") < page.index("At fc2.") < page.index("Caption.")
    found = answers(path)
    assert set(found) == {"index", "story"}
    assert found["index"]["nets"] == []
    assert found["story"]["facts"] == [["seed", "3"]]


def test_less_room_means_less_inside_and_a_word_about_it(nets, tmp_path):
    whole = write_report(story_of(), tmp_path / "a.html", nets=nets)
    alone = write_report(story_of(), tmp_path / "c.html").stat().st_size
    limit = (alone + whole.stat().st_size) / 2e6
    part = write_report(story_of(), tmp_path / "b.html", nets=nets, max_mb=limit)
    assert part.stat().st_size <= limit * 1e6
    few, many = answers(part), answers(whole)
    assert set(few) < set(many)
    assert len(few["index"]["left_out"]) > len(many["index"]["left_out"])
    assert path_of("cube", "net", "neighbour_error") in few


def test_the_largest_pictures_go_where_they_do_not_fit(tmp_path):
    small = Picture("lines", some_curve(), "Small.")
    large = Picture("lines", some_curve(100_000, 4), "Large.")
    alone = write_report(story_of(small), tmp_path / "a.html").stat().st_size
    path = write_report(story_of(large, small), tmp_path / "b.html", max_mb=(alone + 50_000) / 1e6)
    first, second = answers(path)["story"]["sections"][0]["pictures"]
    assert "left out" in first["missing"]
    assert len(second["figure"]["panels"]) == 1


def test_an_impossible_budget_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(BudgetError, match=r"max_mb of at least \d+\.\d, got 0.001"):
        write_report(story_of(), tmp_path / "r.html", max_mb=0.001)
    assert not list(tmp_path.iterdir())


def test_unknown_views_and_unwritable_paths_are_named(tmp_path):
    with pytest.raises(UnknownName, match="Nearest: barcode"):
        write_report(story_of(Picture("barcod", some_curve())), tmp_path / "r.html")
    (tmp_path / "file").write_text("")
    with pytest.raises(RunError, match="wants a file it can write"):
        write_report(story_of(), tmp_path / "file" / "r.html")


def test_clouds_of_a_thousand_points_take_little(tmp_path):
    cloud = Embedding(np.random.default_rng(0).normal(size=(1000, 2)), np.arange(1000) % 2)
    few, many = (
        write_report(story_of(*[Picture("cloud", cloud)] * count), tmp_path / "r.html").stat()
        for count in (1, 11)
    )
    assert (many.st_size - few.st_size) / 10 < 25_000


def test_runs_may_be_given_as_folders_and_a_language_set(nets, tmp_path):
    given = {"net": [nets["net"][0].path]}
    path = write_report(None, tmp_path / "r.html", nets=given, language="ru", points=20)
    assert json.loads(block(path.read_text(), "lamella-start"))["language"] == "ru"
    assert len(answers(path)["samples/net"]["ids"]) == 20


def test_tables_of_samples_stay_out_of_cells(tmp_path):
    from lamella import store

    run = measured(write_run(tmp_path / "run"))
    many = Table({"sample": np.arange(8), "wrong": np.linspace(0, 1, 8)})
    store.write_result(run.path, "wrong_neighbours", "fc1", 4, "test", many)
    path = write_report(None, tmp_path / "r.html", nets={"net": [run]})
    assert set(answers(path)["cell/net/0/fc1/4/test"]["figures"]) == {"homology"}
