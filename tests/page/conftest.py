"""The page is tested with small runs written by hand."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
