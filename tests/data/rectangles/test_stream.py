"""Generation against a slow plain twin."""

import tracemalloc

import numpy as np
import pytest
from scipy.stats import chi2_contingency, chisquare

from lamella.data.rectangles.scenes import (
    CHUNK,
    Scene,
    draw_scenes,
    factors_of,
    latent_scene,
)
from lamella.data.rectangles.stream import (
    for_each_block,
    generate,
    paint,
    paint_labels,
    stream,
)
from lamella.errors import BudgetError, InputError, UnknownName
from lamella.registry import datasets
from lamella.studies.rectangles.exploration import count_pixels

LEVEL = 1e-3  # of the chi-square tests; the seeds are fixed


def plain_scene(generator, inside):
    """One image's numbers drawn one by one, again until the rectangle is allowed."""
    levels = (42, 127, 212)
    parameters = np.zeros((3, 7), int)
    order = generator.permutation(3)
    for c in order:
        while True:
            x, y, length, height = (int(generator.integers(0, 64)) for _ in range(4))
            fits = x + length <= 64 and x - length >= 0 and y + height <= 64 and y - height >= 0
            if fits or not inside:
                break
        colour = [
            int(generator.integers(levels[(c + k) % 3] - 15, levels[(c + k) % 3] + 16))
            for k in range(3)
        ]
        parameters[c] = [*colour, length, height, x, y]
    return parameters, order


def plain_paint(parameters, order, size=64, half_sizes=False):
    """One image painted rectangle by rectangle."""
    classes = len(order)
    image = np.zeros((size, size, 3), np.uint8)
    mask, full = np.zeros((2, size, size, classes + 1), np.uint8)
    mask[..., -1] = full[..., -1] = 1
    for c in order:
        if c < 0:
            continue
        red, green, blue, length, height, x, y = parameters[c]
        if not half_sizes:
            length, height = length // 2, height // 2
        rows = slice(max(0, y - height), y + height + 1)
        columns = slice(max(0, x - length), x + length + 1)
        image[rows, columns] = red, green, blue
        mask[rows, columns] = 0
        mask[rows, columns, c] = 1
        full[rows, columns, c] = 1
        full[rows, columns, -1] = 0
    return image, mask, full


@pytest.mark.parametrize(
    "scene",
    [
        Scene(),
        Scene(inside=True),
        Scene(half_sizes=True),
        Scene(classes=1, delta=0),
        Scene(classes=2, image_size=20),
        Scene(classes=5, image_size=48, delta=3),
        Scene(top="each", beneath=False),
        latent_scene("OnlyX"),
    ],
)
def test_images_are_those_of_the_plain_twin_pixel_for_pixel(scene):
    parameters, order = draw_scenes(scene, 0, 40, seed=5)
    made = paint(parameters, order, image_size=scene.image_size, half_sizes=scene.half_sizes)
    image, label = paint_labels(
        parameters, order, image_size=scene.image_size, half_sizes=scene.half_sizes
    )
    for i in range(40):
        wanted = plain_paint(parameters[i], order[i], scene.image_size, scene.half_sizes)
        for name, expected in zip(("image", "mask", "full_mask"), wanted, strict=True):
            assert np.array_equal(getattr(made, name)[i], expected), (name, i)
    assert np.array_equal(image, made.image)
    assert np.array_equal(label, made.label)


def test_one_image_by_hand():
    parameters = [[[9, 8, 7, 2, 1, 0, 1]]]
    made = paint(np.array(parameters), np.array([[0]]), image_size=4)
    assert made.image[0, :, :, 0].tolist() == [[0, 0, 0, 0], [9, 9, 0, 0], [0] * 4, [0] * 4]
    assert made.mask[0, 1, 0].tolist() == [1, 0]
    assert made.mask[0, 0, 0].tolist() == [0, 1]


