"""A loop that records while something is taken away from it; a process of its own.

    python -m support.failing_loop FOLDER WHAT

Prints, as JSON, the epochs that `epoch()` returned from and what the recorder says of itself.
"""

import json
import os
import resource
import shutil
import sys
import warnings
from pathlib import Path

import torch

import lamella
from support.recorded_nets import perceptron, probes


def limit(what, value):
    """Lower a limit of this process; returns how to set it back."""
    before = resource.getrlimit(what)
    resource.setrlimit(what, (value, before[1]))
    return lambda: resource.setrlimit(what, before)


def large_files(folder):
    return limit(resource.RLIMIT_FSIZE, 9000)


def no_descriptors(folder):
    highest = max(map(int, os.listdir("/proc/self/fd")))
    return limit(resource.RLIMIT_NOFILE, highest)


def read_only(folder):
    for path in (folder, folder / "activations", folder / "weights"):
        path.chmod(0o555)
    return lambda: None


def deleted(folder):
    shutil.rmtree(folder)
    return lambda: None


def replaced(folder):
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    return lambda: None


def database(folder):
    (folder / "results.sqlite").unlink()
    return lambda: None


def filled(folder):
    """Fill the disk, which is a small one; some room comes back for the last epoch."""
    with open(folder.parent / "filler", "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass
    return lambda: None


def main():
    folder, what = Path(sys.argv[1]), sys.argv[2]
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    if what == "read_only" and os.getuid() == 0:  # who may write anywhere
        with lamella.record(folder.parent / "warm", perceptron(), probes()) as recorder:
            recorder.epoch()  # all that is imported late, while it can be read
        os.chown(folder.parent, 65534, 65534)
        os.setgid(65534), os.setuid(65534)
    recorder = lamella.record(folder, perceptron(), probes(), moments=lamella.every(1))
    recorder.epoch(loss=0)
    recorder.epoch(loss=1)
    recorder.flush()
    back = globals()[what](folder)
    for epoch in (2, 3):
        recorder.epoch(loss=epoch)
    recorder.flush()
    if len(sys.argv) > 3:
        back()
    recorder.epoch(loss=4)
    recorder.close()
    back()
    print(json.dumps({"stored": recorder.stored, "problems": recorder.problems}))


if __name__ == "__main__":
    main()
