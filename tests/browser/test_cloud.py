"""The cloud: points where the answer puts them, the glide, colours, hover, lasso, search, menu."""

import numpy as np
import pytest
from driving import open_page, settled, state, until

GOALS = """slot => { const {n, goal, rank} = lamella.clouds[slot].renderer;
    return Array.from({length: n}, (_, i) => [goal[3 * rank[i]], goal[3 * rank[i] + 1]]); }"""
MARKS = """slot => { const {n, marks, rank} = lamella.clouds[slot].renderer;
    return Array.from({length: n}, (_, i) => marks[rank[i]]); }"""
SPOTS = """slot => { const slide = lamella.clouds[slot];
    return Array.from({length: slide.renderer.n}, (_, i) => slide.where(i)); }"""
INKED = """() => { const {renderer, canvas} = lamella.clouds.a, {gl} = renderer;
    const {width, height} = canvas;
    const out = new Uint8Array(4 * width * height);
    renderer.draw();
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, out);
    return out.filter((value, i) => i % 4 === 3 && value).length; }"""
PIXEL = """sample => { const {renderer, canvas, style, where} = lamella.clouds.a, {gl} = renderer;
    const [x, y] = where(sample), out = new Uint8Array(4);
    renderer.draw();
    gl.readPixels(Math.round(x * style.ratio), Math.round(canvas.height - y * style.ratio), 1, 1,
                  gl.RGBA, gl.UNSIGNED_BYTE, out);
    return [[...out], lamella.cloudFacts("a").samples.label.data[sample]]; }"""
ERRORS = """() => { const facts = lamella.cloudFacts("a"), {samples, predictions} = facts;
    const bad = lamella.rgb(lamella.colours().bad).join(), all = [...samples.ids.data.keys()];
    const {rgba} = lamella.paintCloud(lamella.colourWay("error"), facts);
    return [all.filter(i => samples.label.data[i] !== predictions.predicted.data[i]),
            all.filter(i => [...rgba.subarray(4 * i, 4 * i + 3)].join() === bad)]; }"""
FRAMES = """() => new Promise(done => { const seen = [];
    const look = () => { seen.push(lamella.clouds.a.renderer.progress());
        seen.length < 20 ? requestAnimationFrame(look) : done(seen); };
    look(); })"""
CROWD = """() => { const n = 50000, xyz = new Float32Array(3 * n); let seed = 7;
    const random = () => (seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0) / 2 ** 32;
    for (let i = 0; i < 3 * n; i++) xyz[i] = 2 * random() - 1;
    const project = (x, y, z, out) => { out[0] = 300 * (x + 1); out[1] = 200 * (y + 1); };
    const grid = lamella.screenGrid(xyz, n, k => k % 3 === 0, project, 600, 400);
    const found = [], slow = [];
    for (let t = 0; t < 40; t++) {
        const px = 600 * random(), py = 400 * random();
        let best = -1, least = 100;
        for (let k = 0; k < n; k++) if (k % 3) {
            const far = (grid.x[k] - px) ** 2 + (grid.y[k] - py) ** 2;
            if (far < least) { least = far; best = k; }
        }
        slow.push(best);
        found.push(grid.nearest(px, py, 10));
    }
    return [found, slow]; }"""


def answer(page, path):
    """Points of a cloud's answer: samples x dimensions, in its own integer unit."""
    assert page.evaluate("async path => (await lamella.source.get(path)).missing ?? ''", path) == ""
    look = "path => (({shape, data}) => [shape, [...data]])(lamella.source.peek(path).points)"
    shape, data = page.evaluate(look, path)
    return np.array(data, float).reshape(shape)


def path_of(page, slot="a"):
    return page.evaluate(
        "slot => lamella.cloudWish(lamella.shown().find(([s]) => s === slot)[1])", slot
    )


def centre(page, slot="a"):
    """The middle of the shown points, which stands in the middle of the slide."""
    return np.array(page.evaluate("slot => lamella.clouds[slot].centre", slot))[:2]


def at_rest(page):
    """Wait until the points have arrived and everything asked for is drawn."""
    rest = "Object.values(lamella.clouds).every(s => s.key && s.renderer.progress() === 1)"
    until(page, f"!!lamella.clouds.a && {rest}")
    settled(page)


def splits(page, net):
    return np.array(
        page.evaluate("net => [...lamella.source.peek(`samples/${net}`).split.data]", net)
    )


def where(page, sample, slot="a"):
    """A sample on the screen."""
    box = page.locator(f".slide[data-slot={slot}] .glass").bounding_box()
    x, y = page.evaluate("([slot, i]) => lamella.clouds[slot].where(i)", [slot, sample])
    return box["x"] + x, box["y"] + y


