"""Units: maps, fields and patches of a convolutional net; bars of a dense one; what is missing."""

import json
import subprocess
import sys

import numpy as np
import pytest
from support.driving import open_page, settled, state, until

import lamella

EDGES = """place => {
    const boxes = [...document.querySelectorAll(place)].map(node => node.getBoundingClientRect());
    const [left, right] = [boxes.map(box => box.left), boxes.map(box => box.right)];
    return { left: Math.min(...left), right: Math.max(...right) };
}"""


def record_pictures(folder):
    """A run of an untrained LeNet-5 on coloured noise of 28 x 28 pixels with three classes."""
    import torch

    random, net = np.random.default_rng(0), lamella.models.lenet5((3, 28, 28), 3, seed=0)
    labels = np.arange(30) % 3
    images = random.random((30, 3, 28, 28), np.float32) + labels[:, None, None, None]
    probes = {
        "train": (images[:18], labels[:18], np.arange(18)),
        "test": (images[18:], labels[18:], np.arange(100, 112)),
    }
    path = folder / "pictures" / "seed-0"
    with lamella.record(
        path,
        net,
        probes,
        layers=["pool1", "pool2", "head"],
        moments=lamella.every(1),
        class_names=("x", "y", "z"),
        study={"study": "noise", "net": "lenet5"},
    ) as recorder:
        for _ in range(2):
            recorder.epoch()
            with torch.no_grad():
                net.conv1.weight += 0.1
    lamella.measure(path, ["neighbour_error"], jobs=1, progress=False)
    return path


@pytest.fixture(scope="module")
def gallery(runs, tmp_path_factory, chromium):
    """Where the pictures and the spheres are served together."""
    folder = tmp_path_factory.mktemp("pictures")
    record_pictures(folder)
    command = [
        sys.executable,
        "-m",
        "lamella",
        "view",
        str(folder),
        str(runs),
        "--no-token",
        "--json",
    ]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    text = ""
    while "}\n}" not in text and not text.rstrip().endswith("}}"):
        line = process.stdout.readline()
        assert line, f"lamella view ended: {text!r}"
        text += line
    yield json.loads(text)["url"]
    process.terminate()
    process.communicate(timeout=20)


@pytest.fixture
def pictures(page, gallery):
    open_page(page, gallery, "#a=lenet5&b=none&layer=pool1&epoch=1&right=units")
    until(page, "document.querySelectorAll('.panel.units .tile').length === 6")
    settled(page)
    return page


def test_maps_are_those_of_the_answer(pictures):
    shown, told = pictures.evaluate(
        """() => {
        const canvas = document.querySelector(".panel.units .tiles canvas");
        const paths = Object.values(lamella.panelOf("units").wants(lamella.state));
        const {pixels} = lamella.source.peek(paths.find(path => path.startsWith("maps")));
        const {data} = canvas.getContext("2d").getImageData(0, 0, 14, 14);
        const places = [...Array(196).keys()], ramp = lamella.mapRamp();
        return [places.map(i => [...data.subarray(4 * i, 4 * i + 3)]),
                places.map(i => ramp(pixels.data[i]))]; }"""
    )
    assert shown == told


def test_click_on_a_map_draws_its_field_on_the_sample(pictures):
    canvas = pictures.locator(".panel.units .tiles canvas").nth(2)
    box = canvas.bounding_box()
    pictures.mouse.click(box["x"] + 6.5 / 14 * box["width"], box["y"] + 4.5 / 14 * box["height"])
    pictures.wait_for_selector(".framed .field")
    assert state(pictures, "unit", "spot") == [2, "4.6"]
    field, frame = (
        pictures.locator(place).bounding_box() for place in (".framed .field", ".framed canvas")
    )
    pixel = frame["width"] / 28
    assert field["width"] == pytest.approx(6 * pixel, abs=1)
    assert field["x"] - frame["x"] == pytest.approx(10 * pixel, abs=1)
    assert field["y"] - frame["y"] == pytest.approx(6 * pixel, abs=1)


def test_a_chosen_channel_shows_what_excites_it(pictures):
    pictures.evaluate("lamella.set({unit: 1})")
    until(pictures, "document.querySelectorAll('.patch-row .tile').length > 0")
    sample = pictures.evaluate("lamella.state.sample")
    pictures.locator(".patch-row .tile").first.click()
    assert pictures.evaluate("lamella.state.sample") != sample
    assert pictures.evaluate("lamella.selection().size") == 1


@pytest.mark.parametrize("view", ["patches", "filters", "attribution"])
def test_every_view_shows_pictures_or_says_why_not(pictures, view):
    pictures.click(f".panel.units [data-value={view}]")
    until(
        pictures,
        "!!document.querySelector('.panel.units .body canvas, .panel.units .body .missing')",
    )
    settled(pictures)
    if view == "patches":
        until(pictures, "document.querySelectorAll('.patch-row').length === 6")


def test_difference_from_the_start_is_signed(pictures):
    pictures.get_by_text("− at start").click()
    until(pictures, "lamella.state.from_start")
    settled(pictures)
    assert pictures.locator(".panel.units .tile").count() == 6


def test_a_dense_layer_shows_its_units_as_bars(pictures):
    pictures.evaluate("lamella.set({layer: 'head'})")
    until(pictures, "document.querySelectorAll('.unit-bars .bar').length === 3")
    assert "3 of 3 units" in pictures.locator(".units-line").inner_text()
    right = pictures.evaluate(EDGES, ".unit-bars .bar")["right"]
    assert right <= pictures.evaluate(EDGES, ".unit-bars text")["left"]


def test_pictures_replace_dots_and_can_be_put_away(pictures):
    assert pictures.evaluate("lamella.clouds.a.style.tile") > 5
    pictures.get_by_role("button", name="pictures", exact=True).click()
    settled(pictures)
    assert pictures.evaluate("lamella.clouds.a.style.tile") == 0
    assert pictures.evaluate("lamella.state.pictures") is False


def test_two_runs_of_different_data_keep_their_own_points(page, gallery):
    open_page(page, gallery, "#a=lenet5&b=wide&epoch=1&split=both")
    until(page, "!!lamella.clouds.b?.key && !!lamella.clouds.a?.key")
    assert page.evaluate("[lamella.clouds.a.renderer.n, lamella.clouds.b.renderer.n]") == [30, 140]
    page.evaluate("lamella.select([3, 4])")
    settled(page)
    picked = "slot => [...lamella.clouds[slot].renderer.marks].filter(m => m & 2).length"
    assert page.evaluate(picked, "a") == 2
    assert page.evaluate(picked, "b") == 0
