"""Pages and stubs that are written by programs say what the programs say now."""

import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

from lamella.registry import REGISTRIES

DOCS = Path(__file__).parents[2] / "docs"


def load(name):
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["cli", "measures", "anatomy"])
def test_a_generated_page_is_current(name):
    written = load(f"write_{name}")
    assert (DOCS / f"{name}.md").read_text() == written.page(), f"run: python docs/write_{name}.py"


@pytest.mark.parametrize("registry", REGISTRIES, ids=lambda registry: registry.package)
def test_the_stub_of_a_shelf_is_current(registry):
    written = load("write_shelves")
    found = written.place(registry).read_text()
    assert found == written.stub(registry), "run: python docs/write_shelves.py"


def pages():
    root = DOCS.parent
    return [root / "README.md", root / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_relative_link_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.S)  # calls in examples
    for target in re.findall(r"\]\(([\w./-]+\.\w+|[\w./-]+/)(?:#[\w-]+)?\)", text):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_every_link_to_a_heading_finds_it(page):
    text = page.read_text()
    for target, anchor in re.findall(r"\]\(([\w./-]*)#([\w-]+)\)", text):
        linked = (page.parent / target).read_text() if target else text
        found = re.findall(r"^#+ (.+)$", linked, flags=re.M)
        assert anchor in {re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in found}


def test_the_citation_names_the_version_that_is_here():
    root = DOCS.parent
    project = tomllib.loads((root / "pyproject.toml").read_text())["project"]
    cited = dict(re.findall(r"^(\w+): (.+)$", (root / "CITATION.cff").read_text(), flags=re.M))
    assert cited["version"] == project["version"]
    assert cited["license"] == project["license"]
    assert project["authors"][0]["name"] in (root / "CITATION.cff").read_text()
