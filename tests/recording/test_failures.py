"""Whatever is taken away from a recorder, training goes on and the run says what is missing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import lamella
from lamella.errors import RunError

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux")
TESTS = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(lamella.__file__).parents[1])}


def loop(folder, *what, before=()):
    command = [*before, sys.executable, "-m", "support.failing_loop", str(folder), *what]
    done = subprocess.run(
        command, capture_output=True, text=True, cwd=TESTS, env=ENVIRONMENT, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_files_that_may_not_grow(tmp_path):
    said = loop(tmp_path / "run", "large_files", "and back")
    run = lamella.open_run(tmp_path / "run")
    assert (run.status, run.epochs[:2], run.epochs[-1]) == ("finished", (0, 1), 4)
    assert run.scalars().loss.tolist() == [0, 1, 2, 3, 4]  # those that waited are there
    assert set(said["problems"]) <= set(run.problems)
    assert any("epoch 2" in text for text in run.problems) or run.epochs == (0, 1, 2, 3, 4)


def test_files_that_may_not_grow_to_the_end(tmp_path):
    loop(tmp_path / "run", "large_files")
    run = lamella.open_run(tmp_path / "run")
    assert run.status == "finished"
    losses = run.scalars().loss.tolist()
    assert losses == [0, 1, 2, 3, 4][: len(losses)]
    told = " ".join(run.problems)
    for epoch in range(len(losses), 5):
        assert f"{epoch}" in told.split("numbers of epochs")[1]


@pytest.mark.parametrize("back", [(), ("and back",)])
def test_no_file_descriptors(tmp_path, back):
    loop(tmp_path / "run", "no_descriptors", *back)
    run = lamella.open_run(tmp_path / "run")
    assert run.status == "finished"
    assert run.scalars().loss.tolist() == [0, 1, 2, 3, 4]
    assert {0, 1} <= set(run.epochs)
    told = " ".join(run.problems)
    for epoch in set(range(5)) - set(run.epochs):
        assert f"epoch {epoch}: OSError: [Errno 24]" in told


def test_a_folder_that_becomes_read_only(tmp_path):
    tmp_path.chmod(0o777)
    for above in tmp_path.parents:
        if "pytest" in str(above):  # pytest's own folders, one more of them with workers
            above.chmod(0o755)
    said = loop(tmp_path / "run", "read_only")
    run = lamella.open_run(tmp_path / "run")
    assert (run.status, run.epochs) == ("finished", (0, 1))
    assert run.scalars().loss.tolist() == [0, 1, 2, 3, 4]
    assert set(said["problems"]) <= set(run.problems)
    assert [text[:24] for text in run.problems] == [
        *(f"epoch {epoch}: PermissionError" for epoch in (2, 3, 4)),
        "closing: PermissionError",  # epoch 4 was tried once more
    ]


def test_a_folder_that_is_deleted_stays_deleted(tmp_path):
    said = loop(tmp_path / "run", "deleted")
    assert not (tmp_path / "run").exists()
    assert "is gone, or another in its place" in said["problems"][0]
    assert said["stored"] == 1


def test_another_folder_in_its_place_is_left_alone(tmp_path):
    loop(tmp_path / "run", "replaced")
    assert os.listdir(tmp_path / "run") == ["mine.txt"]


def test_a_database_that_is_deleted_is_missed(tmp_path):
    loop(tmp_path / "run", "database")
    run = lamella.open_run(tmp_path / "run")
    assert run.info["status"] == "finished"
    with pytest.raises(RunError, match=r"results\.sqlite is gone, and with it all numbers"):
        run.scalars()
    with pytest.raises(RunError, match="is gone"):
        _ = run.problems


def can_mount():
    probe = ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=1m none /mnt"]
    return shutil.which("unshare") and not subprocess.run(probe, capture_output=True).returncode


@pytest.mark.skipif(not can_mount(), reason="needs the right to mount a small disk")
def test_a_full_disk(tmp_path):
    """The disk is a small one of its own; the run is copied away before it vanishes."""
    (tmp_path / "disk").mkdir()
    script = (
        f"mount -t tmpfs -o size=600k none {tmp_path}/disk && "
        f'"$@" && cp -r {tmp_path}/disk/run {tmp_path}/kept'
    )
    before = ["unshare", "-m", "sh", "-c", script, "sh"]
    said = loop(tmp_path / "disk" / "run", "filled", before=before)
    run = lamella.open_run(tmp_path / "kept")
    assert (run.status, run.epochs) == ("finished", (0, 1))
    losses = run.scalars().loss.tolist()
    assert losses == [0, 1, 2, 3, 4][: len(losses)]
    assert set(said["problems"]) <= set(run.problems)
    told = " ".join(run.problems)
    for epoch in (2, 3, 4):
        assert f"epoch {epoch}: OSError: [Errno 28]" in told
