"""The data drawn is the data given, read back from the figure's values."""

import numpy as np
import pytest
from support.drawn import marks, one, words
from support.view_examples import (
    EPOCHS,
    EXAMPLES,
    LAYERS,
    some_diagrams,
    some_embedding,
    some_matrix,
)

import lamella
import lamella.registry
from lamella.errors import InputError
from lamella.plots.marks import Band, Cells, Dots, Line, Pictures, Rows, Rule, Segments
from lamella.results import Curve, Diagrams, Embedding, Images, Matrix, Table

view = lamella.registry.views


def test_barcode_draws_the_longest_bars_and_says_of_how_many():
    diagrams = Diagrams([0, 0, 0, 0.5], [1, 3, np.inf, 2], [0, 0, 0, 1])
    figure = view["barcode"](diagrams, most=2)
    components = one(figure, Segments, "H₀ components")
    assert (components.x0.tolist(), components.x1.tolist()) == ([0, 0], [np.inf, 3])
    assert one(figure, Segments, "H₁ loops").x1.tolist() == [2]
    assert figure.panels[0].x.range == (0, pytest.approx(3.15))
    assert "H₀ components: 2 longest of 3" in words(figure)


def test_barcode_pales_bars_up_to_the_threshold_and_shows_how_long_noise_may_be():
    figure = view["barcode"](Diagrams([0, 0], [1, 3], [1, 1], threshold=1))
    bars = one(figure, Segments, "H₁ loops")
    assert dict(zip(bars.x1, bars.pale, strict=True)) == {1: True, 3: False}
    assert one(figure, Segments, "noise").x1.tolist() == [1]
    other = view["barcode"](Diagrams([0, 0], [1, 3], [1, 1]), threshold=4)
    assert one(other, Segments, "H₁ loops").pale.all()


@pytest.mark.parametrize("name", ["barcode", "birth_death", "betti_curves"])
def test_empty_diagrams_say_why(name):
    figure = view[name](Diagrams([], [], [], why_empty="one point only"))
    assert "one point only" in words(figure)


def test_birth_death_draws_every_bar_and_both_bands():
    diagrams = some_diagrams(threshold=0.2, bound=0.06)
    figure = view["birth_death"](diagrams)
    loops = one(figure, Dots, "H₁ loops")
    np.testing.assert_array_equal(np.column_stack([loops.x, loops.y]), diagrams.bars(1))
    band = one(figure, Band, "landmark bound")
    assert (band.high - band.low).tolist() == pytest.approx([0.12, 0.12])
    line = one(figure, Line, "threshold")
    assert (line.y - line.x).tolist() == pytest.approx([0.2, 0.2])
    components = one(figure, Dots, "H₀ components")
    (endless,) = marks(figure, Rule)
    assert components.y.max() == endless.y  # infinity has a line of its own
    assert figure.panels[0].square


def test_betti_curves_count_living_bars_like_a_plain_count_and_give_none_a_place():
    diagrams = some_diagrams()
    figure = view["betti_curves"](diagrams)
    curve = one(figure, Line, "H₁ loops")
    bars = diagrams.bars(1)
    for scale, count in zip(curve.x, curve.y, strict=True):
        assert count == max(0.5, np.sum((bars[:, 0] <= scale) & (bars[:, 1] > scale)))
    axis = figure.panels[0].y
    assert (axis.log, axis.range[0], axis.ticks[0], axis.texts[:2]) == (True, 0.5, 0.5, ("0", "1"))


def test_betti_curves_draw_a_curve_with_its_band():
    curve = Curve(
        [0, 1, 2], [[3, 2, 1], [0, 1, 0]], ("H0", "H1"), low=np.zeros((2, 3)), high=np.ones((2, 3))
    )
    figure = view["betti_curves"](curve)
    assert one(figure, Line, "H₁ loops").y.tolist() == [0, 1, 0]
    assert len(marks(figure, Band)) == 2


def test_heat_map_shows_values_numbers_and_missing_cells():
    matrix = Matrix(
        [[0.125, np.nan], [1.0, 0.0]], ("fc1", "fc2"), (0, 8), "layer", "epoch", "share"
    )
    figure = view["heat_map"](matrix)
    cells = one(figure, Cells)
    np.testing.assert_array_equal(cells.values, matrix.values)
    assert cells.texts.ravel().tolist() == ["0.13", "n/a", "1.00", "0.00"]
    assert (cells.low, cells.high, cells.scale) == (0, 1, "share")
    assert figure.panels[0].y.names == ("fc1", "fc2")
    assert figure.panels[0].x.names == ("0", "8")
    assert cells.titles[0][0] == "layer fc1, epoch 0\nshare: 0.13"


