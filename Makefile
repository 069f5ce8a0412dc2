# Two commands matter: `make run` and `make test`. Both set everything up the first time.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# tensorflow-cpu has no macOS wheel, where plain tensorflow is the CPU build already.
# Tests wait for processes and terminals for much of their time: one worker more than two processors.
WORKERS ?= 3
# Threads of linear algebra in each worker would wait for each other.
ONE_THREAD := OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1
TENSORFLOW := $(if $(filter Darwin,$(shell uname -s)),tensorflow,tensorflow-cpu)

.PHONY: run test test-all lint types contracts snapshots docs clean

run: $(STAMP)
	@if [ -t 0 ] && [ -t 1 ]; then exec $(BIN)/lstm-tui co2; \
	else exec $(BIN)/lstm-tui forecast co2 --backend all; fi

test: $(STAMP)
	$(ONE_THREAD) $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile

test-all: $(STAMP)
	$(ONE_THREAD) $(BIN)/python -m pytest -m "exhaustive or not exhaustive" --numprocesses $(WORKERS) --dist loadfile

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

contracts: $(STAMP)
	$(BIN)/lint-imports

snapshots: $(STAMP)
	$(BIN)/python -m pytest -m "exhaustive or not exhaustive" tests/lstm_tui/test_snapshots.py --snapshot-update

docs: $(STAMP)
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "The manual is in build/manual: open build/manual/index.html, or serve it with: $(BIN)/python -m mkdocs serve"

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	@echo "Setting up $(VENV) with PyTorch and TensorFlow; the first time this takes some minutes."
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint constraints.txt "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --group dev --group docs --editable '.[torch]' $(TENSORFLOW)
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis
