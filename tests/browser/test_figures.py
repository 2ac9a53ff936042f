"""The story's figures: each view draws the numbers it was given, read back from the page."""

import pytest

HOST = """
() => {
  document.getElementById("figure")?.remove();
  const host = document.createElement("div");
  host.id = "figure";
  Object.assign(host.style, { position: "fixed", left: 0, top: 0, zIndex: 20, width: "760px",
    background: "var(--paper)" });
  document.body.append(host);
}
"""
DRAW = """
picture => {
  const packed = (value) => {
    if (value && value.$ === "array")
      return { data: Float32Array.from(value.data, v => v ?? NaN), shape: value.shape };
    if (Array.isArray(value)) return value.map(packed);
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, packed(v)]));
    return value;
  };
  lamella.drawFigure(document.getElementById("figure"), packed(picture));
  return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
}
"""


@pytest.fixture
def draw(one_page):
    """draw(view, record or {name: record}, **arguments): the page with the figure on it."""

    def run(view, record, **arguments):
        one_page.evaluate(HOST)
        many = "kind" not in record
        held = {"records": [[k, r] for k, r in record.items()]} if many else {"record": record}
        one_page.evaluate(DRAW, {"view": view, "caption": "", "arguments": arguments, **held})
        return one_page.locator("#figure")

    return run


def array(data, *shape):
    """An array of a pack; None is NaN."""
    return {"$": "array", "data": data, "shape": list(shape) or [len(data)]}


def table(**columns):
    """A table record; columns of numbers become arrays."""
    made = [[k, array(v) if isinstance(v[0], int | float) else v] for k, v in columns.items()]
    return {"kind": "table", "columns": made, "title": ""}


def matrix(values, rows, columns):
    """A matrix record from its values row by row."""
    return {
        "kind": "matrix",
        "values": array(values, len(rows), len(columns)),
        "rows": rows,
        "columns": columns,
        "row_label": "layer",
        "column_label": "epoch",
        "value_label": "error",
        "title": "",
    }


def curve(x, y, series, low=None, high=None):
    """A curve record from one list of values for each series."""
    shape = (len(series), len(x))
    y, low, high = (
        rows and array([v for row in rows for v in row], *shape) for rows in (y, low, high)
    )
    x = x if isinstance(x[0], str) else array(x)
    return {
        "kind": "curve",
        "x": x,
        "y": y,
        "low": low,
        "high": high,
        "series": series,
        "x_label": "layer",
        "y_label": "error",
        "title": "",
    }


def diagrams(bars):
    """A record of bars (dimension, birth, death), longest first."""
    dimension, birth, death = ([bar[k] for bar in bars] for k in range(3))
    counts = {str(d): dimension.count(d) for d in set(dimension)}
    return {
        "kind": "diagrams",
        "dimension": array(dimension),
        "birth": array(birth),
        "death": array(death),
        "bars": counts,
        "unit": "edge length",
        "mean_distance": 1,
        "points": 5,
        "bound": 0,
        "threshold": None,
        "why_empty": "",
    }


def embedding(points, labels):
    """A flat embedding of two classes."""
    return {
        "kind": "embedding",
        "points": array([v for point in points for v in point], len(points), 2),
        "labels": array(labels),
        "ids": None,
        "method": "PCA",
        "axes": [],
        "class_names": ["inner", "outer"],
        "trustworthiness": 0.9,
        "neighbours_kept": 0.5,
        "title": "",
    }


def numbers(figure):
    """The numbers printed in cells, in order of reading."""
    return figure.locator(".cells .body text").all_text_contents()


def heights(figure, series):
    """The values a drawn line passes through, read back from its path."""
    return figure.page.evaluate(
        """series => {
          const line = document.querySelector(`#figure [data-series="${CSS.escape(series)}"]`);
          const plot = line.closest(".plot-box").lamellaPlot;
          const at = line.getAttribute("d").replaceAll("h0", "").match(/[-\\d.]+/g).map(Number);
          return at.filter((_, i) => i % 2)
            .map(y => plot.y.value(1 - (y - plot.area.top) / plot.area.height));
        }""",
        series,
    )


