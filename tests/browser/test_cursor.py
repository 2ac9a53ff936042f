"""One cursor: arrows, steppers, play, runs, seeds, and a click on any cell."""

from driving import click_cell, settled, state, until


def test_page_opens_on_the_last_epoch_of_two_nets(opened):
    assert state(opened, "a", "b", "epoch", "split") == ["bottleneck", "wide", 3, "test"]
    assert opened.locator("h1").inner_text() == "lamella"


def test_arrows_move_epoch_and_layer(opened):
    opened.keyboard.press("ArrowLeft")
    opened.keyboard.press("ArrowUp")
    assert state(opened, "layer", "epoch") == ["fc1", 2]
    opened.keyboard.press("Home")
    assert state(opened, "epoch") == 0
    opened.keyboard.press("ArrowLeft")
    assert state(opened, "epoch") == 0


def test_steppers_move_too_and_stop_at_the_ends(opened):
    assert opened.locator("#epoch-more").is_disabled()
    opened.click("#epoch-less")
    opened.click("#layer-less")
    assert state(opened, "layer", "epoch") == ["fc1", 2]
    assert opened.locator("#layer-name").inner_text().startswith("fc1")


def test_click_moves_the_cursor_and_the_frame(opened):
    click_cell(opened, "b", 2, 1)
    settled(opened)
    assert state(opened, "layer", "epoch") == ["act1", 1]
    told = opened.locator(".map[data-slot=b] .here").get_attribute("aria-label")
    assert told.startswith("wide, act1, epoch 1: ")


def test_play_walks_through_the_epochs_and_starts_again(opened):
    opened.keyboard.press("Space")
    assert state(opened, "epoch") == 0
    until(opened, "lamella.state.epoch === 1")
    opened.keyboard.press("Space")
    assert not opened.evaluate("lamella.isPlaying()")


def test_runs_are_swapped_chosen_and_left_alone(opened):
    opened.keyboard.press("x")
    assert state(opened, "a", "b") == ["wide", "bottleneck"]
    opened.select_option("#run-b", "none")
    settled(opened)
    assert state(opened, "b") is None
    assert opened.locator(".map").count() == 1
    assert opened.locator("#compare").count() == 0


def test_seed_is_chosen_where_there_are_several(opened):
    assert opened.locator("#seed").count() == 0
    opened.keyboard.press("x")
    opened.select_option("#seed", "1")
    assert state(opened, "seed") == 1


def test_split_by_key_and_button(opened):
    opened.keyboard.press("s")
    assert state(opened, "split") == "both"
    opened.click("#split [data-value=train]")
    assert state(opened, "split") == "train"


def test_arrows_belong_to_the_cursor_after_a_click_on_a_button(opened):
    opened.click("#split [data-value=train]")
    settled(opened)
    opened.keyboard.press("ArrowLeft")
    assert state(opened, "split", "epoch") == ["train", 2]


def test_help_lists_the_keys_and_escape_closes_it(opened):
    opened.keyboard.press("?")
    assert "through" not in opened.locator("#help h2").inner_text()
    assert opened.locator("#help dt").count() >= 11
    opened.keyboard.press("Escape")
    opened.wait_for_selector("#help", state="detached")


def test_a_step_with_data_present_is_quick(opened):
    opened.keyboard.press("ArrowLeft")
    opened.keyboard.press("ArrowRight")
    opened.wait_for_timeout(500)
    took = opened.evaluate(
        """async () => {
            const frame = () => new Promise(requestAnimationFrame);
            await frame();
            const start = performance.now();
            lamella.step("epoch", -1);
            await frame();
            await frame();
            return performance.now() - start;
        }"""
    )
    assert took < 400  # 100 ms on a quiet machine; a busy one must not fail the tests