@pytest.mark.parametrize("inside", [False, True])
def test_statistics_of_50000_images_are_those_of_the_plain_twin(inside):
    generator = np.random.default_rng(11)
    drawn = [plain_scene(generator, inside) for _ in range(1500)]
    twin = np.array([p for p, _ in drawn])
    painted = [plain_paint(p, o) for p, o in drawn]
    areas = np.array([[m.mean(axis=(0, 1)), f.mean(axis=(0, 1))] for _, m, f in painted])
    scene = Scene(inside=inside)
    counted = count_pixels(50_000, scene, seed=2)
    ours = np.stack([counted.visible, counted.full]) / (50_000 * 4096)
    error = areas.std(axis=0) * np.sqrt(1 / len(areas) + 1 / 50_000)
    assert (np.abs(areas.mean(axis=0) - ours) < 4 * error).all()
    mean = areas.mean(axis=0)
    assert np.abs(counted.occluded() - (1 - mean[0] / mean[1])[:3]).max() < 0.025
    parameters = draw_scenes(scene, 0, 50_000, seed=2)[0]
    for place in range(7):
        low = parameters[:, :, place].min()
        bins = np.arange(low, parameters[:, :, place].max() + 9, 8)
        counts = np.array([np.histogram(p[:, :, place], bins)[0] for p in (parameters, twin)])
        counts = counts[:, counts.sum(axis=0) > 20]
        assert chi2_contingency(counts).pvalue > LEVEL, place


def test_orders_colours_and_places_are_uniform():
    parameters, order = draw_scenes(Scene(), 0, 30_000, seed=4)
    codes = order @ np.array([9, 3, 1])
    assert chisquare(np.unique(codes, return_counts=True)[1]).pvalue > LEVEL
    assert len(np.unique(codes)) == 6
    for c, level in ((0, 42), (1, 127), (2, 212)):
        red = parameters[:, c, 0]
        assert (red.min(), red.max()) == (level - 15, level + 15)
        assert chisquare(np.bincount(red - red.min())).pvalue > LEVEL
    for place in range(3, 7):
        assert chisquare(np.bincount(parameters[:, :, place].ravel(), minlength=64)).pvalue > LEVEL


def test_inside_has_the_distribution_of_drawing_again():
    parameters, _ = draw_scenes(Scene(inside=True), 0, 20_000, seed=4)
    length, x = parameters[:, :, 3].ravel(), parameters[:, :, 5].ravel()
    assert (x + length <= 64).all()
    assert (x - length >= 0).all()
    allowed = np.array([sum(x + k <= 64 and x - k >= 0 for x in range(64)) for k in range(64)])
    seen = np.bincount(length, minlength=64)
    assert seen[allowed == 0].sum() == 0
    wanted = allowed[allowed > 0] * len(length) / allowed.sum()
    assert chisquare(seen[allowed > 0], wanted).pvalue > LEVEL


def test_an_image_depends_on_its_seed_and_number_alone():
    whole = generate(3 * CHUNK + 5, seed=9)
    assert not np.array_equal(whole.image[:5], generate(5, seed=10).image)
    part = generate(30, seed=9, start=CHUNK - 10)
    assert np.array_equal(part.image, whole.image[CHUNK - 10 : CHUNK + 20])
    for reuse in (False, True):
        blocks = [b.full_mask.copy() for b in stream(2 * CHUNK, seed=9, start=7, reuse=reuse)]
        assert np.array_equal(np.concatenate(blocks), whole.full_mask[7 : 7 + 2 * CHUNK])


def test_blocks_in_threads_are_the_same_images():
    whole, found = generate(700, seed=9, start=20), {}

    def keep(first, block):
        found.update({first + i: block.full_mask[i].copy() for i in range(len(block))})

    for_each_block(700, keep, seed=9, start=20)
    assert sorted(found) == list(range(20, 720))
    assert all(np.array_equal(found[20 + i], whole.full_mask[i]) for i in range(700))

    def fail(first, block):
        raise ValueError("enough")

    with pytest.raises(ValueError, match="enough"):
        for_each_block(700, fail)