def test_lines_pass_through_their_values_over_named_places(draw):
    record = curve(["input", "fc1", "fc2"], [[5, 3, 1], [5, 4, 4]], ["wide", "narrow"])
    figure = draw("lines", record, zero=True)
    assert heights(figure, "wide") == pytest.approx([5, 3, 1], abs=0.05)
    assert heights(figure, "narrow") == pytest.approx([5, 4, 4], abs=0.05)
    ticks = figure.locator(".plot-tick").all_text_contents()
    assert {"input", "fc1", "fc2", "0"} <= set(ticks)


def test_lines_keep_their_bands_on_a_logarithmic_axis(draw):
    record = curve([1, 2, 3], [[1, 10, 100]], ["loss"], [[0.5, 5, 50]], [[2, 20, 200]])
    figure = draw("lines", record, log_y=True)
    assert figure.locator(".plot-band").count() == 1
    assert heights(figure, "loss") == pytest.approx([1, 10, 100], rel=0.03)


def test_heat_map_prints_its_numbers_and_stripes_what_is_missing(draw):
    figure = draw("heat_map", matrix([1, 2, None, 4], ["fc1", "fc2"], ["0", "8"]), better="low")
    assert numbers(figure) == ["1", "2", "4"]
    assert figure.locator(".body rect.none").count() == 1
    assert "lower is better" in figure.inner_text()


def test_comparison_matches_rows_by_name_and_subtracts(draw):
    a = matrix([5, 3, 1], ["fc1", "fc2", "head"], ["0"])
    b = matrix([6, 4], ["fc1", "head"], ["0"])
    figure = draw("comparison", {"wide": a, "narrow": b}, better="low")
    assert numbers(figure) == ["5", "3", "1", "6", "4", "+1", "+3"]
    assert "narrow − wide" in figure.inner_text()
    assert "narrow is worse" in figure.inner_text()


def test_confusion_counts_what_is_right(draw):
    figure = draw("confusion_matrix", matrix([8, 2, 1, 9], ["cat", "dog"], ["cat", "dog"]))
    assert numbers(figure) == ["8", "2", "1", "9"]
    said = figure.inner_text()
    of_all, of_each = ("17", "20", "85"), ("80", "90")
    assert all(number in said for number in (*of_all, *of_each))


def test_training_curves_show_the_error_in_percent_and_the_mean_of_seeds(draw):
    logged = table(epoch=[0, 1, 0, 1], seed=[0, 0, 1, 1], test_accuracy=[0.5, 0.9, 0.7, 0.7])
    figure = draw("training_curves", {"wide": logged}, log=False)
    values = figure.page.evaluate(
        """() => {
          const line = document.querySelector('#figure [data-run="wide"][data-split="test"]');
          const plot = line.closest(".plot-box").lamellaPlot;
          return line.getAttribute("d").replaceAll("h0", "").match(/[-\\d.]+/g).map(Number)
            .filter((_, i) => i % 2)
            .map(y => plot.y.value(1 - (y - plot.area.top) / plot.area.height));
        }"""
    )
    assert values == pytest.approx([40, 20], abs=0.5)
    assert figure.locator(".plot-band").count() == 1


def test_barcodes_share_one_scale(draw):
    short, long = diagrams([(0, 0, 1), (1, 0.5, 1)]), diagrams([(0, 0, 4)])
    figure = draw("barcodes", {"input": short, "head": long})
    assert figure.locator(".plot-segment").count() == 3
    ends = figure.page.evaluate(
        "() => [...document.querySelectorAll('#figure .plot-box')].map(b => b.lamellaPlot.x.high)"
    )
    assert len(set(ends)) == 1
    assert ends[0] >= 4


