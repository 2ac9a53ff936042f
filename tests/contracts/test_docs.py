"""Pages that are written by programs say what the programs say now."""

import importlib.util
from pathlib import Path

import pytest

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


def test_every_link_of_the_readme_leads_somewhere():
    import re

    root = DOCS.parent
    for target in re.findall(r"\]\(([\w./-]+)\)", (root / "README.md").read_text()):
        if "." not in target and "/" not in target:
            continue  # a call in an example
        assert (root / target).exists(), target
