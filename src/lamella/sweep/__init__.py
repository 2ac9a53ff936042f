"""Measuring the cells of a run."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

from lamella.sweep.ledger import NOT_COMPUTED, Failure
from lamella.sweep.measure_run import sweep
from lamella.sweep.report import SweepReport

__all__ = ["NOT_COMPUTED", "Failure", "SweepReport", "sweep"]


class CallableRoom(ModuleType):
    """This package, callable: importing it puts it in the place of the function lamella.sweep."""

    def __call__(self, *arguments: Any, **options: Any) -> SweepReport:
        return sweep(*arguments, **options)


sys.modules[__name__].__class__ = CallableRoom
