"""The cube: measures, comparison, seeds, missing cells, the selection's bars, the keyboard."""

import pytest
from driving import click_cell, settled, state

import lamella


def drawn(page, slot, layer, epoch):
    """The value in a cell as the page has it."""
    return page.evaluate(
        "([s, l, e]) => lamella.drawnCube().grids[s].at(l, e)", [slot, layer, epoch]
    )


def stored(runs, net, seed, layer, epoch):
    run = lamella.open_run(runs / net / f"seed-{seed}")
    return run.record("neighbour_error", layer, epoch, "test").columns["error"][0]


def test_cells_show_what_was_measured(opened, runs):
    assert drawn(opened, "a", 1, 3) == pytest.approx(stored(runs, "bottleneck", 0, "fc1", 3))


def test_a_net_of_two_seeds_shows_their_mean_or_one(opened, runs):
    both = [stored(runs, "wide", seed, "act1", 3) for seed in (0, 1)]
    layer = opened.evaluate("lamella.netNamed('wide').layers.findIndex(l => l.name === 'act1')")
    assert drawn(opened, "b", layer, 3) == pytest.approx(sum(both) / 2, rel=1e-5)
    opened.keyboard.press("x")
    opened.select_option("#over", "seed")
    opened.select_option("#seed", "1")
    settled(opened)
    assert drawn(opened, "a", layer, 3) == pytest.approx(both[1], rel=1e-5)


def test_difference_is_b_minus_a(opened):
    a, b = drawn(opened, "a", 1, 2), drawn(opened, "b", 1, 2)
    opened.keyboard.press("d")
    settled(opened)
    assert drawn(opened, "d", 1, 2) == pytest.approx(b - a, abs=1e-4)
    assert opened.locator(".map").count() == 1


def test_measure_by_list_and_key_changes_map_and_card(opened):
    opened.select_option("#measure", "fisher_ratio")
    settled(opened)
    assert "neighbour" not in opened.locator(".card dd.what").inner_text()
    opened.keyboard.press("[")
    assert state(opened, "measure") != "fisher_ratio"


def test_card_compares_with_baselines_and_gives_the_source(opened):
    card = opened.locator("#panel-card").inner_text()
    assert "raw input" in card
    assert "untrained" in card
    assert "chance 50.0 %" in card
    assert "Cover" in card


def test_hover_says_value_and_seeds(opened):
    place = opened.evaluate("lamella.placeOfCell('b', 1, 2)")
    opened.mouse.move(place["x"], place["y"])
    tip = opened.locator("#tip").inner_text()
    assert "wide" in tip
    assert "epoch 2" in tip
    assert "seeds: " in tip


def test_missing_cells_say_why(opened):
    opened.evaluate(
        """() => { const cube = lamella.source.peek("cube/bottleneck/neighbour_error");
                   cube.values.data.fill(NaN);
                   cube.reasons = { "0/test/fc1/2": "<b>too few points</b>" };
                   lamella.announce("data", "results"); }"""
    )
    settled(opened)
    place = opened.evaluate("lamella.placeOfCell('a', 1, 2)")
    opened.mouse.move(place["x"], place["y"])
    assert "<b>too few points</b>" in opened.locator("#tip").inner_text()


def test_selected_samples_leave_a_bar_in_cells_whose_cloud_is_here(opened):
    opened.evaluate("lamella.source.get('cloud/bottleneck/0/pca2/fc1/3').then(() => null)")
    opened.evaluate("lamella.source.get('samples/bottleneck').then(() => null)")
    wrong = opened.evaluate(
        """() => { const { wrong } = lamella.source.peek("cloud/bottleneck/0/pca2/fc1/3");
                   const { split } = lamella.source.peek("samples/bottleneck") ?? {};
                   const all = [...wrong.data.keys()].filter(i => !split || split.data[i] === 1);
                   lamella.select(all);
                   return [all.filter(i => wrong.data[i]).length, all.length]; }"""
    )
    settled(opened)
    net = "lamella.netNamed('bottleneck')"
    share = opened.evaluate(f"lamella.shareOf({net}, 1, 3)")
    assert [share["wrong"], share["seen"]] == wrong


def test_cursor_cell_keeps_the_focus_while_arrows_move_it(opened):
    here = opened.locator(".map[data-slot=a] .here")
    here.focus()
    opened.keyboard.press("ArrowLeft")
    settled(opened)
    assert here.evaluate("node => node === document.activeElement")
    assert here.get_attribute("aria-colindex") == "4"
    assert "epoch 2" in opened.locator("#say").inner_text()


def test_a_layer_named_like_an_element_is_only_text(opened):
    assert opened.locator("#desk img").count() == 0
    assert opened.get_by_text("<img src=x>").count() > 0
    click_cell(opened, "a", 3, 1)
    assert state(opened, "layer") == "<img src=x>"


DEEP = """([layers, epochs]) => {
    const stage = at => `stage${at >> 4}`;
    const layer = (_, at) => ({
        name: at ? `${stage(at)}.conv${at}` : "input", type: "Conv2d", shape: [8],
        parameters: 1, group: at ? stage(at) : "",
    });
    const net = { ...lamella.netNamed("wide"), name: "deep", seeds: [0], data: "own" };
    net.layers = Array.from({ length: layers }, layer);
    net.epochs = Array.from({ length: epochs }, (_, at) => at);
    lamella.setIndex({ ...lamella.index, nets: [net] });
}"""


def test_hundred_layers_fold_into_groups_that_open(opened):
    opened.evaluate(DEEP, [100, 200])
    settled(opened)
    rows = opened.locator(".map .lab")
    assert rows.count() == 8  # the input and seven stages
    opened.locator(".lab.head").first.click()
    settled(opened)
    assert rows.count() == 23
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    opened.evaluate("lamella.select([])")
