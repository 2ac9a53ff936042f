"""Every mutation that `make mutants` applies still applies, and names a test that is there."""

from pathlib import Path

import pytest
from mutants.run import PACKAGE, Mutation, mutations

ROOT = Path(__file__).parents[2]
MUTATIONS = mutations()


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutation_applies_once_and_its_test_is_there(mutation):
    assert len(mutation.places()) == 1
    assert mutation.old != mutation.new
    path, *names = mutation.test.split("::")
    assert (ROOT / path).exists()
    for name in names:
        assert f"def {name.partition('[')[0]}(" in (ROOT / path).read_text()


def test_no_room_is_without_a_mutation():
    changed = {Path(mutation.where).parts[0].removesuffix(".py") for mutation in MUTATIONS}
    rooms = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert rooms - changed == set()
    names = [mutation.name for mutation in MUTATIONS]
    assert len(set(names)) == len(names)


def test_a_mutation_changes_one_file_of_a_copy_and_nothing_else(tmp_path):
    for name, text in (("one.py", "x = 1\ny = 2\n"), ("other.py", "y = 3\n")):
        (tmp_path / name).write_text(text)
    mutation = Mutation("wrong", "", "y = 2", "y = 4", "tests")
    assert mutation.places(tmp_path) == [tmp_path / "one.py"]
    mutation.apply(tmp_path)
    assert (tmp_path / "one.py").read_text() == "x = 1\ny = 4\n"
    assert (tmp_path / "other.py").read_text() == "y = 3\n"
    assert mutation.places(tmp_path) == []
    assert len(Mutation("twice", "", "y = ", "", "tests").places(tmp_path)) == 2
