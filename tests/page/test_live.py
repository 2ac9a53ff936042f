"""Watching runs that grow."""

import asyncio
import json

import pytest
from support.own_loop import finished
from support.some_runs import measured, write_run

from lamella import store
from lamella.page import live
from lamella.page.reply import Replies
from lamella.story import Sentence, Story
from lamella.subject.subject import Subject, gather


@pytest.fixture
def watched(tmp_path):
    folder = tmp_path / "runs"
    write_run(folder / "net" / "seed-0", epochs=(0,))
    replies = Replies(Subject(gather([folder]), live=True))
    yield folder, live.Watch(replies, [folder])
    replies.close()


def test_a_quiet_folder_has_no_events(watched):
    _, watch = watched
    assert watch.look() == []
    assert watch.look() == []


def test_epochs_results_and_status_are_told(watched):
    folder, watch = watched
    path = folder / "net" / "seed-0"
    watch.look()
    run = store.open_run(path)
    for probe in ("train", "test"):
        layers = {name: run.activations(name, 0, probe) for name in run.layers}
        store.write_activations(path, 5, probe, layers)
    store.write_scalars(path, 6, {"loss": 0.5})
    place = {"net": "net", "seed": 0}
    assert watch.look() == [
        {"type": "epoch", **place, "epoch": 5, "recorded": True},
        {"type": "epoch", **place, "epoch": 6, "recorded": False},
    ]
    measured(run)
    told = watch.look()
    assert {"type": "result", "net": "net", "measure": "neighbour_error"} in told
    store.write_info(path, {**store.read_info(path), "status": "stopped"})
    assert watch.look() == [{"type": "status", **place, "status": "stopped"}]


def test_a_killed_run_is_told(watched):
    folder, watch = watched
    path = folder / "net" / "seed-0"
    info = store.read_info(path)
    dead = {**info["process"], "pid": 2**22 + 1, "started": "1"}
    watch.look()
    store.write_info(path, {**info, "status": "running", "process": dead})
    assert [event["status"] for event in watch.look()] == ["killed"]


def test_runs_that_come_and_go_renew_the_index(watched):
    import shutil

    folder, watch = watched
    watch.look()
    old = watch.replies.subject.run("net", 0)
    write_run(folder / "net" / "seed-1", epochs=(0,))
    assert watch.look() == [{"type": "net"}]
    assert len(watch.replies.subject.runs("net")) == 2
    assert watch.replies.subject.run("net", 0) is old
    shutil.rmtree(folder / "net")
    assert watch.look() == [{"type": "net"}]
    assert watch.replies.subject.nets == {}


def test_a_damaged_run_does_not_hide_the_others_and_is_tried_again(watched):
    folder, watch = watched
    write_run(folder / "net" / "seed-1", epochs=(0,))
    text = (folder / "net" / "seed-1" / "run.json").read_text()
    write_run(folder / "net" / "seed-2", epochs=(0,))
    (folder / "net" / "seed-1" / "run.json").write_text(text[:20])
    assert watch.look() == [{"type": "net"}]
    assert len(watch.replies.subject.nets["net"]) == 2
    assert watch.look() == []
    (folder / "net" / "seed-1" / "run.json").write_text(text)
    assert watch.look() == [{"type": "net"}]
    assert len(watch.replies.subject.nets["net"]) == 3


def test_one_task_serves_all_clients_and_ends_with_them(watched, monkeypatch):
    folder, watch = watched
    monkeypatch.setattr(live, "PAUSE", 0.01)
    monkeypatch.setattr(live, "FIRST", 0.0)
    looks = []
    look = watch.look
    monkeypatch.setattr(watch, "look", lambda: looks.append(1) or look())

    async def follow():
        clients = [watch.events() for _ in range(3)]
        for client in clients:
            assert (await anext(client)).startswith("retry:")
        while not looks:
            await asyncio.sleep(0.01)
        write_run(folder / "new", epochs=(0,))
        heard = [await asyncio.wait_for(anext(client), 10) for client in clients]
        count = len(looks)
        for client in clients:
            await client.aclose()
        await asyncio.sleep(0.1)
        settled = len(looks)
        await asyncio.sleep(0.1)
        assert len(looks) == settled <= count + 10
        await watch.close()
        return heard

    heard = finished(follow())
    assert [json.loads(text.removeprefix("data: ")) for text in heard] == [{"type": "net"}] * 3


def test_a_slow_client_is_told_to_ask_for_all_anew(watched):
    _, watch = watched
    queue = asyncio.Queue(live.BEHIND)
    watch._clients.add(queue)
    for epoch in range(live.BEHIND + 1):
        watch._tell({"type": "epoch", "epoch": epoch})
    assert queue.qsize() == 1
    assert queue.get_nowait() == {"type": "net"}


def test_the_story_is_told_once_in_the_background(watched, monkeypatch):
    _, watch = watched
    watch.tell = lambda nets: Story("Told", Sentence(f"{len(nets)} net."))
    finished(watch._tell_story())
    assert watch.replies.subject.story.title == "Told"
    assert watch.tell is None


def test_a_run_that_is_removed_while_it_is_watched_is_named(tmp_path):
    import shutil

    from lamella.page import pack
    from lamella.page.reply import reply_to

    for name in ("stays", "goes"):
        write_run(tmp_path / name)
    watch = live.Watch(Replies(Subject(gather([tmp_path]), live=True)), [tmp_path])
    watch.look()
    shutil.rmtree(tmp_path / "goes")
    early = pack.read(reply_to(watch.replies.subject, ("index",)).body)
    assert "it was moved or removed" in early["missing"]  # asked before anybody looked
    assert {"type": "net"} in watch.look()
    index = pack.read(reply_to(watch.replies.subject, ("index",)).body)
    assert index["gone"] == [str(tmp_path / "goes")]
    assert [net["name"] for net in index["nets"]] == ["stays"]
    write_run(tmp_path / "goes")
    watch.look()
    assert watch.replies.subject.gone == ()
    watch.replies.close()
