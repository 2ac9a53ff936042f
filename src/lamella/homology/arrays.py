"""Names for the arrays that kernels pass about: dtype and axes of each, said once."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Float32, Float64, Int16, Int32, Int64, UInt8, UInt16, UInt64

Matrix = Float32[np.ndarray, "points points"]  # of distances
Lengths = Float32[np.ndarray, " points"]  # a row of it, or a stretch of one
Ranks = Int32[np.ndarray, "points points"]  # the places of edges in their order
RankRow = Int32[np.ndarray, " points"]
LuneRoots = UInt16[np.ndarray, "points points"]
Guesses = Int32[np.ndarray, "points parts"]
Graph = UInt64[np.ndarray, "points words"]  # rows of bits: who is joined to whom
Bits = UInt64[np.ndarray, " words"]  # a set of vertices, or of generators
Edges = Int64[np.ndarray, " edges"]  # each `length << 32 | i << 16 | j`, see `filtration.edges`
Pairs = Int64[np.ndarray, " pairs"]  # each `i << 16 | j` with i < j
Vertices = Int64[np.ndarray, " vertices"]
Counts = Int64[np.ndarray, " counts"]  # numbers that a kernel changes in place
Flags = Bool[np.ndarray, " flags"]
Numbers = Int32[np.ndarray, " numbers"]
Reals = Float64[np.ndarray, " reals"]
Points = Float[np.ndarray, "points features"]  # float32 or float64
Coordinates = Float64[np.ndarray, "points features"]
Witnesses = Int32[np.ndarray, "points witnesses"]
Hubs = Float32[np.ndarray, "hubs points"]
Cycles = Int64[np.ndarray, "cycles 3"]
MatchSteps = UInt8[np.ndarray, "bars others"]
MatchedPairs = Int64[np.ndarray, "pairs 2"]
Rungs = Int64[np.ndarray, "bars kept"]
CocycleValues = Int16[np.ndarray, "slots points points"]
