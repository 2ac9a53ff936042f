"""What a person may pass as points, labels or weights: an array, a list, or a tensor.

A function of the public takes these and turns them, by `lamella.checks`, into the arrays that the
functions behind it say the dtype and shape of.
"""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from numpy.typing import ArrayLike

Points = Float[np.ndarray, "points features"] | ArrayLike
Maps = Float[np.ndarray, "points units ..."] | ArrayLike
Labels = Int[np.ndarray, " points"] | ArrayLike
