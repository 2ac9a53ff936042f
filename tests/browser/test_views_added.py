"""A view added as the how-to says: drawn in a notebook, on the live page and in the report."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.driving import open_page, until

import lamella

ROOT = Path(__file__).parents[2]
CODE = re.findall(r"```python\n(.*?)```", (ROOT / "docs/how-to/add-a-view.md").read_text(), re.S)[0]
PLOTLY = '''
from lamella.registry import views

@views.register(record="table")
def rank_plot(table, *, value="value", title=""):
    """The values of one column, drawn by plotly."""
    import plotly.graph_objects as go

    return go.Figure(go.Scatter(y=sorted(table.columns[value], reverse=True), name="ranks"))
'''
ENTRY = "[lamella.views]\nrank_plot = my_views\n"
SCRIPT = """
import json, socket, sys
import plotly.io, uvicorn
import lamella
from lamella.page.report import write_report
from lamella.page.server import application
from lamella.results import Table
from lamella.story import Picture, Section, Sentence, Story
from lamella.subject.subject import Subject

table = Table({"value": [2.0, 9.0, 4.0]})
picture = Picture("rank_plot", table, "Ranks.")
story = Story("Trial", Sentence("Look."), (Section("One", (), (picture,)),))
write_report(story, sys.argv[1])
plotly.io.renderers.default = "plotly_mimetype"
bundle = lamella.views.rank_plot(table)._repr_mimebundle_()
shown = bundle["application/vnd.plotly.v1+json"]["data"][0]["y"]
listening = socket.socket()
listening.bind(("127.0.0.1", 0))
listening.listen()
facts = {"y": list(shown), "url": f"http://127.0.0.1:{listening.getsockname()[1]}/"}
print(json.dumps(facts), flush=True)
app = application(Subject({}, "Trial", 100, story))
uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listening])
"""


def from_tree(folder):
    """lamella's own source with the new file in its views."""
    shutil.copytree(Path(lamella.__file__).parent, folder / "src" / "lamella")
    (folder / "src" / "lamella" / "views" / "rank_plot.py").write_text(CODE)
    return folder / "src"


def installed(folder, code):
    """Another package, as an installer would leave it."""
    facts = folder / "my_views-1.0.dist-info"
    facts.mkdir(parents=True)
    (facts / "METADATA").write_text("Metadata-Version: 2.1\nName: my_views\nVersion: 1.0\n")
    (facts / "entry_points.txt").write_text(ENTRY)
    (folder / "my_views.py").write_text(code)
    return f"{folder}{os.pathsep}{Path(lamella.__file__).parents[1]}"


WAYS = {
    "tree": from_tree,
    "package": lambda folder: installed(folder, CODE),
    "plotly": lambda folder: installed(folder, PLOTLY),
}


@pytest.fixture(scope="module", params=sorted(WAYS))
def added(request, tmp_path_factory):
    """(way, what a notebook gets, the live page's address, the report's address)."""
    folder = tmp_path_factory.mktemp(request.param)
    report = folder / "trial.html"
    path = {"PYTHONPATH": str(WAYS[request.param](folder))}
    command = [sys.executable, "-c", SCRIPT, str(report)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **path}
    )
    line = process.stdout.readline()
    assert line, "the script ended before it told its address"
    told = json.loads(line)
    yield request.param, told["y"], told["url"], report
    process.terminate()
    process.communicate(timeout=20)


LINE = """() => {
  const line = document.querySelector(".picture .plot-line");
  return [...line.closest(".plot-box").lamellaPlot.marks[0].ys];
}"""
TRACE = "() => [...document.querySelector('.plotly-figure').data[0].y]"


def drawn(page, way):
    """The values of the figure on the page."""
    there = ".plotly-figure .scatterlayer" if way == "plotly" else ".picture .plot-line"
    page.locator(".picture").scroll_into_view_if_needed()
    until(page, f"document.querySelector('{there}') !== null")
    return page.evaluate(TRACE if way == "plotly" else LINE)


def test_a_notebook_draws_it(added):
    assert added[1] == [9, 4, 2]


def test_the_live_page_draws_it(added, page):
    way, _, url, _ = added
    assert drawn(open_page(page, url), way) == [9, 4, 2]


def test_the_report_draws_it_offline_and_carries_plotly_only_where_it_must(added, page_of):
    way, _, _, report = added
    page = page_of(offline=True)
    assert drawn(open_page(page, report.as_uri()), way) == [9, 4, 2]
    assert ("lamella-plotly" in report.read_text().split("<script>")[0]) == (way == "plotly")
    assert (report.stat().st_size > 1_500_000) == (way == "plotly")
