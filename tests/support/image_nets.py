"""Small networks with what lenses trip over: in-place, reused, functional, skipping, dilated."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


def seeded(net, seed=0, dtype=torch.float64):
    """Normal weights from a seed, and statistics of batch norm that are not the default."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in net.parameters():
            scale = 1 / np.sqrt(max(1, parameter[0].numel())) if parameter.ndim > 1 else 0.3
            parameter.copy_(scale * torch.randn(parameter.shape, generator=generator))
        for name, buffer in net.named_buffers():
            if name.endswith("running_var"):
                buffer.copy_(0.5 + torch.rand(buffer.shape, generator=generator))
    return net.to(dtype).eval()


def pictures(count=3, channels=2, size=8, seed=0):
    return np.random.default_rng(seed).standard_normal((count, channels, size, size))


def plain(relu=nn.ReLU, channels=2, size=8):
    return seeded(
        nn.Sequential(
            nn.Conv2d(channels, 4, 3, padding=1),
            relu(),
            nn.MaxPool2d(2),
            nn.Conv2d(4, 5, 3, stride=2, padding=1),
            nn.BatchNorm2d(5),
            relu(),
            nn.Flatten(),
            nn.Linear(5 * (size // 4) ** 2, 3),
        )
    )


def smooth():
    """Without a kink anywhere."""
    return seeded(
        nn.Sequential(
            nn.Conv2d(2, 4, 3), nn.Tanh(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(36, 3)
        )
    )


class InPlace(nn.ReLU):
    def __init__(self):
        super().__init__(inplace=True)


class Reused(nn.Module):
    """One ReLU module called twice."""

    def __init__(self):
        super().__init__()
        self.a, self.b = nn.Conv2d(2, 4, 3), nn.Conv2d(4, 4, 3)
        self.act, self.head = nn.ReLU(), nn.Linear(4, 3)

    def forward(self, x):
        x = self.act(self.b(self.act(self.a(x))))
        return self.head(x.mean(dim=(2, 3)))


class Functional(Reused):
    """The same, without calling the module; one ReLU in place, one as a clamp."""

    def forward(self, x):
        x = F.relu_(self.a(x))
        x = self.b(x).clamp(min=0)
        return self.head(x.mean(dim=(2, 3)))


class Skip(nn.Module):
    """A strided and a dilated branch, and a skip connection around the second."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 3, 3, stride=2, padding=1)
        self.wide = nn.Conv2d(3, 3, 3, dilation=2, padding=2)
        self.pool = nn.MaxPool2d(2)

    def forward(self, x):
        x = F.relu(self.stem(x))
        return self.pool(x + self.wide(x))


class Cut(nn.Module):
    """Rounds on the way, so that no gradient comes back."""

    def __init__(self):
        super().__init__()
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(x.flatten(1).detach())
