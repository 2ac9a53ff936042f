"""Measuring the cells of a run."""

from lamella.measuring.ledger import Failure
from lamella.measuring.measure_run import sweep
from lamella.measuring.report import SweepReport
from lamella.store import NOT_COMPUTED

__all__ = ["NOT_COMPUTED", "Failure", "SweepReport", "sweep"]
