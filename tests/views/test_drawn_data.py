"""The data drawn is the data given, read back from the traces."""

import numpy as np
import pytest
from examples import EPOCHS, LAYERS, some_diagrams, some_embedding, some_matrix

import lamella
from lamella.errors import InputError
from lamella.results import Curve, Diagrams, Embedding, Matrix, Table

view = lamella.view


def traces(figure, name):
    return [trace for trace in figure.data if trace.name == name]


def texts(figure):
    return " | ".join(a.text for a in figure.layout.annotations) + figure.layout.title.text


def test_barcode_draws_the_longest_bars_and_says_of_how_many():
    diagrams = Diagrams([0, 0, 0, 0.5], [1, 3, np.inf, 2], [0, 0, 0, 1])
    figure = view["barcode"](diagrams, most=2)
    (components,) = traces(figure, "H₀ components")
    assert list(components.x) == [0, pytest.approx(3.15), None, 0, 3, None]
    assert list(traces(figure, "H₁ loops")[0].x) == [0.5, 2, None]
    assert "H₀ components: 2 longest of 3" in texts(figure)


def test_barcode_pales_bars_up_to_the_threshold():
    figure = view["barcode"](Diagrams([0, 0], [1, 3], [1, 1], threshold=1))
    strong, pale = traces(figure, "H₁ loops")
    assert (strong.x[1], pale.x[1]) == (3, 1)
    assert pale.line.color.startswith("rgba")


@pytest.mark.parametrize("name", ["barcode", "birth_death", "betti_curves"])
def test_empty_diagrams_say_why(name):
    figure = view[name](Diagrams([], [], [], why_empty="one point only"))
    assert "one point only" in texts(figure)


def test_birth_death_draws_every_bar_and_both_bands():
    diagrams = some_diagrams(threshold=0.2, bound=0.06)
    figure = view["birth_death"](diagrams)
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
    (trace,) = traces(view["betti_curves"](diagrams), "H₁ loops")
    bars = diagrams.bars(1)
    for scale, count in zip(trace.x, trace.y, strict=True):
        assert count == np.sum((bars[:, 0] <= scale) & (bars[:, 1] > scale))


def test_betti_curves_draw_a_curve_with_its_band():
    curve = Curve(
        [0, 1, 2], [[3, 2, 1], [0, 1, 0]], ("H0", "H1"), low=np.zeros((2, 3)), high=np.ones((2, 3))
    )
    figure = view["betti_curves"](curve)
    assert list(traces(figure, "H₁ loops")[0].y) == [0, 1, 0]
    assert len(traces(figure, "band")) == 2


def test_heat_map_shows_values_numbers_and_missing_cells():
    matrix = Matrix(
        [[0.125, np.nan], [1.0, 0.0]], ("fc1", "fc2"), (0, 8), "layer", "epoch", "share"
    )
    figure = view["heat_map"](matrix)
    cells, missing, numbers = figure.data
    assert [list(row) for row in cells.z] == [[0.125, None], [1.0, 0.0]]
    assert (list(missing.x), list(missing.base)) == ([1], [-0.47])
    assert list(numbers.text) == ["0.12", "n/a", "1.00", "0.00"]
    assert list(figure.layout.yaxis.ticktext) == ["fc1", "fc2"]
    assert list(figure.layout.xaxis.ticktext) == ["0", "8"]


def test_heat_map_of_many_cells_leaves_numbers_out_and_thins_the_labels():
    matrix = Matrix(np.random.default_rng(0).random((200, 100)), map(str, range(200)), range(100))
    figure = view["heat_map"](matrix)
    assert [trace.type for trace in figure.data] == ["heatmap"]
    assert len(figure.layout.yaxis.ticktext) <= 60
    assert figure.layout.height < 1400


def test_heat_map_on_a_logarithmic_scale_keeps_the_true_numbers():
    figure = view["heat_map"](Matrix([[1.0, 100.0]], ("a",), ("b", "c")), log=True)
    assert list(figure.data[0].z[0]) == [0, 2]
    assert list(figure.data[-1].text) == ["1", "100"]


def test_names_are_shown_and_never_obeyed():
    matrix = Matrix([[1.0]], ("<script>x</script>",), ("<b>0</b>",), value_label="<i>v</i>")
    text = str(view["heat_map"](matrix))
    assert "&lt;b&gt;0&lt;/b&gt;" in text
    assert "<b>" not in text and "<script" not in text and "<i>" not in text  # noqa: PT018