def test_heat_map_on_a_logarithmic_scale_keeps_the_true_numbers():
    cells = one(view["heat_map"](Matrix([[1.0, 100.0]], ("a",), ("b", "c")), log=True), Cells)
    assert (cells.low, cells.high, cells.log) == (1, 100, True)
    assert cells.texts.ravel().tolist() == ["1", "100"]


@pytest.mark.parametrize("dimensions", [2, 3])
def test_cloud_draws_each_point_once_with_its_class(dimensions):
    embedding = some_embedding(dimensions=dimensions)
    figure = view["cloud"](embedding)
    dots = one(figure, Dots)
    drawn = np.column_stack([getattr(dots, axis) for axis in "xyz"[:dimensions]])
    order = [int(text.split()[0][1:]) for text in dots.titles]
    np.testing.assert_array_equal(drawn, embedding.points[order])
    np.testing.assert_array_equal(dots.groups, embedding.labels[order])
    assert "44.0 % of neighbours kept · trustworthiness 0.93 · 400 points" in words(figure)
    assert "radius 0.7" in words(figure)


def test_cloud_of_twenty_classes_has_two_shapes():
    figure = view["cloud"](some_embedding(classes=20))
    first, second = marks(figure, Dots)
    assert (first.symbol, second.symbol) == ("circle", "diamond")
    assert len(first.x) + len(second.x) == 400


def test_cloud_without_labels_or_quality():
    figure = view["cloud"](Embedding(np.eye(3)[:, :2]))
    assert sorted(one(figure, Dots).x) == [0, 0, 1]
    assert "kept" not in words(figure)


def test_cloud_refuses_other_dimensions():
    with pytest.raises(InputError, match="shape points x 2 or 3"):
        view["cloud"](Embedding(np.zeros((5, 4))))