def selection(page):
    return sorted(page.evaluate("[...lamella.selection()]"))


def lonely(page, slot="a"):
    """A shown sample that no other one lies near to on the screen, inside the slide."""
    spots = np.array(page.evaluate(SPOTS, slot))
    shown = np.flatnonzero(splits(page, state(page, slot)) == 1)
    far = np.linalg.norm(spots[shown][:, None] - spots[shown][None], axis=2)
    np.fill_diagonal(far, np.inf)
    return int(shown[far.min(axis=1).argmax()])


@pytest.fixture
def rested(opened):
    at_rest(opened)
    return opened


@pytest.mark.parametrize("slot", ["a", "b"])
def test_points_stand_where_the_answer_puts_them(rested, slot):
    points = answer(rested, path_of(rested, slot)) * 4 / 32767 - centre(rested, slot)
    view = rested.evaluate("slot => lamella.clouds[slot].style.view", slot)
    width, height, fit = view["width"], view["height"], view["fit"]
    side = view["side"]  # of a mark, which stays between the caption and the gauge as a whole
    half = min((0.95 * width - side) / fit[0], (height - 68 - side) / fit[1]) / 2
    for sample in (0, 81, 100, 139):
        found = rested.evaluate("([slot, i]) => lamella.clouds[slot].where(i)", [slot, sample])
        if splits(rested, state(rested, slot))[sample] == 1:
            expected = width / 2 + points[sample, 0] * half, height / 2 - points[sample, 1] * half
            assert found == pytest.approx(expected, abs=0.05)


def test_the_pixel_at_a_point_has_the_colour_of_its_class(rested):
    sample = lonely(rested)
    pixel, label = rested.evaluate(PIXEL, sample)
    colour = rested.evaluate("label => lamella.rgb(lamella.classColour(label))", label)
    assert pixel[3] > 180
    assert np.allclose(np.array(pixel[:3]) / pixel[3] * 255, colour, atol=4)


def test_points_of_the_other_split_are_not_drawn(rested):
    hidden = np.array(rested.evaluate(MARKS, "a")) & 8
    assert (hidden > 0).tolist() == (splits(rested, "bottleneck") != 1).tolist()


def test_points_glide_from_where_they_are(rested):
    before = path_of(rested)
    rested.keyboard.press("ArrowLeft")
    until(rested, "lamella.clouds.a.renderer.progress() > 0 && lamella.clouds.a.cloud !== null")
    assert path_of(rested) != before
    at_rest(rested)
    goal = answer(rested, path_of(rested)) * 4 / 32767 - centre(rested)
    stored = rested.evaluate(GOALS, "a")
    assert np.allclose(stored, goal, atol=1e-5)


def test_with_reduced_motion_nothing_glides(page_of, address):
    page = open_page(page_of(reduced_motion="reduce"), address)
    at_rest(page)
    page.keyboard.press("ArrowLeft")
    seen = page.evaluate(FRAMES)
    assert set(seen) == {1}


def test_hover_tells_the_sample(rested):
    sample = lonely(rested)
    rested.mouse.move(*where(rested, sample))
    tip = rested.locator("#tip")
    assert tip.is_visible()
    text = tip.inner_text()
    name = rested.evaluate("i => lamella.cloudFacts('a').samples.ids.data[i]", sample)
    assert all(word in text for word in (str(name), "test", "of 15 neighbours", "p(true)"))
    rested.mouse.move(5, 5)
    assert not tip.is_visible()


def test_click_adds_and_takes_away(rested):
    sample = lonely(rested)
    rested.mouse.click(*where(rested, sample))
    assert selection(rested) == [sample]
    assert state(rested, "sample") == sample
    assert "1 selected" in rested.locator(".panel.selection").inner_text()
    settled(rested)
    rested.mouse.click(*where(rested, sample))
    assert selection(rested) == []


def test_lasso_selects_what_it_encloses(rested):
    sample = lonely(rested)
    x, y = where(rested, sample)
    rested.keyboard.down("Shift")
    rested.mouse.move(x - 4, y - 4)
    rested.mouse.down()
    for corner in [(x + 4, y - 4), (x + 4, y + 4), (x - 4, y + 4), (x - 4, y - 3)]:
        rested.mouse.move(*corner, steps=2)
    rested.mouse.up()
    rested.keyboard.up("Shift")
    assert selection(rested) == [sample]


