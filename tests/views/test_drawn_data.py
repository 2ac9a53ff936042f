"""The data drawn is the data given, read back from the traces."""

import base64
import struct
import zlib

import numpy as np
import pytest
from view_examples import EPOCHS, EXAMPLES, LAYERS, some_diagrams, some_embedding, some_matrix

from lamella.errors import InputError
from lamella.registry import measures, views
from lamella.results import Curve, Diagrams, Embedding, Images, Matrix, Table


def traces(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def texts(figure):
    return " | ".join(a.text for a in figure.layout.annotations) + figure.layout.title.text


def test_barcode_draws_the_longest_bars_and_says_of_how_many():
    diagrams = Diagrams([0, 0, 0, 0.5], [1, 3, np.inf, 2], [0, 0, 0, 1])
    figure = views["barcode"](diagrams, most=2)
    (components,) = traces(figure, "H₀ components")
    assert list(components.x) == [0, pytest.approx(3.15), None, 0, 3, None]
    assert list(traces(figure, "H₁ loops")[0].x) == [0.5, 2, None]
    assert "H₀ components: 2 longest of 3" in texts(figure)


def test_barcode_pales_bars_up_to_the_threshold():
    figure = views["barcode"](Diagrams([0, 0], [1, 3], [1, 1], threshold=1))
    strong, pale = traces(figure, "H₁ loops")
    assert (strong.x[1], pale.x[1]) == (3, 1)
    assert pale.line.color.startswith("rgba")


@pytest.mark.parametrize("name", ["barcode", "birth_death", "betti_curves"])
def test_empty_diagrams_say_why(name):
    figure = views[name](Diagrams([], [], [], why_empty="one point only"))
    assert "one point only" in texts(figure)


def test_birth_death_draws_every_bar_and_both_bands():
    diagrams = some_diagrams(threshold=0.2, bound=0.06)
    figure = views["birth_death"](diagrams)
    (loops,) = traces(figure, "H₁ loops")
    np.testing.assert_array_equal(np.column_stack([loops.x, loops.y]), diagrams.bars(1))
    (band,) = traces(figure, "landmark bound")
    assert np.subtract(band.y, band.x).max() == pytest.approx(0.12)
    (line,) = traces(figure, "threshold")
    assert np.subtract(line.y, line.x).tolist() == pytest.approx([0.2, 0.2])
    (components,) = traces(figure, "H₀ components")
    assert np.isfinite(np.asarray(components.y, float)).all()  # infinity has a line of its own


def test_betti_curves_count_living_bars_like_a_plain_count():
    diagrams = some_diagrams()
    (trace,) = traces(views["betti_curves"](diagrams), "H₁ loops")
    bars = diagrams.bars(1)
    for scale, count in zip(trace.x, trace.y, strict=True):
        assert count == np.sum((bars[:, 0] <= scale) & (bars[:, 1] > scale))


def test_betti_curves_draw_a_curve_with_its_band():
    curve = Curve(
        [0, 1, 2], [[3, 2, 1], [0, 1, 0]], ("H0", "H1"), low=np.zeros((2, 3)), high=np.ones((2, 3))
    )
    figure = views["betti_curves"](curve)
    assert list(traces(figure, "H₁ loops")[0].y) == [0, 1, 0]
    assert len(traces(figure, "band")) == 2


def test_heat_map_shows_values_numbers_and_missing_cells():
    matrix = Matrix(
        [[0.125, np.nan], [1.0, 0.0]], ("fc1", "fc2"), (0, 8), "layer", "epoch", "share"
    )
    figure = views["heat_map"](matrix)
    cells, missing, numbers = figure.data
    assert [list(row) for row in cells.z] == [[0.125, None], [1.0, 0.0]]
    assert (list(missing.x), list(missing.base)) == ([1], [-0.47])
    assert list(numbers.text) == ["0.12", "n/a", "1.00", "0.00"]
    assert list(figure.layout.yaxis.ticktext) == ["fc1", "fc2"]
    assert list(figure.layout.xaxis.ticktext) == ["0", "8"]


def test_heat_map_of_many_cells_leaves_numbers_out_and_thins_the_labels():
    matrix = Matrix(np.random.default_rng(0).random((200, 100)), map(str, range(200)), range(100))
    figure = views["heat_map"](matrix)
    assert [trace.type for trace in figure.data] == ["heatmap"]
    assert len(figure.layout.yaxis.ticktext) <= 60
    assert figure.layout.height < 1400


def test_heat_map_on_a_logarithmic_scale_keeps_the_true_numbers():
    figure = views["heat_map"](Matrix([[1.0, 100.0]], ("a",), ("b", "c")), log=True)
    assert list(figure.data[0].z[0]) == [0, 2]
    assert list(figure.data[-1].text) == ["1", "100"]


def test_names_are_shown_and_never_obeyed():
    matrix = Matrix([[1.0]], ("<script>x</script>",), ("<b>0</b>",), value_label="<i>v</i>")
    text = str(views["heat_map"](matrix))
    assert "&lt;b&gt;0&lt;/b&gt;" in text
    assert "<b>" not in text and "<script" not in text and "<i>" not in text  # noqa: PT018


@pytest.mark.parametrize("dimensions", [2, 3])
def test_cloud_draws_each_point_once_with_its_class(dimensions):
    embedding = some_embedding(dimensions=dimensions)
    figure = views["cloud"](embedding)
    (trace,) = figure.data
    drawn = np.column_stack([getattr(trace, axis) for axis in "xyz"[:dimensions]])
    order = [int(text.split()[0][1:]) for text in trace.text]
    np.testing.assert_array_equal(drawn, embedding.points[order])
    np.testing.assert_array_equal(trace.marker.color, embedding.labels[order])
    assert "44% of neighbours kept · trustworthiness 0.93 · 400 points" in texts(figure)
    assert "radius 0.7" in texts(figure)


def test_cloud_without_labels_or_quality():
    figure = views["cloud"](Embedding(np.eye(3)[:, :2]))
    assert sorted(figure.data[0].x) == [0, 0, 1]
    assert "kept" not in texts(figure)


def test_cloud_refuses_other_dimensions():
    with pytest.raises(InputError, match="shape points x 2 or 3"):
        views["cloud"](Embedding(np.zeros((5, 4))))


def test_embedding_evolution_places_each_cloud_in_its_cell():
    grid = [some_embedding(k, points=20) for k in range(6)]
    figure = views["embedding_evolution"](grid, layers=["a", "b"], epochs=[0, 1, 2])
    x, y = np.asarray(figure.data[0].x), np.asarray(figure.data[0].y)
    for k, embedding in enumerate(grid):
        here = (np.round(x) == k % 3) & (np.round(y) == k // 3)
        assert here.sum() == 20
        drawn = np.column_stack([x[here] - k % 3, k // 3 - y[here]])
        spread = np.sort(np.linalg.norm(drawn - drawn.mean(axis=0), axis=1))
        given = embedding.points - embedding.points.mean(axis=0)
        ratio = spread / np.sort(np.linalg.norm(given, axis=1))
        np.testing.assert_allclose(ratio, ratio[0])  # only moved and scaled
        np.testing.assert_array_equal(
            np.bincount(np.asarray(figure.data[0].marker.color)[here]), [10, 10]
        )


def test_embedding_evolution_counts_its_cells_and_says_what_it_left_out():
    with pytest.raises(InputError, match=r"2 layers x 2 epochs = 4 embeddings, got 1"):
        views["embedding_evolution"]([some_embedding()], layers="ab", epochs=[0, 1])
    grid = [some_embedding(), Embedding(np.zeros((0, 2)))]
    figure = views["embedding_evolution"](grid, layers=["a"], epochs=[0, 1], most=50)
    assert "50 of 400 points drawn" in texts(figure)
    assert "n/a" in texts(figure)
    assert len(figure.data[0].x) == 50


def test_training_curves_show_mean_and_range_over_seeds():
    table = Table({"epoch": [0, 1, 0, 1], "seed": [0, 0, 1, 1], "test_loss": [4, 2, 2, 1]})
    figure = views["training_curves"](table, quantities=["loss"])
    (line,) = traces(figure, "test")
    assert list(line.y) == [3, 1.5]
    assert list(traces(figure, "band")[0].y) == [2, 1, 2, 4]


def test_training_curves_turn_accuracy_into_error_in_percent():
    table = Table({"epoch": [0, 1], "train_accuracy": [0.5, 0.99], "test_accuracy": [0.5, 0.9]})
    figure = views["training_curves"]({"wide": table})
    assert list(traces(figure, "wide test")[0].y) == pytest.approx([50, 10])
    assert figure.layout.yaxis.title.text == "error, %"
    with pytest.raises(
        InputError, match="columns such as test_speed, got epoch, test_accuracy, train"
    ):
        views["training_curves"](table, quantities=["speed"])


def test_comparison_subtracts_the_first_from_the_second_by_name():
    a = Matrix([[1.0, 2.0]], ("fc1",), ("0", "1"), value_label="error")
    b = Matrix([[5.0, 3.0], [7.0, 8.0]], ("fc1", "fc2"), ("1", "0"), value_label="error")
    figure = views["comparison"]({"A": a, "B": b}, better="low")
    first, second, difference = (t for t in figure.data if t.type == "heatmap")
    assert [list(r) for r in first.z] == [[1, 2], [None, None]]
    assert [list(r) for r in second.z] == [[3, 5], [8, 7]]
    assert [list(r) for r in difference.z] == [[2, 3], [None, None]]
    assert (first.zmin, first.zmax) == (second.zmin, second.zmax)
    assert (difference.zmin, difference.zmax) == (-3, 3)
    assert difference.colorscale[-1][1] == "#b3470b"  # worse is vermillion


def test_comparison_wants_two():
    with pytest.raises(InputError, match=r"two matrices by name, got 1"):
        views["comparison"]({"A": some_matrix()})


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
    figure = views["lines"](curve, baselines=["raw"])
    assert list(traces(figure, "wide")[0].y) == list(range(7))
    assert list(figure.layout.xaxis.ticktext) == list(LAYERS)
    assert traces(figure, "raw")[0].line.dash == "dash"
    assert {a.text for a in figure.layout.annotations} == {"wide", "raw"}


def test_lines_break_where_there_is_no_number():
    figure = views["lines"](Curve(EPOCHS[:3], [[1.0, np.nan, 3.0]]))
    assert list(figure.data[0].y) == [1, None, 3]


def test_compactness_profile_is_in_percent_and_cuts_where_asked():
    curve = Curve([1, 2, 3], [[0.1, 0.2, 0.3], [0.0, 0.5, 1.0]], ("all", "a"))
    figure = views["compactness_profile"](curve, first=2)
    assert list(traces(figure, "all")[0].y) == pytest.approx([10, 20])
    assert list(traces(figure, "a")[0].x) == [1, 2]


def test_compactness_profile_of_several_runs_draws_the_first_series_of_each():
    curve = Curve([1, 2], [[0.1, 0.2], [0.5, 0.6]], ("all", "a"))
    figure = views["compactness_profile"]({"wide": curve, "raw": curve}, baselines=["raw"])
    assert [t.name for t in figure.data] == ["wide", "raw"]
    assert figure.data[1].line.dash == "dash"


def test_f1_against_dimension_draws_each_class_of_each_method():
    record, _ = EXAMPLES["f1_against_dimension"]()
    figure = views["f1_against_dimension"](record)
    frame = record.frame()
    for axis, method in (("x", "pca"), ("x2", "umap")):
        for name in ("micro", "triangle"):
            (trace,) = [t for t in traces(figure, name) if t.xaxis == axis]
            here = frame[(frame["class"] == name) & (frame["method"] == method)]
            assert list(trace.x) == here["dimension"].tolist()
            assert list(trace.y) == here["f1"].tolist()
    assert {tuple(t.x) for t in traces(figure, "circle, full")} == {(2304,)}


def test_f1_against_dimension_names_the_columns_it_misses():
    with pytest.raises(InputError, match=r"columns class, method, dimension, f1, got epoch"):
        views["f1_against_dimension"](Table({"epoch": [1]}))


def test_class_linkage_orders_classes_by_their_merges():
    values = np.array([[1.0, 9.0, 2.0], [9.0, 1.0, 5.0], [2.0, 5.0, 1.0]])
    figure = views["class_linkage"](Matrix(values, "abc", "abc"))
    assert list(figure.layout.yaxis.ticktext) == ["a", "c", "b"]
    (tree,) = traces(figure, "tree")
    assert [x for x in tree.x if x is not None][1:3] == [2, 2]
    assert max(x for x in tree.x if x is not None) == 5
    assert list(traces(figure, "numbers")[0].text)[:3] == ["1", "2", "9"]


def test_similarity_matrix_keeps_its_scale():
    figure = views["similarity_matrix"](Matrix([[1.0, 0.9], [0.9, 1.0]], "ab", "ab"))
    assert (figure.data[0].zmin, figure.data[0].zmax) == (0, 1)
    assert figure.layout.yaxis.scaleanchor == "x"


def test_vines_draw_the_longest_features_and_break_where_they_are_absent():
    table = Table(
        {
            "vine": [0, 0, 1, 1, 1],
            "epoch": [0, 4, 0, 2, 4],
            "birth": [1.0, 1.0, 0.0, 0.0, 0.0],
            "death": [3.0, 4.0, 0.5, 0.5, np.inf],
        }
    )
    figure = views["vines"](table, most=1, noise=[0.1, 0.2, 0.3])
    (vine,) = [t for t in figure.data if t.name.startswith("vine")]
    assert list(vine.y) == [2, None, 3]
    assert list(figure.layout.xaxis.ticktext) == ["0", "2", "4"]
    assert list(traces(figure, "noise")[0].y)[:3] == [0.1, 0.2, 0.3]
    assert "1 longest of 2 features" in texts(figure)


def test_health_map_gives_each_sign_its_own_scale():
    dead, norm = some_matrix(0, 50), some_matrix(1, 0.1)
    figure = views["health_map"]({"dead": dead, "norm": norm}, log=["norm"])
    first, second = (t for t in figure.data if t.type == "heatmap")
    np.testing.assert_array_equal(np.array(first.z, float), dead.values)
    np.testing.assert_allclose(np.array(second.z, float), np.log10(norm.values))


def test_confusion_matrix_shows_counts_and_colours_errors_by_the_worst():
    figure = views["confusion_matrix"](Matrix([[8.0, 2.0], [1.0, 9.0]], "ab", "ab"))
    assert [list(row) for row in figure.data[0].z] == [[0.8, -1.0], [-0.5, 0.9]]
    assert list(traces(figure, "numbers")[0].text) == ["8", "2", "1", "9"]
    assert "17 of 20 right, 85.0%" in texts(figure)


def test_table_shows_its_first_rows_and_says_of_how_many():
    figure = views["table"](Table({"x": np.arange(9), "y": np.full(9, 0.123456)}), most=4)
    (drawn,) = figure.data
    assert [list(column) for column in drawn.cells["values"]] == [list("0123"), ["0.1235"] * 4]
    assert "first 4 of 9 rows" in texts(figure)


def test_histogram_shares_sum_to_all_values_in_common_bins():
    table = Table({"d": [0.0, 1.0, 2.0, 2.0, np.nan], "g": ["a", "a", "b", "b", "b"]})
    figure = views["histogram"](table, value="d", group="g", bins=2)
    first, second = figure.data
    assert list(first.x) == list(second.x) == [0, 1, 2, 2]
    assert list(first.y) == [50, 50, 50, 0]
    assert list(second.y) == [0, 100, 100, 0]
    assert "4 values, 1 not finite left out" in texts(figure)


def test_measure_card_shows_every_part():
    figure = views["measure_card"](measures.card("class_linkage"))
    shown = texts(figure)
    for part in ("definition", "range", "cost", "misleads", "source"):
        assert part in shown
    assert "Gower, Ross 1969" in shown


def test_image_grid_shows_the_pixels_it_was_given():
    pixels = np.random.default_rng(0).integers(0, 256, (3, 4, 5, 3), dtype=np.uint8)
    figure = views["image_grid"](Images(pixels, ("one", "two", "<three>")))
    for image, given in zip(figure.layout.images, pixels, strict=True):
        shown = read_png(base64.b64decode(image.source.removeprefix("data:image/png;base64,")))
        times = shown.shape[0] // 4
        np.testing.assert_array_equal(shown[::times, ::times], given)
    assert [a.text for a in figure.layout.annotations] == ["one", "two", "&lt;three&gt;"]


def read_png(data):
    """A reader of the one kind of PNG that lamella writes, checking every chunk's sum."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, chunks = 8, {}
    while at < len(data):
        (length,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + length]
        assert struct.unpack(">I", data[at + 8 + length : at + 12 + length])[0] == zlib.crc32(
            kind + body
        )
        chunks[kind] = body
        at += 12 + length
    width, height, depth, colour = struct.unpack(">IIBB", chunks[b"IHDR"][:10])
    channels = {0: 1, 2: 3}[colour]
    assert depth == 8
    lines = np.frombuffer(zlib.decompress(chunks[b"IDAT"]), np.uint8)
    lines = lines.reshape(height, 1 + width * channels)
    assert (lines[:, 0] == 0).all()
    return lines[:, 1:].reshape(height, width, channels)