def test_embedding_evolution_places_each_cloud_in_its_cell():
    grid = [some_embedding(k, points=20) for k in range(6)]
    figure = view["embedding_evolution"](grid, layers=["a", "b"], epochs=[0, 1, 2])
    dots = one(figure, Dots)
    for k, embedding in enumerate(grid):
        here = (np.round(dots.x) == k % 3) & (np.round(dots.y) == k // 3)
        assert here.sum() == 20
        drawn = np.column_stack([dots.x[here] - k % 3, k // 3 - dots.y[here]])
        spread = np.sort(np.linalg.norm(drawn - drawn.mean(axis=0), axis=1))
        given = embedding.points - embedding.points.mean(axis=0)
        ratio = spread / np.sort(np.linalg.norm(given, axis=1))
        np.testing.assert_allclose(ratio, ratio[0])  # only moved and scaled
        np.testing.assert_array_equal(np.bincount(dots.groups[here]), [10, 10])


def test_embedding_evolution_counts_its_cells_and_says_what_it_left_out():
    with pytest.raises(InputError, match=r"2 layers x 2 epochs = 4 embeddings, got 1"):
        view["embedding_evolution"]([some_embedding()], layers="ab", epochs=[0, 1])
    grid = [some_embedding(), Embedding(np.zeros((0, 2)))]
    figure = view["embedding_evolution"](grid, layers=["a"], epochs=[0, 1], most=50)
    assert "50 of 400 points drawn" in words(figure)
    assert "n/a" in words(figure)
    assert len(one(figure, Dots).x) == 50


def test_embedding_evolution_by_rows_keeps_growth():
    small, large = (Embedding(k * some_embedding().points) for k in (1, 3))
    figure = view["embedding_evolution"]([small, large], layers=["a"], epochs=[0, 1], scale="row")
    dots = one(figure, Dots)
    first = np.round(dots.x) == 0
    assert np.ptp(dots.y[~first]) == pytest.approx(3 * np.ptp(dots.y[first]), rel=0.2)


def test_training_curves_show_mean_and_range_over_seeds():
    table = Table({"epoch": [0, 1, 0, 1], "seed": [0, 0, 1, 1], "test_loss": [4, 2, 2, 1]})
    figure = view["training_curves"](table, quantities=["loss"])
    assert one(figure, Line, "test").y.tolist() == [3, 1.5]
    band = one(figure, Band)
    assert (band.low.tolist(), band.high.tolist()) == ([2, 1], [4, 2])


def test_training_curves_turn_accuracy_into_error_in_percent():
    table = Table({"epoch": [0, 1], "train_accuracy": [0.5, 0.99], "test_accuracy": [0.5, 0.9]})
    figure = view["training_curves"]({"wide": table})
    line = one(figure, Line, "wide test")
    assert line.y.tolist() == pytest.approx([50, 10])
    assert line.end == "10 %"
    assert figure.panels[0].y.label == "error, %"
    with pytest.raises(
        InputError, match="columns such as test_speed, got epoch, test_accuracy, train"
    ):
        view["training_curves"](table, quantities=["speed"])


def test_comparison_subtracts_the_first_from_the_second_by_name():
    a = Matrix([[1.0, 2.0]], ("fc1",), ("0", "1"), value_label="error, %")
    b = Matrix([[17.5, 3.0], [7.0, 8.0]], ("fc1", "fc2"), ("1", "0"), value_label="error, %")
    first, second, change = marks(view["comparison"]({"A": a, "B": b}, better="low"), Cells)
    np.testing.assert_array_equal(first.values, [[1, 2], [np.nan, np.nan]])
    np.testing.assert_array_equal(second.values, [[3, 17.5], [8, 7]])
    np.testing.assert_array_equal(change.values, [[2, 15.5], [np.nan, np.nan]])
    assert (first.low, first.high) == (second.low, second.high)
    assert (change.low, change.high) == (-15.5, 15.5)
    assert change.texts.ravel().tolist()[:2] == ["+2.0", "+16"]
    assert (first.scale, change.scale) == ("error, %", "error, %, difference")
    assert change.stops[-1] == "div0"  # worse is vermillion


def test_comparison_wants_two():
    with pytest.raises(InputError, match=r"two matrices by name, got 1"):
        view["comparison"]({"A": some_matrix()})


def test_lines_draw_series_bands_and_names_at_their_ends():
    curve = Curve(
        LAYERS,
        np.arange(14).reshape(2, 7),
        ("wide", "raw"),
        "layer",
        "error",
        low=np.zeros((2, 7)),
        high=np.ones((2, 7)),
    )
    figure = view["lines"](curve, baselines=["raw"])
    wide, raw = marks(figure, Line)
    assert wide.y.tolist() == list(range(7))
    assert figure.panels[0].x.names == LAYERS
    assert (raw.dash, raw.colour, raw.end, wide.end) == ("dash", "faint", "raw", "wide")
    assert len(marks(figure, Band)) == 2


def test_lines_break_where_there_is_no_number():
    figure = view["lines"](Curve(EPOCHS[:3], [[1.0, np.nan, 3.0]]))
    np.testing.assert_array_equal(one(figure, Line).y, [1, np.nan, 3])


def test_compactness_profile_is_in_percent_and_cuts_where_asked():
    curve = Curve([1, 2, 3], [[0.1, 0.2, 0.3], [0.0, 0.5, 1.0]], ("all", "a"))
    figure = view["compactness_profile"](curve, first=2)
    assert one(figure, Line, "all").y.tolist() == pytest.approx([10, 20])
    assert one(figure, Line, "a").x.tolist() == [1, 2]
    assert marks(figure, Line)[-1].label == "all"  # over its classes


def test_compactness_profile_of_ten_classes_is_smoothed_and_says_so():
    noise = np.random.default_rng(0).random((11, 300))
    curve = Curve(np.arange(1, 301), noise, ("all", *"abcdefghij"))
    figure = view["compactness_profile"](curve)
    assert "each value the mean over 11 ranks" in figure.note
    line = one(figure, Line, "a")
    assert len(line.x) == 200
    assert line.y[100] == pytest.approx(100 * noise[1][int(line.x[100]) - 6 :][:11].mean())
    assert line.width < one(figure, Line, "all").width
    assert line.end == "a"
    plain = view["compactness_profile"](curve, smooth=1)
    assert one(plain, Line, "a").y.tolist() == pytest.approx((100 * noise[1]).tolist())


def test_compactness_profile_of_several_runs_draws_the_first_series_of_each():
    curve = Curve([1, 2], [[0.1, 0.2], [0.5, 0.6]], ("all", "a"))
    figure = view["compactness_profile"]({"wide": curve, "raw": curve}, baselines=["raw"])
    assert [(m.label, m.dash) for m in marks(figure, Line)] == [("wide", ""), ("raw", "dash")]


def test_f1_against_dimension_draws_each_class_of_each_method():
    record, _ = EXAMPLES["f1_against_dimension"]()
    figure = view["f1_against_dimension"](record)
    frame = record.frame()
    for panel, method in zip(figure.panels, ("pca", "umap"), strict=True):
        assert panel.title == method.upper()
        for name in ("micro", "triangle"):
            (line,) = [m for m in panel.marks if isinstance(m, Line) and m.label == name]
            here = frame[(frame["class"] == name) & (frame["method"] == method)]
            assert line.x.tolist() == here["dimension"].tolist()
            assert line.y.tolist() == here["f1"].tolist()
    assert {tuple(m.x) for m in marks(figure, Dots, "circle, full")} == {(2304,)}


def test_f1_against_dimension_names_the_columns_it_misses():
    with pytest.raises(InputError, match=r"columns class, method, dimension, f1, got epoch"):
        view["f1_against_dimension"](Table({"epoch": [1]}))


def test_class_linkage_orders_classes_by_their_merges():
    values = np.array([[1.0, 9.0, 2.0], [9.0, 1.0, 5.0], [2.0, 5.0, 1.0]])
    figure = view["class_linkage"](Matrix(values, "abc", "abc"))
    assert figure.panels[0].y.names == ("a", "c", "b")
    tree = one(figure, Line)
    assert tree.x[2:4].tolist() == [2, 2]
    assert np.nanmax(tree.x) == 5
    assert one(figure, Cells).texts[0].tolist() == ["1", "2", "9"]


def test_similarity_matrix_keeps_its_scale():
    figure = view["similarity_matrix"](Matrix([[1.0, 0.9], [0.9, 1.0]], "ab", "ab"))
    cells = one(figure, Cells)
    assert (cells.low, cells.high) == (0, 1)
    assert figure.panels[0].square


def test_vines_draw_the_longest_features_and_break_where_they_are_absent():
    table = Table(
        {
            "vine": [0, 0, 1, 1, 1],
            "epoch": [0, 4, 0, 2, 4],
            "birth": [1.0, 1.0, 0.0, 0.0, 0.0],
            "death": [3.0, 4.0, 0.5, 0.5, np.inf],
        }
    )
    figure = view["vines"](table, most=1, noise=[0.1, 0.2, 0.3])
    np.testing.assert_array_equal(one(figure, Line).y, [2, np.nan, 3])
    assert figure.panels[0].x.names == ("0", "2", "4")
    assert one(figure, Band, "noise").high.tolist() == [0.1, 0.2, 0.3]
    assert "1 longest of 2 features" in words(figure)


def test_health_map_gives_each_sign_its_own_scale():
    dead, norm = some_matrix(0, 50), some_matrix(1, 0.1)
    first, second = marks(view["health_map"]({"dead": dead, "norm": norm}, log=["norm"]), Cells)
    np.testing.assert_array_equal(first.values, dead.values)
    np.testing.assert_array_equal(second.values, norm.values)
    assert (first.log, second.log) == (False, True)
    assert first.high != second.high


def test_confusion_matrix_shows_counts_and_colours_them_by_their_share_of_the_class():
    figure = view["confusion_matrix"](Matrix([[8.0, 2.0], [1.0, 9.0]], "ab", "ab"))
    cells = one(figure, Cells)
    np.testing.assert_allclose(cells.values, [[0.8, -np.sqrt(0.2)], [-np.sqrt(0.1), 0.9]])
    assert cells.texts.ravel().tolist() == ["8", "2", "1", "9"]
    assert (cells.low, cells.high, cells.ends) == (-1, 1, ("100 % wrong", "100 % right"))
    assert "17 of 20 right, 85.0 %" in words(figure)


def test_table_shows_its_first_rows_and_says_of_how_many():
    figure = view["table"](Table({"x": np.arange(9), "y": np.full(9, 0.123456)}), most=4)
    rows = one(figure, Rows)
    assert rows.texts == (tuple("0123"), ("0.1235",) * 4)
    assert "first 4 of 9 rows" in words(figure)


def test_histogram_shares_sum_to_all_values_in_common_bins():
    table = Table({"d": [0.0, 1.0, 2.0, 2.0, np.nan], "g": ["a", "a", "b", "b", "b"]})
    figure = view["histogram"](table, value="d", group="g", bins=2)
    first, second = marks(figure, Line)
    assert first.x.tolist() == second.x.tolist() == [0, 1, 2, 2]
    assert first.y.tolist() == [50, 50, 50, 0]
    assert second.y.tolist() == [0, 100, 100, 0]
    assert "4 values, 1 not finite left out" in words(figure)


def test_measure_card_shows_every_part():
    shown = words(view["measure_card"](lamella.registry.measures.card("class_linkage")))
    for part in ("definition", "range", "cost", "misleads", "source"):
        assert part in shown
    assert "Gower, Ross 1969" in shown


def test_image_grid_shows_the_pixels_it_was_given():
    pixels = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3), dtype=np.uint8)
    figure = view["image_grid"](Images(pixels, ("one", "two", "<three>")))
    np.testing.assert_array_equal(one(figure, Pictures).pixels, pixels)
    assert "one | two | <three>" in words(figure)