def test_lasso_button_around_everything_selects_the_split(rested):
    rested.click("#lasso")
    box = rested.locator(".slide[data-slot=b] .glass").bounding_box()
    left, top = box["x"] + 2, box["y"] + 2
    right, bottom = left + box["width"] - 4, top + box["height"] - 4
    rested.mouse.move(left, top)
    rested.mouse.down()
    for corner in [(right, top), (right, bottom), (left, bottom), (left, top + 2)]:
        rested.mouse.move(*corner, steps=3)
    rested.mouse.up()
    inside = np.flatnonzero(splits(rested, "wide") == 1).tolist()
    assert selection(rested) == inside
    rested.click("#clear-selection")
    assert selection(rested) == []


def test_three_dimensions_turn_together(rested):
    rested.click(".panel.cloud [data-value=pca3]")
    at_rest(rested)
    points = answer(rested, path_of(rested))
    assert points.shape[1] == 3
    before = [where(rested, 100, slot) for slot in "ab"]
    box = rested.locator(".slide[data-slot=a] .glass").bounding_box()
    rested.mouse.move(box["x"] + 40, box["y"] + 60)
    rested.mouse.down()
    rested.mouse.move(box["x"] + 140, box["y"] + 90, steps=4)
    rested.mouse.up()
    settled(rested)
    after = [where(rested, 100, slot) for slot in "ab"]
    assert all(np.hypot(*np.subtract(p, q)) > 0.5 for p, q in zip(before, after, strict=True))
    assert selection(rested) == []


def test_wheel_zooms_and_double_click_comes_home(rested):
    box = rested.locator(".slide[data-slot=a] .glass").bounding_box()
    rested.mouse.move(box["x"] + box["width"] / 2, box["y"] + 40)
    rested.mouse.wheel(0, -400)
    until(rested, "lamella.camera.zoom > 1.2")
    rested.mouse.dblclick(box["x"] + 12, box["y"] + box["height"] / 2)
    assert rested.evaluate("lamella.camera.zoom") == 1


def test_errors_are_coloured_and_can_be_selected(rested):
    rested.select_option(".panel.cloud select", "error")
    settled(rested)
    wrong, shown = rested.evaluate(ERRORS)
    assert shown == wrong
    rested.select_option("#select-by", "errors a")
    settled(rested)
    tests = set(np.flatnonzero(splits(rested, "bottleneck") == 1).tolist())
    assert selection(rested) == sorted(set(wrong) & tests)


def test_every_colour_has_a_legend(rested):
    for way in ("class", "predicted", "wrong", "split", "p_true", "entropy", "mixed", "moved"):
        rested.select_option(".panel.cloud select", way)
        settled(rested)
        assert rested.locator(".cloud-legend .key, .cloud-legend .ramp").count() >= 1, way


def test_an_id_is_found(rested):
    name = rested.evaluate("lamella.cloudFacts('a').samples.ids.data[90]")
    rested.fill("#find-id", f"test,{name}")
    rested.press("#find-id", "Enter")
    assert selection(rested) == [90]
    rested.fill("#find-id", "123456789")
    rested.press("#find-id", "Enter")
    assert rested.locator("#find-id").get_attribute("aria-invalid") == "true"
    assert selection(rested) == [90]


def test_most_moved_come_from_the_epochs(rested):
    rested.select_option("#select-by", "moved a")
    until(rested, "lamella.selection().size > 0")
    assert len(selection(rested)) == 20


def test_paths_follow_the_last_three_epochs(rested):
    rested.evaluate("lamella.select([85, 86])")
    until(rested, "lamella.clouds.a.paths.length === 2")
    lengths = rested.evaluate("lamella.clouds.a.paths.map(path => path.length)")
    assert lengths == [4, 4]
    goal = answer(rested, path_of(rested)) * 4 / 32767 - centre(rested)
    last = rested.evaluate("lamella.clouds.a.paths[0].at(-1)")
    assert last[:2] == pytest.approx(goal[85].tolist(), abs=1e-6)


def test_a_lost_context_comes_back(rested):
    before = rested.evaluate(INKED)
    rested.evaluate("window.lost = lamella.clouds.a.renderer.gl.getExtension('WEBGL_lose_context')")
    rested.evaluate("lost.loseContext()")
    until(rested, "lamella.clouds.a.renderer.gl.isContextLost()")
    rested.evaluate("lost.restoreContext()")
    until(rested, "!lamella.clouds.a.renderer.gl.isContextLost()")
    settled(rested)
    assert before > 500
    assert rested.evaluate(INKED) == pytest.approx(before, rel=0.01)


def test_picking_among_many_equals_looking_at_all(rested):
    found, slow = rested.evaluate(CROWD)
    assert found == slow
    assert len(set(slow)) > 30
