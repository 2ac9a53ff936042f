# Two commands for everybody: `make demo` and `make test`. Python 3.11+, make and git are enough.
PYTHON ?= python3
BIN := .venv/bin
WORKERS ?= 2
SECONDS_OF_FUZZ ?= 60

.PHONY: demo test check lint bench fuzz mutants accuracy docs clean

.venv/demo: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lamella wants Python 3.11 or newer, got " + sys.version.split()[0] + ". Run: make PYTHON=python3.11")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

.venv/test: .venv/demo
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: .venv/demo
	$(BIN)/lamella study spheres --resume

test: .venv/test
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

lint: .venv/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright

check: lint test

.venv/bench: .venv/test
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,bench]'
	touch $@

# Ratios against named peers, each pair in one process; takes long and wants a quiet machine.
bench: .venv/bench
	for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

# Random hard inputs against gudhi and ripser.py; a failing case is stored as a test.
fuzz: .venv/test
	$(BIN)/python benchmarks/fuzz_homology.py --seconds $(SECONDS_OF_FUZZ)

# Makes mistakes in copies of the source, one at a time: for each, the test that must notice it.
mutants: .venv/test
	$(BIN)/python tests/mutants/run.py --jobs $(WORKERS)

# Trains the networks on real images and prints the accuracies they reach.
accuracy: .venv/demo
	$(BIN)/python benchmarks/accuracy.py

docs: .venv/test
	for script in docs/write_*.py; do $(BIN)/python $$script || exit 1; done

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis
