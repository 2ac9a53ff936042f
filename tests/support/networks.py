"""Networks of the literature, built from torch's own modules."""

from __future__ import annotations

import torch
from torch import nn


def alexnet(padding: int = 2) -> nn.Sequential:
    """Krizhevsky (2014), one tower; the first padding is 2 in torchvision, 0 in Distill."""
    r, p = nn.ReLU, lambda: nn.MaxPool2d(3, 2)
    features = nn.Sequential(
        nn.Conv2d(3, 64, 11, 4, padding), r(), p(), nn.Conv2d(64, 192, 5, padding=2), r(), p(),
        nn.Conv2d(192, 384, 3, padding=1), r(), nn.Conv2d(384, 256, 3, padding=1), r(),
        nn.Conv2d(256, 256, 3, padding=1), r(), p(),
    )  # fmt: skip
    head = nn.Sequential(
        nn.Linear(9216, 4096), r(), nn.Linear(4096, 4096), r(), nn.Linear(4096, 1000)
    )
    return nn.Sequential(features, nn.AdaptiveAvgPool2d(6), nn.Flatten(), head)


def vgg16() -> nn.Sequential:
    """Simonyan and Zisserman (2014), configuration D."""
    layers: list[nn.Module] = []
    channels = 3
    for block in ([64] * 2, [128] * 2, [256] * 3, [512] * 3, [512] * 3):
        for width in block:
            layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
            channels = width
        layers.append(nn.MaxPool2d(2))
    head = [
        nn.Linear(25088, 4096),
        nn.ReLU(),
        nn.Linear(4096, 4096),
        nn.ReLU(),
        nn.Linear(4096, 1000),
    ]
    return nn.Sequential(*layers, nn.Flatten(), *head)


class Basic(nn.Module):
    """Two 3x3 convolutions beside a shortcut."""

    grow = 1

    def __init__(self, inside: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, width, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.down = shortcut(inside, width, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + (x if self.down is None else self.down(x)))


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 beside a shortcut."""

    grow = 4

    def __init__(self, inside: int, width: int, stride: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(inside, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, 4 * width, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(4 * width)
        self.down = shortcut(inside, 4 * width, stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return torch.relu(y + (x if self.down is None else self.down(x)))


def shortcut(inside: int, outside: int, stride: int) -> nn.Module | None:
    """A projection where the shape changes, nothing where it does not."""
    if stride == 1 and inside == outside:
        return None
    return nn.Sequential(nn.Conv2d(inside, outside, 1, stride, bias=False), nn.BatchNorm2d(outside))


def resnet(block: type[Basic | Bottleneck], blocks: tuple[int, ...]) -> nn.Sequential:
    """He et al. (2015) for 224 x 224 images."""
    layers: list[nn.Module] = [
        nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1),
    ]  # fmt: skip
    inside = 64
    for stage, count in enumerate(blocks):
        width = 64 * 2**stage
        for number in range(count):
            layers.append(block(inside, width, 2 if stage and not number else 1))
            inside = width * block.grow
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(inside, 1000))


def lenet5() -> nn.Sequential:
    """The modern form of LeCun et al. (1998)."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(),
        nn.AvgPool2d(2), nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84),
        nn.Tanh(), nn.Linear(84, 10),
    )  # fmt: skip
