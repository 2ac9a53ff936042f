"""The page is tested with the example of every view, and in a browser where there is one."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "views"))

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium, or a skip that says what is missing."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip(f"no {CHROMIUM} (apt-get install chromium)")
    quiet = ["--no-sandbox", "--disable-background-networking", "--disable-component-update"]
    with playwright.sync_playwright() as machine:
        browser = machine.chromium.launch(
            executable_path=str(CHROMIUM), args=[*quiet, "--enable-unsafe-swiftshader"]
        )
        yield browser
        browser.close()
