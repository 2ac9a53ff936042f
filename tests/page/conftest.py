"""The page is tested with the example of every view."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "views"))