def test_memory_does_not_grow_with_the_count():
    generate(1)
    peaks = []
    for count in (3000, 12_000):
        tracemalloc.start()
        for _ in stream(count, reuse=True):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]
    assert peaks[1] < 200e6


def test_only_the_named_factors_vary():
    parameters, _ = draw_scenes(Scene(factors=factors_of("OnlyH")), 0, 200)
    assert parameters[..., 4].std() > 10
    assert (parameters[..., [3, 5, 6]] == [10, 32, 32]).all()
    assert (parameters[:, :, :3] == Scene().levels()).all()
    assert factors_of("colour, x") == ("colour", "x")


def test_latent_scenes_put_each_class_on_top_in_turn():
    parameters, order = draw_scenes(latent_scene("OnlyX"), 250, 550)
    assert (order[:, -1] == np.arange(250, 550) % 3).all()
    below = np.take_along_axis(parameters, order[:, :2, None], axis=1)
    assert (below[..., 3:] == [10, 10, 32, 32]).all()
    free, _ = draw_scenes(latent_scene("FreeAll"), 0, 300)
    assert (free[..., 5].std(axis=0) > 10).all()


def test_the_data_set_has_the_class_on_top_as_its_label():
    made = datasets["rectangles"](train_size=90, test_size=30, top="each", noise=5.0, seed=1)
    assert made.input_shape == (3, 64, 64)
    assert made.class_names == ("class 1", "class 2", "class 3")
    assert (made.train.labels == np.arange(90) % 3).all()
    assert 0 <= made.train.inputs.min() < 5 / 232
    assert made.train.inputs.max() <= 1
    again = datasets["rectangles"](train_size=90, test_size=30, top="each", seed=1)
    assert np.array_equal(made.train.inputs, again.train.inputs)
    assert not set(made.train.ids) & set(made.test.ids)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            {"delta": 43},
            r"R of class 1 is \[-1, 85\], outside \[0, 255\]; R of classes 1 and 2 over",
        ),
        ({"delta": 20, "classes": 8}, r"overlap in .* Use a delta of at most 15 for 8 classes"),
        ({"classes": 0}, r"classes in \[1, 31\], got 0"),
        ({"delta": -1}, "delta in"),
        ({"image_size": 2}, r"image_size in \[4, 4096\]"),
        ({"top": 3}, r"top in \[0, 2\], got 3"),
        ({"train_size": 0}, "train_size in"),
    ],
)
def test_bad_arguments_are_named(arguments, words):
    with pytest.raises(InputError, match=words):
        datasets["rectangles"](**arguments)


def test_unknown_factors_get_the_nearest():
    with pytest.raises(UnknownName, match=r"no factor is called 'OnlyColour'. Nearest: OnlyColor"):
        datasets["rectangles"](factors="OnlyColour")
    with pytest.raises(InputError, match="wants a class on top"):
        Scene(moving="top")


def test_more_than_a_gigabyte_at_once_is_refused():
    with pytest.raises(BudgetError, match="lamella data rectangles --count 40500"):
        datasets["rectangles"](train_size=40_000)
    with pytest.raises(BudgetError, match=r"100000 images need 4515 MB .* write_rectangles"):
        generate(100_000)


@pytest.mark.parametrize(
    ("parameters", "order", "words"),
    [
        (np.zeros((2, 3, 6)), np.zeros((2, 3)), r"images x classes x 7"),
        (np.zeros((1, 3, 7)), [[0, 1, 1]], r"name each of 3 classes once .* got \[0, 1, 1\]"),
        (np.full((1, 1, 7), -4), [[0]], "colours and lengths of at least 0"),
    ],
)
def test_scenes_that_cannot_be_painted_are_refused(parameters, order, words):
    with pytest.raises(InputError, match=words):
        paint(parameters, order)
