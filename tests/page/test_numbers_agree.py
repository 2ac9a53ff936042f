"""A number reads the same in figures, which are written in Python, and in the page's own panels."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from lamella.plots.numbers import cell_texts, fixed, percent

NUMBERS = Path(__file__).parents[2] / "src/lamella/page/assets/core/numbers.js"
SCRIPT = """import(process.argv[1]).then((numbers) => console.log(JSON.stringify({{
  percent: {values}.map(value => numbers.formatNumber(value, "%")),
  cells: {values}.map(value => numbers.shortNumber(value, "%")),
}})));"""


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not installed")
def test_percents_and_cells_are_rounded_alike():
    values = [42.5, 16.5, -16.5, 0.25, 12.35, 43.25, 99.95, 87.5, 10.05, -12.5]
    code = SCRIPT.format(values=json.dumps(values))
    command = ["node", "-e", code, str(NUMBERS)]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert found["percent"] == [percent(value / 100) for value in values]
    large = [value for value in values if abs(value) >= 10]
    cells = [text for value, text in zip(values, found["cells"], strict=True) if value in large]
    assert cells == cell_texts(np.array(large)).tolist() == [fixed(value, 0) for value in large]
