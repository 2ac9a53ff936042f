"""The page's pure functions: the same tests in node, where there is one, and in Chromium."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = ROOT / "tests" / "page" / "scripts"
FILES = sorted(SCRIPTS.glob("*.test.js"))
names = pytest.mark.parametrize("file", FILES, ids=[file.name.partition(".")[0] for file in FILES])
SITE = "http://tests.invalid"
OLDEST = (20, 19)  # the first node that takes a .js file with imports for a module
STAND_INS = {
    "node:test": "/tests/page/scripts/in-browsers/test.js",
    "node:assert/strict": "/tests/page/scripts/in-browsers/assert.js",
}
PAGE = """<script type="importmap">{imports}</script><script type="module">
  window.ended = "";
  import("/{path}").then(() => {{ ended = "well"; }}, (error) => {{ ended = String(error); }});
</script>"""
WRONG = """import assert from "node:assert/strict";
import test from "node:test";
test("equal", () => assert.equal(0, -0));
test("deep", () => assert.deepEqual([1, NaN], [1, null]));
test("typed", () => assert.deepEqual(new Uint8Array([1]), [1]));
test("ok", () => assert.ok(0));
test("match", () => assert.match("abc", /d/));
test("throws", () => assert.throws(() => 1, /x/));
test("right", () => assert.deepEqual({ a: [1, NaN] }, { a: [1, NaN] }));
"""


def test_there_are_tests_of_the_pure_functions():
    assert len(FILES) > 1


@names
def test_in_node(file):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node here; chromium runs the same tests")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < OLDEST:
        pytest.skip(f"node {version.strip()} takes no modules without a package.json")
    done = subprocess.run([node, "--test", str(file)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert int(re.search(r"^# pass (\d+)$", done.stdout, re.M).group(1)) == count(file)


@names
def test_in_chromium(chromium, file):
    assert in_chromium(chromium, file.relative_to(ROOT), {}) == (count(file), [])


def test_a_wrong_assertion_fails_in_chromium(chromium):
    path = "tests/page/scripts/wrong.test.js"
    passed, problems = in_chromium(chromium, path, {path: WRONG})
    wrong = ["equal", "deep", "typed", "ok", "match", "throws"]
    assert (passed, [each.partition(":")[0] for each in problems]) == (1, wrong)


def count(file):
    """How many tests a file has."""
    return len(re.findall(r"^test\(", file.read_text("utf-8"), re.M))


def in_chromium(chromium, path, texts):
    """How many tests of a file passed, and what the others said."""
    page = chromium.new_page()
    page.route(f"{SITE}/**", lambda route: serve(route, texts))
    page.goto(f"{SITE}/?{path}")
    page.wait_for_function("window.ended")
    ended, passed, problems = page.evaluate("[window.ended, window.passed, window.problems]")
    page.close()
    assert ended == "well"
    return passed, problems


def serve(route, texts):
    """A file of the repository, or a page that runs the tests of one."""
    path = route.request.url.removeprefix(f"{SITE}/")
    if path.startswith("?"):
        page = PAGE.format(imports=json.dumps({"imports": STAND_INS}), path=path[1:])
        return route.fulfill(body=page, content_type="text/html")
    text = texts.get(path) or (ROOT / path).read_text("utf-8")
    return route.fulfill(body=text, content_type="text/javascript; charset=utf-8")
