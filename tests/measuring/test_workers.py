"""Who does the work makes no difference to what is found."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pandas
import pytest
from support.small_run import make_run

from lamella.errors import InputError
from lamella.measuring import measure
from lamella.store import open_run

MEASURES = ["fake_mean", "fake_bars", "fake_distance", "homology"]


def tables(run):
    return {name: run.results(name) for name in MEASURES}


def assert_same(one, two):
    for name in MEASURES:
        pandas.testing.assert_frame_equal(one[name], two[name], check_exact=True)


@pytest.fixture
def reference(tmp_path):
    run = make_run(tmp_path / "reference")
    measure(run, MEASURES, jobs=1, progress=False)
    return tables(run)


def test_any_number_of_workers_gives_identical_tables(run, reference):
    measure(run, MEASURES, jobs=3, progress=False)
    assert_same(tables(run), reference)


def test_an_executor_of_ones_own_is_used_and_left_open(run, reference):
    with ThreadPoolExecutor(1, thread_name_prefix="mine") as executor:
        measure(run, [*MEASURES, "fake_threads"], executor=executor, progress=False)
        assert executor.submit(int).result() == 0
    assert_same(tables(run), reference)
    assert run.results("fake_threads")["name"].str.startswith("mine").all()


def test_processes_serve_measures_that_hold_the_lock(run):
    options = {"layers": "fc1", "splits": "test", "progress": False}
    measure(run, ["fake_python", "fake_mean"], jobs=2, **options)
    assert os.getpid() not in set(run.results("fake_python")["process"])
    measure(run, "fake_python", jobs=2, executor="threads", force=True, **options)
    assert set(run.results("fake_python")["process"]) == {os.getpid()}


def test_a_worker_that_dies_takes_only_its_own_cell_along(run):
    report = measure(run, "fake_killer", splits="test", jobs=2, progress=False)
    assert {f.layer for f in report.failed} == {"head"}
    assert "its worker process died twice" in report.failed[0].reason
    assert report.computed + report.alike == 9


def test_each_worker_keeps_to_one_thread(run):
    from threadpoolctl import threadpool_info

    before = [(p["filepath"], p["num_threads"]) for p in threadpool_info()]
    measure(run, "fake_threads", jobs=2, progress=False)
    assert set(run.results("fake_threads")["threads"]) == {1}
    assert [(p["filepath"], p["num_threads"]) for p in threadpool_info()][: len(before)] == before


@pytest.mark.filterwarnings("ignore")  # of distributed, about itself
def test_a_dask_cluster_gives_identical_tables(run, reference):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        executor = "dask://" + cluster.scheduler_address
        report = measure(run, MEASURES, executor=executor, progress=False)
        assert report.failed == ()
    assert_same(tables(run), reference)


def test_a_dask_scheduler_that_is_not_there_is_named(run, monkeypatch):
    distributed = pytest.importorskip("distributed")

    def refuse(*address, **options):
        raise OSError("timed out")

    monkeypatch.setattr(distributed, "Client", refuse)  # which would wait for its 10 seconds
    with pytest.raises(InputError, match=r"wants the address of a Dask scheduler, got dask://"):
        measure(run, "fake_mean", executor="dask://no-such-host.invalid:1", progress=False)


def test_a_sweep_that_was_stopped_goes_on(run, tmp_path):
    script = tmp_path / "script.py"  # no guard for __main__: a script as people write it
    script.write_text(
        textwrap.dedent(f"""
        import signal, time
        signal.signal(signal.SIGINT, signal.default_int_handler)  # a background shell ignores it
        from support.small_run import FACTS, FUNCTIONS
        from lamella.registry import measures
        list(measures)
        measures._functions.update(FUNCTIONS)
        measures._facts.update(FACTS)
        def slower(points):  # so slow that nobody is too late to stop it
            time.sleep(1)
            return FUNCTIONS["fake_slow"](points)
        measures._functions["fake_slow"] = slower
        from lamella.measuring import measure
        print("begins", flush=True)
        measure({str(run.path)!r}, ["fake_slow", "fake_python"], jobs=1, executor="threads")
        """)
    )
    same_path = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, env=same_path)
    assert process.stdout is not None
    process.stdout.readline()
    while run.results().empty:
        assert process.poll() is None, "the script ended before it measured anything"
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=60)
    process.stdout.close()
    done = len(open_run(run.path).results())
    assert 0 < done < 72
    report = measure(run, ["fake_slow", "fake_python"], jobs=2, executor="threads", progress=False)
    assert report.cached == done
    assert report.results == 72
