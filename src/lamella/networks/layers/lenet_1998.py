"""The layers of LeNet-5 as the paper of 1998 describes them.

Source: LeCun, Bottou, Bengio and Haffner (1998), Gradient-based learning applied to document
recognition, section II.B, table I and figure 3, appendix A.
"""

from __future__ import annotations

import torch
from jaxtyping import Float
from torch import Tensor, nn

# Table I: which of the six maps of S2 each of the sixteen maps of C3 sees.
SEEN = (
    (0, 1, 2), (1, 2, 3), (2, 3, 4), (3, 4, 5), (0, 4, 5), (0, 1, 5),
    (0, 1, 2, 3), (1, 2, 3, 4), (2, 3, 4, 5), (0, 3, 4, 5), (0, 1, 4, 5), (0, 1, 2, 5),
    (0, 1, 3, 4), (1, 2, 4, 5), (0, 2, 3, 5),
    (0, 1, 2, 3, 4, 5),
)  # fmt: skip

# Our drawings of the digits: 11 rows of 7 pixels and an empty one. The paper's are in figure 3.
DIGITS = (
    "..###.. .#...#. #.....# #.....# #.....# #.....# #.....# #.....# #.....# .#...#. ..###..",
    "...#... ..##... .#.#... ...#... ...#... ...#... ...#... ...#... ...#... ...#... .#####.",
    ".#####. #.....# ......# ......# .....#. ....#.. ...#... ..#.... .#..... #...... #######",
    ".#####. #.....# ......# ......# .....#. ..###.. .....#. ......# ......# #.....# .#####.",
    ".....#. ....##. ...#.#. ..#..#. .#...#. #....#. ####### .....#. .....#. .....#. .....#.",
    "####### #...... #...... #...... ######. ......# ......# ......# ......# #.....# .#####.",
    "..####. .#..... #...... #...... #.####. ##....# #.....# #.....# #.....# .#...#. ..###..",
    "####### ......# .....#. .....#. ....#.. ....#.. ...#... ...#... ..#.... ..#.... ..#....",
    ".#####. #.....# #.....# #.....# .#####. #.....# #.....# #.....# #.....# #.....# .#####.",
    "..###.. .#...#. #.....# #.....# #.....# #....## .####.# ......# ......# .....#. .####..",
)


class ScaledTanh(nn.Module):
    """1.7159 tanh(2 x / 3), which is 1 at 1 and -1 at -1."""

    def forward(self, x: Tensor) -> Tensor:
        return 1.7159 * torch.tanh(2 / 3 * x)


class WeightedPool(nn.Module):
    """The sum over 2 x 2 pixels, times one weight and plus one bias for each map."""

    def __init__(self, maps: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.full((maps,), 0.25))
        self.bias = nn.Parameter(torch.zeros(maps))

    def forward(self, x: Float[Tensor, "batch maps height width"]) -> Tensor:
        total = 4 * nn.functional.avg_pool2d(x, 2)
        return total * self.weight[:, None, None] + self.bias[:, None, None]


class PartialConvolution(nn.Module):
    """A convolution from 6 to 16 maps in which each map sees only its row of table I."""

    seen: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        pairs = [(out, source) for out, sources in enumerate(SEEN) for source in sources]
        self.register_buffer("seen", torch.tensor(pairs).T.contiguous())
        fans = torch.tensor([len(SEEN[out]) * size * size for out, _ in pairs])
        bound = (1 / fans.float()).sqrt()[:, None, None]
        self.weight = nn.Parameter((2 * torch.rand(len(pairs), size, size) - 1) * bound)
        self.bias = nn.Parameter(torch.zeros(16))

    def full_weight(self) -> Float[Tensor, "16 6 size size"]:
        """The weights of an ordinary convolution, zero where no map is seen."""
        full = self.weight.new_zeros((16, 6, *self.weight.shape[1:]))
        return full.index_put((self.seen[0], self.seen[1]), self.weight)

    def forward(self, x: Float[Tensor, "batch 6 height width"]) -> Tensor:
        return nn.functional.conv2d(x, self.full_weight(), self.bias)


class CodeDistance(nn.Module):
    """Minus the squared distance to the fixed code of each class, over the length of a code."""

    codes: Tensor

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.register_buffer("codes", digit_codes(classes))

    def forward(self, x: Float[Tensor, "batch 84"]) -> Float[Tensor, "batch classes"]:
        return -(x[:, None] - self.codes).square().mean(dim=2)


def digit_codes(classes: int) -> Float[Tensor, "classes 84"]:
    """The drawings of the first ten classes as 84 numbers of 1 and -1, random codes beyond."""
    drawn = [
        [1.0 if p == "#" else -1.0 for p in (rows + 7 * ".").replace(" ", "")] for rows in DIGITS
    ]
    generator = torch.Generator().manual_seed(84)
    others = torch.randint(0, 2, (max(classes - 10, 0), 84), generator=generator) * 2.0 - 1
    return torch.cat([torch.tensor(drawn[:classes]), others])
