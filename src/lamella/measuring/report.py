"""What was measured, in numbers and in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lamella.measuring.inputs import NO_DIAGRAMS
from lamella.measuring.ledger import TWIN_FAILED, Failure

SHOWN = 12  # places whose failures are told, one line for each
CONSEQUENCES = (NO_DIAGRAMS, TWIN_FAILED)  # reasons that follow from another failure


@dataclass(frozen=True)
class MeasureReport:
    """How many results were computed, how many the run already had, and what failed.

    `seconds` is the time that passed, `work` the time in workers for each measure. `alike` counts
    the results that were computed once for several cells of the same content, such as the input
    at every epoch. After a dry run nothing is computed: `pending` results would be, in about
    `estimate` seconds. `sampled` says (used, of) for each split that was too large,
    `narrowed` how many results replaced ones of more samples. A dry run ends after some seconds:
    measures that it did not come to are `untimed`, and the estimate is without them.
    """

    run: str
    computed: int = 0
    cached: int = 0
    alike: int = 0
    failed: tuple[Failure, ...] = ()
    inapplicable: int = 0
    pending: int = 0
    seconds: float = 0.0
    estimate: float | None = None
    work: dict[str, float] = field(default_factory=dict)
    sampled: dict[str, tuple[int, int]] = field(default_factory=dict)
    narrowed: int = 0
    untimed: tuple[str, ...] = ()

    @property
    def results(self) -> int:
        """All results asked for that the run has now."""
        return self.computed + self.cached + self.alike

    def __repr__(self) -> str:
        return "\n".join([self._headline(), *self._samples(), *self._failures()])

    def as_json(self) -> dict[str, Any]:
        """The same as one JSON object."""
        plain = {k: v for k, v in vars(self).items() if k not in ("failed", "sampled")}
        failed = [{**vars(f), "key": None} for f in self.failed]
        for failure in failed:
            del failure["key"]
        return {**plain, "failed": failed, "sampled": {k: list(v) for k, v in self.sampled.items()}}

    def _headline(self) -> str:
        if self.estimate is not None:
            have = f", {self.cached:,} are there already" if self.cached else ""
            left = f"about {in_words(self.estimate)}" if self.pending else "no time"
            if self.untimed:
                left += f" without {', '.join(self.untimed)} (not timed)"
            return f"{self.run}: {self.pending:,} results to compute, {left}{have}."
        if not self.computed and not self.failed:
            return f"{self.run}: nothing to compute, all {self.cached:,} results are there."
        parts = [f"{self.computed:,} results computed in {in_words(self.seconds)}"]
        if self.alike:
            parts.append(f"{self.alike:,} more are of the same content")
        if self.cached:
            parts.append(f"{self.cached:,} were there already")
        if self.failed:
            parts.append(f"{len(self.failed):,} could not be computed")
        return f"{self.run}: {', '.join(parts)}."

    def _samples(self) -> list[str]:
        return [
            f"  split {split}: {used:,} of {total:,} samples, chosen by class and id"
            for split, (used, total) in self.sampled.items()
        ]

    @property
    def warning(self) -> str:
        """That results are of samples only, and what they replaced; empty where they are not."""
        if not self.sampled:
            return ""
        parts = [f"{used:,} of {of:,} samples of {s}" for s, (used, of) in self.sampled.items()]
        lost = f" They replaced {self.narrowed:,} results of more samples." * bool(self.narrowed)
        return f"{self.run}: results are of {', '.join(parts)}.{lost} A larger budget takes more."

    def _failures(self) -> list[str]:
        groups = list(by_place(self.failed).values())
        lines = [f"  not computed: {in_short(group)}" for group in groups[:SHOWN]]
        left = sum(map(len, groups[SHOWN:]))
        return lines + [f"  and {left:,} more; --json lists them all"] * bool(left)


def by_place(failures: Sequence[Failure]) -> dict[tuple[str, int], list[Failure]]:
    """Failures by layer and epoch, the earliest first; those that follow from others come last."""
    found: dict[tuple[str, int], list[Failure]] = {}
    for failure in sorted(failures, key=lambda f: f.reason.startswith(CONSEQUENCES)):
        found.setdefault((failure.layer, failure.epoch), []).append(failure)
    return dict(sorted(found.items(), key=lambda item: item[0][1]))


def in_short(group: Sequence[Failure]) -> str:
    """The first failure of a layer and epoch, and how many others there are."""
    more = f" And {len(group) - 1:,} more there." if len(group) > 1 else ""
    return f"{group[0]}{'' if group[0].reason.endswith('.') else '.' * bool(more)}{more}"


def in_words(seconds: float) -> str:
    """A duration as people say it.

    >>> in_words(0.42), in_words(42), in_words(420), in_words(8000)
    ('0.4 s', '42 s', '7 min', '2.2 h')
    """
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 100:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
