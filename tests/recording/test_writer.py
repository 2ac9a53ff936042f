"""The thread that waits for the disk: in order, bounded, and done when it says so."""

import threading
import time

from lamella.recording.writer import LARGE, PAUSE, Writer


def test_jobs_are_done_in_order_and_flush_waits_for_all():
    done = []
    writer = Writer(lambda: done.append("pause"), at_once=False)
    writer.put(lambda: done.append(0), large=False)
    writer.put(lambda: (time.sleep(0.05), done.append(1)), large=True)
    writer.put(lambda: done.append(2), large=False)
    writer.flush()
    assert done == [0, 1, 2, "pause"]
    writer.put(lambda: done.append(3), large=False)
    writer.close()
    assert done[-1] == 3
    assert not any(thread.name == "lamella writer" for thread in threading.enumerate())


def test_small_jobs_do_not_wait_for_long():
    done = threading.Event()
    writer = Writer(done.set, at_once=False)
    writer.put(lambda: None, large=False)
    assert done.wait(20 * PAUSE)
    writer.close()


def test_only_so_many_large_jobs_wait():
    gate, begun = threading.Event(), []
    writer = Writer(lambda: None, at_once=False)
    for _ in range(LARGE):
        writer.put(gate.wait, large=True)
    late = threading.Thread(target=lambda: (writer.put(lambda: None, large=True), begun.append(1)))
    late.start()
    late.join(0.2)
    assert begun == []
    gate.set()
    late.join(5)
    assert begun == [1]
    writer.close()


def test_at_once_means_in_this_thread():
    done = []
    writer = Writer(lambda: done.append("pause"), at_once=True)
    writer.put(lambda: done.append(threading.current_thread().name), large=True)
    assert done == [threading.current_thread().name, "pause"]
    writer.flush(), writer.close()
