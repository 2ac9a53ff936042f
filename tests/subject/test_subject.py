"""Runs by net."""

import pytest
from some_runs import HOSTILE, write_run

from lamella.errors import RunError, UnknownName
from lamella.subject.subject import Subject, gather


def test_seed_folders_are_one_net(tmp_path):
    for seed in (0, 1):
        write_run(tmp_path / "wide" / f"seed-{seed}", seed=seed)
    write_run(tmp_path / "other")
    nets = gather([tmp_path])
    assert {name: len(runs) for name, runs in nets.items()} == {"wide": 2, "other": 1}


def test_the_study_names_a_net_unless_two_would_be_called_the_same(tmp_path):
    for loss in ("dice", "cross"):
        write_run(tmp_path / "unet" / loss / "seed-0", study={"net": "unet"})
    assert set(gather([tmp_path])) == {"unet/dice", "unet/cross"}
    assert set(gather([tmp_path / "unet" / "dice"])) == {"unet"}


def test_a_folder_given_twice_counts_once(tmp_path):
    run = write_run(tmp_path / "a").path
    assert [len(runs) for runs in gather([tmp_path, run, run / "run.json"]).values()] == [1]


def test_an_empty_folder_has_no_nets_and_a_missing_one_is_an_error(tmp_path):
    assert gather([tmp_path]) == {}
    with pytest.raises(RunError, match="wants folders that exist, got"):
        gather([tmp_path / "nowhere"])


def test_names_and_seeds_that_are_not_there_are_named(tmp_path):
    write_run(tmp_path / "wide", name=HOSTILE)
    subject = Subject(gather([tmp_path]))
    assert subject.run(HOSTILE, 0).name == HOSTILE
    with pytest.raises(UnknownName, match="no net is called 'wid'"):
        subject.runs("wid")
    with pytest.raises(UnknownName, match="no seed"):
        subject.run(HOSTILE, 1)
