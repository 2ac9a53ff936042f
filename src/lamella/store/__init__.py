"""The run folder: layout, writing, reading. The format is written down in docs/run-format.md."""

from lamella.store.asked import as_epoch, as_path
from lamella.store.create import create_run, read_info, write_info
from lamella.store.database import (
    connect,
    read_result_key,
    write_problem,
    write_result,
    write_scalars,
)
from lamella.store.files import whole_files
from lamella.store.find import find_runs
from lamella.store.layout import VERSION
from lamella.store.readable import trouble
from lamella.store.run import NOT_COMPUTED, Run, open_run
from lamella.store.verify import Damage, Verification, repair_run, verify_run
from lamella.store.write import activation_file, write_activations, write_probe, write_weights

__all__ = [
    "NOT_COMPUTED",
    "VERSION",
    "Damage",
    "Run",
    "Verification",
    "activation_file",
    "as_epoch",
    "as_path",
    "connect",
    "create_run",
    "find_runs",
    "open_run",
    "read_info",
    "read_result_key",
    "repair_run",
    "trouble",
    "verify_run",
    "whole_files",
    "write_activations",
    "write_info",
    "write_probe",
    "write_problem",
    "write_result",
    "write_scalars",
    "write_weights",
]
