"""The memory of a page that stays open is flat: over requests, and over a run that grows."""

import asyncio
import os

import psutil
from support.own_loop import finished
from support.some_runs import measured, write_run

from lamella import store
from lamella.page.live import Watch
from lamella.page.reply import Replies
from lamella.results import Table
from lamella.store.layout import activation_path
from lamella.subject.subject import Subject, gather


def resident():
    return psutil.Process().memory_info().rss


def test_twenty_thousand_requests_leave_no_more_than_the_bound(tmp_path, monkeypatch):
    from lamella.page import reply

    monkeypatch.setattr(reply, "KEPT", 2_000_000)
    run = measured(write_run(tmp_path / "net", samples=(300, 200), width=20))
    replies = Replies(Subject(gather([tmp_path])))
    paths = [("cube", "net", "neighbour_error"), ("training", "net"), ("index",)]
    paths += [("cloud", "net", "0", "pca2", layer, str(e)) for layer in run.layers for e in (0, 4)]
    paths += [("cell", "net", "0", layer, "4", "test") for layer in run.layers]

    async def asked(count):
        for at in range(count):
            if at % 250 == 0:  # something was measured: all but the clouds is made anew
                number = Table({"error": [float(at)]})
                store.write_result(run.path, "neighbour_error", "fc1", 4, "test", number)
            await replies.reply((*paths[at % len(paths)],))
            await replies.reply(("cell", "net", "0", f"no such layer {at}", "4", "test"))

    finished(asked(2000))
    before = resident()
    finished(asked(8000))
    assert resident() - before < 30e6
    replies.close()
    assert replies._kept.used <= 2_000_000


def test_a_live_run_of_two_thousand_epochs_is_watched_in_flat_memory(tmp_path):
    run = measured(write_run(tmp_path / "net", epochs=(0,)))
    watch = Watch(Replies(Subject(gather([tmp_path]), live=True)), [tmp_path])
    watch.look()

    def grow(first, last):
        told = 0
        for epoch in range(first, last):
            for probe in ("train", "test"):
                target = activation_path(run.path, epoch, probe)
                target.parent.mkdir(parents=True, exist_ok=True)
                os.link(activation_path(run.path, 0, probe), target)
            if epoch % 20 == 0:
                told += len(watch.look())
        return told

    grow(1, 500)
    before = resident()
    assert grow(500, 2000) >= 1480
    assert resident() - before < 20e6
    finished(asyncio.sleep(0))
    watch.replies.close()
