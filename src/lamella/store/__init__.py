"""The run folder: layout, writing, reading. The format is written down in docs/run-format.md."""

from lamella.store.arguments import as_epoch, as_path
from lamella.store.create import create_run, read_info, write_info
from lamella.store.database import (
    connect,
    insert_numbers,
    query,
    read_result_key,
    replace_from,
    write_problem,
    write_result,
    write_scalars,
    writing,
)
from lamella.store.files import Parts, whole_files
from lamella.store.find import find_runs
from lamella.store.layout import VERSION, activation_path, weight_path
from lamella.store.lock import Lock, hold
from lamella.store.partial import PartialFile, partial_file
from lamella.store.readable import trouble
from lamella.store.run import NOT_COMPUTED, Run, cost_of, open_run
from lamella.store.verify import Damage, Verification, repair_run, verify_run
from lamella.store.write import (
    activation_file,
    write_activations,
    write_probe,
    write_probes,
    write_weights,
)

__all__ = [
    "NOT_COMPUTED",
    "VERSION",
    "Damage",
    "Lock",
    "PartialFile",
    "Parts",
    "Run",
    "Verification",
    "activation_file",
    "activation_path",
    "as_epoch",
    "as_path",
    "connect",
    "cost_of",
    "create_run",
    "find_runs",
    "hold",
    "insert_numbers",
    "open_run",
    "partial_file",
    "query",
    "read_info",
    "read_result_key",
    "repair_run",
    "replace_from",
    "trouble",
    "verify_run",
    "weight_path",
    "whole_files",
    "write_activations",
    "write_info",
    "write_probe",
    "write_probes",
    "write_problem",
    "write_result",
    "write_scalars",
    "write_weights",
    "writing",
]
