"""The panels Training, Classes, Network and Measured draw what was given and lead to the cursor."""

import pytest
from driving import open_page, settled, state, until
from small_runs import ODD

LINES = """
() => [...document.querySelectorAll(".training .plot-box")].map(({ lamellaPlot: plot }) =>
  plot.marks.filter(mark => mark.run && mark.data).map(({ data, xs, ys }) =>
    ({ slot: data.slot, split: data.split, xs: [...xs], ys: [...ys], seen: plot.cursorAt })))
"""
ANSWER = "path => lamella.source.get(path)"


def ready(page, panel):
    """Wait until a panel has drawn something."""
    until(page, f"document.querySelector('#panel-{panel} .body')?.children.length > 0")
    settled(page)


@pytest.fixture
def training(page, address):
    """The page with Training at its left."""
    opened = open_page(page, address, "#left=training")
    ready(opened, "training")
    return opened


def accuracies(page, net):
    """Mean test accuracy over seeds by epoch, from the answer itself."""
    return page.evaluate(
        """async (path) => {
          const { names, values: { data, shape }, epochs } = await lamella.source.get(path);
          const at = names.indexOf("test_accuracy");
          return [...epochs.data].map((_, e) => [...Array(shape[0]).keys()]
            .map(s => data[(s * shape[1] + at) * shape[2] + e]).filter(Number.isFinite))
            .map(v => v.length ? v.reduce((a, b) => a + b) / v.length : null);
        }""",
        f"training/{net}",
    )


def test_error_is_one_less_the_mean_accuracy_of_the_seeds(training):
    errors = training.evaluate(LINES)[0]
    tested = {line["slot"]: line for line in errors if line["split"] == "test"}
    for slot in ("a", "b"):
        wanted = accuracies(training, state(training, slot))
        found = [y for y, w in zip(tested[slot]["ys"], wanted, strict=True) if w is not None]
        known = [100 * (1 - w) for w in wanted if w is not None]
        assert found == pytest.approx(known, abs=1e-3)


def test_cursor_stands_in_every_plot_and_moves_without_a_drawing(training):
    assert {line["seen"] for plot in training.evaluate(LINES) for line in plot} == {3}
    training.evaluate("() => { document.querySelector('.training svg').marked = true }")
    training.keyboard.press("ArrowLeft")
    settled(training)
    assert {line["seen"] for plot in training.evaluate(LINES) for line in plot} == {2}
    assert training.evaluate("document.querySelector('.training svg').marked") is True


def test_recorded_epochs_that_double_stand_side_by_side(training):
    """Of 0, 1, 2, 4, 8: 4 stands at 3/4 of the axis, 6 between 4 and 8; a place leads back."""
    places = training.evaluate("""() => {
      const scale = lamella.scale({ domain: [0, 8], stops: [0, 1, 2, 4, 8] });
      const values = [0, .25, .75, .875, 1].map(scale.value);
      return [[0, 1, 4, 6, 8].map(scale.at), values, scale.ticks(3)];
    }""")
    assert places == [[0, 0.25, 0.75, 0.875, 1], [0, 1, 4, 6, 8], [0, 2, 8]]


def test_click_moves_the_epoch(training):
    box = training.locator(".training .plot-box svg").first.bounding_box()
    area = training.evaluate("document.querySelector('.training .plot-box').lamellaPlot.area")
    training.mouse.click(box["x"] + area["left"] + area["width"] / 3, box["y"] + 60)
    settled(training)
    assert state(training, "epoch") == 1


def test_updates_have_a_line_for_each_parameter(page, address):
    opened = open_page(page, address, "#left=training&training=updates")
    ready(opened, "training")
    wanted = opened.evaluate(
        f"async () => (await ({ANSWER})('training/wide')).health.parameters.length"
    )
    drawn = "document.querySelectorAll('.training .plots .cellbox')[1]"
    assert opened.evaluate(f"{drawn}.querySelectorAll('.plot-line').length") == wanted


def test_selected_samples_are_followed_by_their_mean(page, address):
    opened = open_page(page, address, "#left=training&training=selected")
    ready(opened, "training")
    opened.evaluate("() => lamella.select([0, 5])")
    until(opened, "document.querySelectorAll('.training [data-what=mean]').length === 2")
    wanted = opened.evaluate(
        """async () => {
          const net = lamella.state.a, all = [];
          for (const epoch of lamella.netNamed(net).epochs) {
            const path = lamella.answerPath("predictions", net, 0, epoch);
            const { p_true } = await lamella.source.get(path);
            all.push((p_true.data[0] + p_true.data[5]) / 2 / 255);
          }
          return all;
        }"""
    )
    drawn = opened.evaluate(
        """() => [...document.querySelector(".training .plot-box").lamellaPlot.marks
             .find(mark => mark.data?.what === "mean").ys]"""
    )
    assert drawn == pytest.approx(wanted, abs=1e-6)


def test_confusion_counts_every_sample_and_a_cell_selects_its_own(page, address):
    opened = open_page(page, address, "#left=classes")
    until(opened, "document.querySelector('.classes .figure-cells')")
    net = state(opened, "a")
    counts = opened.evaluate(
        "async path => [...(await lamella.source.get(path)).confusion.test.data]",
        f"predictions/{net}/0/3",
    )
    cells = opened.locator(".classes section[data-slot=a] .figure-number")
    assert cells.all_text_contents() == [str(count) for count in counts]
    box = cells.first.bounding_box()
    opened.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    settled(opened)
    chosen = opened.evaluate("lamella.selection().size")
    assert chosen == counts[0]


def test_network_leads_to_its_layers(page, address):
    opened = open_page(page, address, "#left=network&a=wide")
    until(opened, "document.querySelector('.network tbody tr')")
    opened.locator(".network section[data-slot=a] tbody th button").first.click()
    settled(opened)
    assert opened.locator(".network section[data-slot=a] tr.here th").inner_text() == state(
        opened, "layer"
    )


def test_arithmetic_opens_under_the_policy_of_the_page(page, address):
    opened = open_page(page, address, "#left=network&network=convolution&lang=ru")
    until(opened, "document.querySelector('.network .arithmetic svg')")
    assert "ядро" in opened.locator(".network .arithmetic form").inner_text()
    width = "getComputedStyle(document.querySelector('.arithmetic input[type=number]')).width"
    assert opened.evaluate(width) == "62px"


def test_measured_draws_every_record_of_the_cell(page, address):
    opened = open_page(page, address, "#right=measured")
    until(opened, "document.querySelector('.measured-one .pane')?.children.length > 0")
    wanted = opened.evaluate(
        """async () => {
          const net = lamella.shown()[0][1], { layer, epoch, split } = lamella.state;
          return Object.keys((await lamella.source.get(
            lamella.answerPath("cell", net.name, 0, layer, epoch, split))).figures);
        }"""
    )
    drawn = opened.evaluate(
        "[...document.querySelectorAll('.measured-one')].map(part => part.dataset.measure)"
    )
    assert set(wanted) <= set(drawn)
    assert "homology" in drawn
    opened.evaluate("odd => lamella.set({ a: 'bottleneck', layer: odd, left: 'classes' })", ODD)
    until(opened, f"document.querySelector('.measured > .body').innerText.includes('{ODD}')")
    assert opened.locator(".panel img").count() == 0
