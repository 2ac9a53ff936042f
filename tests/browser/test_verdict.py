"""The verdict's number is the cube's: the page opens at the split that the verdict is about."""

import pytest
from support.driving import open_page, settled, state

from lamella.narrative.general_story import verdict_of_runs
from lamella.page.report import write_report
from lamella.story import Cell, Sentence, Story


def written(folder, runs, verdict):
    nets = {n: sorted((runs / n).iterdir()) for n in ("bottleneck", "wide")}
    return write_report(Story("Nets", verdict), folder / "v.html", nets=nets).as_uri()


@pytest.fixture
def of_train(runs, tmp_path):
    """A report whose verdict is about the training samples."""
    cell = Cell("wide", "fc1", 2, "train", "neighbour_error")
    return written(tmp_path, runs, Sentence("At fc1 the classes part.", {}, cell))


def test_the_page_opens_at_the_split_of_the_verdict(page, of_train):
    open_page(page, of_train)
    assert state(page, "split") == "train"
    page.click("#split [data-value=test]")
    settled(page)
    assert state(page, "split") == "test"


def test_a_split_in_the_address_comes_first(page, of_train):
    open_page(page, of_train, "#split=both")
    assert state(page, "split") == "both"


SHARES = """() => lamella.drawnCube().nets.map(([slot, net]) => {
    const layer = net.layers.findIndex(one => one.name === lamella.state.layer);
    return lamella.drawnCube().grids[slot].at(layer, net.epochs.length - 1).toFixed(1);
})"""


def test_verdict_and_cube_say_the_same_number(page, runs, tmp_path):
    from lamella.subject.subject import gather

    verdict = verdict_of_runs(gather([runs])).verdict
    open_page(page, written(tmp_path, runs, verdict))
    page.evaluate("layer => lamella.set({ layer })", verdict.cell.layer)
    settled(page)
    for share in page.evaluate(SHARES):
        assert f"{share} %" in verdict.text
