"""Whether the tests notice mistakes: each mutation of mutations.toml, and the test that must fail.

    python tests/mutants/run.py [--only PART_OF_A_NAME] [--jobs N] [--json]

A mutation is applied to a copy of the source in a temporary folder, and its test runs against that
copy; the tree itself stays as it is. First all tests run on an unchanged copy, where they must
pass. Exit code 1 where a mutation survives, no longer applies, or its test does not run.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE, LIST = ROOT / "src" / "lamella", Path(__file__).with_name("mutations.toml")
TIMEOUT = 900  # seconds; a mutation that makes its test hang is noticed as well
PASSED, FAILED = 0, 1  # exit codes of pytest
KILLED, SURVIVED, STALE, BROKEN = "killed", "SURVIVED", "NO LONGER APPLIES", "TEST DOES NOT RUN"


@dataclass(frozen=True)
class Mutation:
    """A mistake: in the one file below `where` that holds `old`, once, it becomes `new`."""

    name: str
    where: str
    old: str
    new: str
    test: str

    def places(self, package: Path = PACKAGE) -> list[Path]:
        """The files that hold the text, each as often as it holds it."""
        place = package / self.where
        files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
        there = [file for file in files if file.is_file()]
        return [file for file in there for _ in range(file.read_text().count(self.old))]

    def apply(self, package: Path) -> None:
        """Make the mistake in a copy of the package."""
        (file,) = self.places(package)
        file.write_text(file.read_text().replace(self.old, self.new))


@dataclass(frozen=True)
class Outcome:
    """What became of a mutation, after how many seconds."""

    name: str
    where: str
    test: str
    outcome: str
    seconds: float
    said: str = ""  # by pytest, where something is wrong


def mutations(part: str = "") -> list[Mutation]:
    """All mutations of the list with `part` in their name or place."""
    listed = [Mutation(**facts) for facts in tomllib.loads(LIST.read_text())["mutation"]]
    return [each for each in listed if part.lower() in f"{each.name} {each.where}".lower()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the mutations that were asked for and print what became of each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", metavar="PART", help="of a name or a place")
    parser.add_argument("--jobs", type=int, default=1, help="how many run at once")
    parser.add_argument("--json", action="store_true", help="print the outcomes as JSON")
    options = parser.parse_args(arguments)
    wanted = mutations(options.only)
    if not wanted:
        parser.error(f"no mutation has {options.only!r} in its name or place")
    if said := wrong_already([each.test for each in wanted if each.places()]):
        print(f"{said}\nThe tests fail without a mutation. Repair them first.", file=sys.stderr)
        return 1
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = list(told(pool.map(tried, wanted), len(wanted)))
    if options.json:
        print(json.dumps([asdict(outcome) for outcome in outcomes], indent=1))
    return int(any(outcome.outcome != KILLED for outcome in outcomes))


def wrong_already(tests: Sequence[str]) -> str:
    """What pytest says about tests that fail on the source as it is; nothing where all pass."""
    print(f"{len(set(tests))} tests without a mutation ...", file=sys.stderr, flush=True)
    with copied() as source:
        code, said = run_test(source, sorted(set(tests)))
    return "" if code == PASSED else said


def tried(mutation: Mutation) -> Outcome:
    """Apply one mutation to a copy of its own and run its test."""
    start = time.monotonic()
    if len(mutation.places()) != 1:
        return outcome_of(mutation, STALE, start, f"the text stands {len(mutation.places())} times")
    with copied() as source:
        mutation.apply(source / "lamella")
        code, said = run_test(source, [mutation.test])
    found = {FAILED: KILLED, PASSED: SURVIVED}.get(code, BROKEN)
    return outcome_of(mutation, found, start, "" if found == KILLED else said)


def outcome_of(mutation: Mutation, outcome: str, start: float, said: str) -> Outcome:
    """The record of a mutation."""
    seconds = round(time.monotonic() - start, 1)
    return Outcome(mutation.name, mutation.where, mutation.test, outcome, seconds, said)


def told(outcomes: Iterator[Outcome], count: int) -> Iterator[Outcome]:
    """The outcomes as they come, each with a line of progress, and at last how many were killed."""
    killed = 0
    for number, each in enumerate(outcomes, start=1):
        killed += each.outcome == KILLED
        line = f"[{number}/{count}] {each.outcome}: {each.name} ({each.where}, {each.seconds} s)"
        if each.said:
            line += f"\n    {each.test}\n    " + "\n    ".join(each.said.splitlines()[-12:])
        print(line, file=sys.stderr, flush=True)
        yield each
    print(f"{killed} of {count} mutations killed", file=sys.stderr)


@contextmanager
def copied() -> Iterator[Path]:
    """A folder with a copy of the package, what is compiled of it included."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as folder:
        shutil.copytree(PACKAGE, Path(folder) / "lamella")
        yield Path(folder)


def run_test(source: Path, tests: Sequence[str]) -> tuple[int, str]:
    """Pytest's exit code for tests of the package in a folder, and what it said."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    path = os.pathsep.join([str(source), *filter(None, [os.environ.get("PYTHONPATH")])])
    alone = os.environ | {"PYTHONPATH": path, "OMP_NUM_THREADS": "1"}
    check = "import lamella, sys; sys.exit(not lamella.__file__.startswith(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", check, str(source)], env=alone, cwd=ROOT, check=True)
    try:
        done = subprocess.run(
            command, env=alone, cwd=ROOT, capture_output=True, text=True, timeout=TIMEOUT
        )
    except subprocess.TimeoutExpired:
        return FAILED, ""
    return done.returncode, done.stdout + done.stderr


if __name__ == "__main__":
    sys.exit(main())
