"""One writer at a time, in this process and in others, and none that is dead."""

import gc
import os
import subprocess
import sys
from pathlib import Path

import pytest

import lamella
from lamella import store
from lamella.errors import RunError
from lamella.store.lock import NAME

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(lamella.__file__).parents[1])}
HOLDER = """
import sys
from lamella import store
lock = store.hold(store.as_path(sys.argv[1], "test"))
print("held", flush=True)
input()
"""


def test_a_second_one_of_this_process_is_refused(tmp_path):
    lock = store.hold(tmp_path / "run")
    with pytest.raises(RunError, match=r"another recorder of this process is recording\. Close"):
        store.hold(tmp_path / "run")
    lock.release()
    assert os.listdir(tmp_path / "run") == []
    store.hold(tmp_path / "run").release()


def test_a_forgotten_one_gives_up_its_lock(tmp_path):
    lock = store.hold(tmp_path)
    del lock
    gc.collect()
    store.hold(tmp_path).release()


def test_the_holder_is_named_and_its_death_frees_the_run(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, env=ENVIRONMENT, text=True) as other:
        assert other.stdout.readline() == "held\n"
        with pytest.raises(RunError, match=f"which process {other.pid} is recording. Wait for it"):
            store.hold(tmp_path)
        other.kill()
        other.wait()
        assert (tmp_path / NAME).exists()
        store.hold(tmp_path).release()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_worker_keeps_neither_the_lock_nor_a_number_that_is_used_again(tmp_path):
    released, lock = store.hold(tmp_path / "a"), store.hold(tmp_path / "b")
    released.release()
    reader, writer = os.pipe()  # may get the number that was the lock's
    pid = os.fork()
    if pid == 0:
        os.write(writer, b"." if os.get_inheritable(0) is not None else b"")
        os.read(reader, 1)
        os._exit(0)
    assert (tmp_path / "b" / NAME).exists()
    lock.release()
    store.hold(tmp_path / "b").release()  # while the child lives
    os.write(writer, b"..")
    assert os.waitpid(pid, 0)[1] == 0
    os.close(reader), os.close(writer)
