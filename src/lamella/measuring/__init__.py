"""Measuring the cells of a run."""

from lamella.measuring.ledger import Failure
from lamella.measuring.measure_run import measure
from lamella.measuring.report import MeasureReport
from lamella.store import NOT_COMPUTED

__all__ = ["NOT_COMPUTED", "Failure", "MeasureReport", "measure"]
