"""What other programs read is what the run holds."""

import builtins
import json

import numpy as np
import pandas
import pytest
from support.stored_runs import value, write_run

from lamella import store
from lamella.errors import MissingExtra, RunError, UnknownName
from lamella.results import Embedding, Table
from lamella.store.export import as_pbtxt, export_run


@pytest.fixture
def run(tmp_path):
    path = write_run(tmp_path / "run")
    for epoch in (0, 1):
        store.write_result(path, "size", "fc1", epoch, "train", Table({"n": [epoch + 0.5]}))
    return store.open_run(path)


def test_csv_has_scalars_health_and_results(run, tmp_path):
    files = export_run(run, tmp_path / "out", "csv")
    names = [str(f.relative_to(tmp_path / "out")) for f in files]
    assert names == ["scalars.csv", "health.csv", "results/size.csv"]
    pandas.testing.assert_frame_equal(pandas.read_csv(files[0]), run.scalars())
    assert pandas.read_csv(files[2]).n.tolist() == [0.5, 1.5]


def test_csv_of_activations(run, tmp_path):
    files = export_run(
        run, tmp_path, "csv", layers="h*", epochs=(10,), splits=("both",), activations=True
    )
    frame = pandas.read_csv(files[-1])
    assert files[-1].name == "head-000010-both.csv"
    assert list(frame) == ["id", "label", "class", "head_0", "head_1"]
    assert frame.head_0.tolist() == [value(10, "head", p) for p in ("train", "test") for _ in "123"]
    assert frame["class"].tolist() == [0, 1, 1] * 2


def test_projector_files_fit_together(run, tmp_path):
    export_run(run, tmp_path, "projector", layers="fc1", splits=("train",))
    (entry,) = json.loads((tmp_path / "projector_config.json").read_text())["embeddings"]
    points = np.loadtxt(tmp_path / entry["tensorPath"], delimiter="\t")
    assert list(points.shape) == entry["tensorShape"] == [3, 2]
    assert (points == value(10, "fc1", "train")).all()
    metadata = (tmp_path / entry["metadataPath"]).read_text().splitlines()
    assert metadata == ["id\tlabel\tclass", "0\t0\t0", "1\t1\t1", "2\t1\t1"]
    assert (tmp_path / "projector_config.pbtxt").read_text() == as_pbtxt(entry)
    assert 'tensor_path: "fc1-000010-train.tsv"' in as_pbtxt(entry)


def test_atlas_gets_every_embedding(run, tmp_path):
    pytest.importorskip("pyarrow")
    points = Embedding(np.eye(3)[:, :2], np.array([0, 1, 1]), np.arange(3), "PCA")
    store.write_result(run.path, "pca", "fc1", 0, "train", points)
    (file,) = export_run(run, tmp_path / "out", "atlas")
    frame = pandas.read_parquet(file)
    assert frame.x.tolist() == [1, 0, 0]
    assert set(frame.layer) == {"fc1"}


def test_parquet_is_read_back(run, tmp_path):
    pytest.importorskip("pyarrow")
    files = export_run(run, tmp_path / "out", "parquet")
    assert pandas.read_parquet(files[0]).loss.tolist() == run.scalars().loss.tolist()


def test_parquet_names_its_extra(run, tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest):
        if name == "pyarrow":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtra, match=r"pip install 'lamella\[parquet\]'"):
        export_run(run, tmp_path / "out", "parquet")


def test_what_cannot_be_exported_is_said(run, tmp_path):
    with pytest.raises(UnknownName, match="no export format is called 'csw'. Nearest: csv"):  # noqa: RUF043
        export_run(run, tmp_path, "csw")
    with pytest.raises(UnknownName, match="no layer is called 'conv'"):
        export_run(run, tmp_path, "projector", layers="conv")
    with pytest.raises(RunError, match="no embeddings"):
        export_run(run, tmp_path, "atlas")
    empty = store.open_run(write_run(tmp_path / "empty", epochs=()))
    with pytest.raises(RunError, match="no recorded epoch"):
        export_run(empty, tmp_path, "projector")


def test_no_link_leads_an_export_out_of_its_folder(tmp_path):
    run = store.open_run(write_run(tmp_path / "run", epochs=(0,)))
    outside = tmp_path / "outside"
    outside.mkdir()
    (run.path / "export-csv").symlink_to(outside)
    with pytest.raises(RunError, match="leads out of it"):
        export_run(run, run.path / "export-csv", "csv")
    mine = tmp_path / "mine"
    mine.mkdir()
    for name in ("scalars.csv", "projector_config.json", "samples-test.tsv"):
        (mine / name).symlink_to(outside / name)
    for format in ("csv", "projector"):
        with pytest.raises(RunError, match="leads out of it"):
            export_run(run, mine, format)
    assert list(outside.iterdir()) == []


def test_names_that_become_the_same_file_lose_nothing(tmp_path):
    path = write_run(tmp_path / "run", epochs=(0,))
    for name, number in (("a/b", 1.0), ("a-b", 2.0), ("A b", 3.0)):
        store.write_result(path, name, "fc1", 0, "test", Table({"error": [number]}))
    files = export_run(store.open_run(path), tmp_path / "out", "csv")
    found = sorted(f.name for f in files if f.parent.name == "results")
    assert sorted(map(str.casefold, found)) == ["a-b-2.csv", "a-b-3.csv", "a-b.csv"]
    assert sum(pandas.read_csv(f).error[0] for f in files if f.parent.name == "results") == 6
