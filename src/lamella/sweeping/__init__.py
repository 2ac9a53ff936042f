"""Measuring the cells of a run."""

from lamella.store import NOT_COMPUTED
from lamella.sweeping.ledger import Failure
from lamella.sweeping.measure_run import sweep
from lamella.sweeping.report import SweepReport

__all__ = ["NOT_COMPUTED", "Failure", "SweepReport", "sweep"]
