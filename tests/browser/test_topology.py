"""The topology panel: diagrams of A and B on one scale, dimensions, vines, a bar's samples."""

import numpy as np
import pytest
from driving import state, until

import lamella

PANEL = "#panel-topology"


START = {
    "right": "topology",
    "a": "bottleneck",
    "b": "wide",
    "layer": "fc1",
    "epoch": 3,
    "split": "test",
    "shape": "barcode",
    "holes": "01",
}


@pytest.fixture
def topology(one_page):
    """The page with the barcodes of fc1 at the last epoch, test split."""
    one_page.evaluate(
        """start => {
          const { host } = lamella.panelOf("topology");
          host.replaceChildren();
          lamella.set(start);
          lamella.refresh("data");
        }""",
        START,
    )
    one_page.wait_for_selector(f"{PANEL} .plot-segment", state="attached")
    one_page.wait_for_selector(f"{PANEL} [data-vine]", state="attached")
    return one_page


def bars(runs, net, dimension, epoch=3, layer="fc1"):
    """Stored bars in mean distances, longest first."""
    run = lamella.open_run(runs / net / "seed-0")
    found = run.record("homology", layer, epoch, "test").normalised().bars(dimension)
    return found[np.argsort(found[:, 0] - found[:, 1], kind="stable")]


def drawn(page, slot, dimension):
    """Birth and death of the bars that are drawn, read from their pixels."""
    return page.evaluate(
        f"""([slot, dimension]) => {{
          const box = document.querySelector(`{PANEL} .shape-box[data-slot=${{slot}}]`);
          const {{ area, x }} = box.querySelector(".plot-box").lamellaPlot;
          const bars = `[data-dimension="${{dimension}}"] .plot-segment`;
          const paths = box.querySelectorAll(`${{bars}} path:not(.plot-reach, .plot-arrow)`);
          return [...paths].map(path => {{
            const [from, , to] = path.getAttribute("d").match(/[-\\d.]+/g).map(Number);
            return [from, to].map(at => x.value((at - area.left) / area.width));
          }});
        }}""",
        [slot, dimension],
    )


def test_bars_of_a_and_b_are_those_stored_on_one_scale(topology, runs):
    for slot, net in (("a", "bottleneck"), ("b", "wide")):
        stored, shown = bars(runs, net, 1), drawn(topology, slot, 1)
        assert len(shown) == min(36, len(stored))
        assert np.array(shown) == pytest.approx(stored[: len(shown)], abs=0.02)
    ends = topology.evaluate(
        f"[...document.querySelectorAll('{PANEL} [data-slot] .plot-box')]"
        ".map(box => box.lamellaPlot.x.high)"
    )
    assert len(ends) == 2
    assert ends[0] == ends[1]


def test_chips_choose_dimensions_and_one_always_stays(topology):
    topology.click(f"{PANEL} [data-hole='0']")
    assert state(topology, "holes") == "1"
    topology.wait_for_selector(f"{PANEL} .bars[data-dimension='0']", state="detached")
    topology.click(f"{PANEL} [data-hole='1']")
    assert state(topology, "holes") == "1"


@pytest.mark.parametrize(("form", "mark"), [("diagram", ".plot-dots"), ("betti", ".plot-line")])
def test_other_forms_draw_both_runs(topology, form, mark):
    topology.click(f"#topology-shape [data-value={form}]")
    for slot in "ab":
        drawn = f"{PANEL} [data-slot={slot}] {mark}[data-dimension]"
        until(topology, f"document.querySelectorAll('{drawn}').length === 2")


def test_vines_are_drawn_once_and_their_cursor_moves(topology):
    vines = f"document.querySelector('{PANEL} [data-vines] .plot-box')"
    topology.evaluate(f"{vines}.firstChild.dataset.same = 'yes'")
    topology.evaluate("lamella.set({ epoch: 2 })")
    until(topology, f"{vines}.lamellaPlot.cursorAt === 2")
    assert topology.evaluate(f"{vines}.firstChild.dataset.same") == "yes"


def test_a_vine_is_as_long_as_its_bar(topology, runs):
    longest = topology.evaluate(
        f"""() => {{
          const plot = document.querySelector('{PANEL} [data-vines] .plot-box').lamellaPlot;
          const lines = plot.marks.filter(mark => mark.data?.slot === "a" && mark.xs.includes(3));
          return Math.max(...lines.map(mark => mark.ys[mark.xs.indexOf(3)]));
        }}"""
    )
    lengths = np.diff(bars(runs, "bottleneck", 1)).ravel()
    assert longest == pytest.approx(lengths.max(), rel=1e-4)


def test_a_bar_without_a_stored_cycle_says_how_to_find_one(topology):
    bar = topology.locator(f"{PANEL} [data-slot=a] [data-dimension='1'] .plot-segment").first
    box = bar.bounding_box()
    topology.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert "representatives=true" in topology.inner_text(f"{PANEL} .topology-said")


def test_vertices_of_a_bar_are_places_in_the_cloud(topology):
    found = topology.evaluate(
        """() => {
          const record = { vertices: { offsets: { data: Uint32Array.of(0, 0, 2) },
                                       items: { data: Uint32Array.of(1, 0) } } };
          const samples = { probes: ["train", "test"], split: { data: Uint8Array.of(0, 1, 0, 1) } };
          const net = { samples: { train: 2, test: 2 } };
          const { placesOf, verticesOf } = lamella;
          const cycle = verticesOf(record, 1);
          return [cycle, placesOf(samples, net, "test", cycle, 2),
                  placesOf(samples, { samples: { train: 2, test: 9 } }, "test", cycle, 9)];
        }"""
    )
    assert found == [[1, 0], [3, 1], None]


def test_where_nothing_was_measured_the_panel_says_what_to_do(topology):
    topology.evaluate(
        """() => {
          const panel = lamella.panelOf("topology");
          panel.draw(panel.host, lamella.state, { a: { records: {} }, b: { records: {} } },
                     new Set(["data"]));
        }"""
    )
    assert "lamella measure RUN --measures homology" in topology.inner_text(f"{PANEL} .body")
    assert topology.locator(f"{PANEL} .shape-box").count() == 0