@pytest.mark.parametrize("dimensions", [2, 3])
def test_cloud_draws_each_point_once_with_its_class(dimensions):
    embedding = some_embedding(dimensions=dimensions)
    figure = view["cloud"](embedding)
    (trace,) = figure.data
    drawn = np.column_stack([getattr(trace, axis) for axis in "xyz"[:dimensions]])
    order = [int(text.split()[0][1:]) for text in trace.text]
    np.testing.assert_array_equal(drawn, embedding.points[order])
    np.testing.assert_array_equal(trace.marker.color, embedding.labels[order])
    assert "44% of neighbours kept · trustworthiness 0.93 · 400 points" in texts(figure)
    assert "radius 0.7" in texts(figure)


def test_cloud_without_labels_or_quality():
    figure = view["cloud"](Embedding(np.eye(3)[:, :2]))
    assert sorted(figure.data[0].x) == [0, 0, 1]
    assert "kept" not in texts(figure)


def test_cloud_refuses_other_dimensions():
    with pytest.raises(InputError, match="shape points x 2 or 3"):
        view["cloud"](Embedding(np.zeros((5, 4))))


def test_embedding_evolution_places_each_cloud_in_its_cell():
    grid = [some_embedding(k, points=20) for k in range(6)]
    figure = view["embedding_evolution"](grid, layers=["a", "b"], epochs=[0, 1, 2])
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
        view["embedding_evolution"]([some_embedding()], layers="ab", epochs=[0, 1])
    grid = [some_embedding(), Embedding(np.zeros((0, 2)))]
    figure = view["embedding_evolution"](grid, layers=["a"], epochs=[0, 1], most=50)
    assert "50 of 400 points drawn" in texts(figure)
    assert "n/a" in texts(figure)
    assert len(figure.data[0].x) == 50


def test_training_curves_show_mean_and_range_over_seeds():
    table = Table({"epoch": [0, 1, 0, 1], "seed": [0, 0, 1, 1], "test_loss": [4, 2, 2, 1]})
    figure = view["training_curves"](table, quantities=["loss"])
    (line,) = traces(figure, "test")
    assert list(line.y) == [3, 1.5]
    assert list(traces(figure, "band")[0].y) == [2, 1, 2, 4]


def test_training_curves_turn_accuracy_into_error_in_percent():
    table = Table({"epoch": [0, 1], "train_accuracy": [0.5, 0.99], "test_accuracy": [0.5, 0.9]})
    figure = view["training_curves"]({"wide": table})
    assert list(traces(figure, "wide test")[0].y) == pytest.approx([50, 10])
    assert figure.layout.yaxis.title.text == "error, %"
    with pytest.raises(
        InputError, match="columns such as test_speed, got epoch, test_accuracy, train"
    ):
        view["training_curves"](table, quantities=["speed"])


def test_comparison_subtracts_the_first_from_the_second_by_name():
    a = Matrix([[1.0, 2.0]], ("fc1",), ("0", "1"), value_label="error")
    b = Matrix([[5.0, 3.0], [7.0, 8.0]], ("fc1", "fc2"), ("1", "0"), value_label="error")
    figure = view["comparison"]({"A": a, "B": b}, better="low")
    first, second, difference = (t for t in figure.data if t.type == "heatmap")
    assert [list(r) for r in first.z] == [[1, 2], [None, None]]
    assert [list(r) for r in second.z] == [[3, 5], [8, 7]]
    assert [list(r) for r in difference.z] == [[2, 3], [None, None]]
    assert (first.zmin, first.zmax) == (second.zmin, second.zmax)
    assert (difference.zmin, difference.zmax) == (-3, 3)
    assert difference.colorscale[-1][1] == "#b3470b"  # worse is vermillion


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
    assert list(traces(figure, "wide")[0].y) == list(range(7))
    assert list(figure.layout.xaxis.ticktext) == list(LAYERS)
    assert traces(figure, "raw")[0].line.dash == "dash"
    assert {a.text for a in figure.layout.annotations} == {"wide", "raw"}


def test_lines_break_where_there_is_no_number():
    figure = view["lines"](Curve(EPOCHS[:3], [[1.0, np.nan, 3.0]]))
    assert list(figure.data[0].y) == [1, None, 3]