def test_embedding_evolution_has_a_cloud_in_each_cell(draw):
    cloud = embedding([[0, 0], [1, 1], [2, 0]], [0, 1, 1])
    none = embedding([], [])
    records = {str(at): each for at, each in enumerate((cloud, cloud, cloud, none))}
    figure = draw("embedding_evolution", records, layers=["fc1", "fc2"], epochs=[0, 8])
    inked = figure.page.evaluate(
        """() => {
          const canvas = document.querySelector("#figure canvas");
          const pen = canvas.getContext("2d");
          const data = pen.getImageData(0, 0, canvas.width, canvas.height).data;
          const counts = [0, 0, 0, 0];
          const left = canvas.width - 2 * 130 * devicePixelRatio;
          for (let i = 0; i < data.length; i += 4) {
            const spread = Math.max(data[i], data[i + 1], data[i + 2])
              - Math.min(data[i], data[i + 1], data[i + 2]);
            if (data[i + 3] < 150 || spread < 60) continue;
            const x = (i / 4) % canvas.width, y = Math.floor(i / 4 / canvas.width);
            counts[2 * (y > 150 * devicePixelRatio) + (x > left + 130 * devicePixelRatio)]++;
          }
          return counts;
        }"""
    )
    assert min(inked[:3]) > 5
    assert inked[3] == 0
    assert {"inner", "outer"} <= set(figure.locator(".keys span").all_inner_texts())


def test_histogram_sums_to_a_hundred_percent_and_counts_what_is_not_finite(draw):
    figure = draw("histogram", table(value=[0, 0, 1, None]), bins=2)
    assert "3 values" in figure.inner_text()
    assert "1 not finite" in figure.inner_text()
    shares = figure.page.evaluate(
        "() => document.querySelector('#figure .plot-box').lamellaPlot.marks"
        ".find(m => !m.under && m.ys).ys.slice(0, 2)"
    )
    assert shares == pytest.approx([200 / 3, 100 / 3])


def test_compactness_profile_is_in_percent_with_grey_baselines(draw):
    records = {
        "fc1": curve([1, 2], [[0.1, 0.2]], ["all"]),
        "fc2": curve([1, 2], [[0.05, 0.1]], ["all"]),
        "input": curve([1, 2], [[0.4, 0.4]], ["all"]),
    }
    figure = draw("compactness_profile", records, baselines=["input"])
    assert heights(figure, "fc1") == pytest.approx([10, 20], abs=0.4)
    dashed = figure.locator('[data-series="input"]').get_attribute("stroke-dasharray")
    assert dashed


def test_pictures_of_a_mosaic_keep_their_order_and_captions(draw):
    images = {
        "kind": "images",
        "pixels": array([0, 85, 170, 255], 4, 1, 1, 1),
        "captions": ["a", "b", "<b>c</b>", "d"],
        "columns": 2,
        "scale": None,
        "title": "",
    }
    figure = draw("mosaic", images, captioned=True)
    assert figure.locator("figcaption").all_text_contents() == ["a", "b", "<b>c</b>", "d"]
    assert figure.locator("canvas").count() == 4
    assert figure.locator("figcaption b").count() == 0


def test_a_view_the_page_does_not_know_is_drawn_by_its_kind(draw):
    figure = draw("a_new_view", table(layer=["fc1", "fc2"], error=[0.5, 0.25]))
    assert figure.locator("tbody tr").count() == 2
    two = {"first": table(n=[1, 2]), "second": table(n=[3, 4])}
    figure = draw("a_new_view", two)
    assert figure.locator("h5").all_text_contents() == ["first", "second"]
    assert figure.locator("tbody tr").count() == 4


def test_a_figure_without_data_says_so(draw, one_page):
    one_page.evaluate(HOST)
    one_page.evaluate(DRAW, {"view": "heat_map", "arguments": {}, "records": []})
    assert "no data" in one_page.locator("#figure").inner_text()
