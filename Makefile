# `make demo` and `make test` need Python 3.11 or newer with venv, git and make; they build .venv themselves.
# Another interpreter: make test PYTHON=python3.13

PYTHON ?= python3
BIN := .venv/bin
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: demo test check format bench lock clean
.DELETE_ON_ERROR:

demo: .venv/.runtime
	@mkdir -p .demo
	$(BIN)/cs-workspace --db .demo/demo.db demo

test: .venv/.dev
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal

check: .venv/.dev
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/python -m mypy
	$(BIN)/lint-imports

format: .venv/.dev
	$(BIN)/python -m ruff check --fix
	$(BIN)/python -m ruff format

bench: .venv/.dev
	@set -e; for script in $(sort $(wildcard benchmarks/*.py)); do echo "== $$script"; $(BIN)/python $$script; done

# The newest versions that pyproject.toml allows, resolved in a venv of their own.
lock: .venv/.python
	rm -rf .lock
	$(PYTHON) -m venv .lock
	.lock/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	.lock/bin/python -m pip freeze --exclude-editable > .lock/frozen.txt
	{ echo '# Written by `make lock`: every package that .venv holds, for running and for developing.'; cat .lock/frozen.txt; } > constraints.txt
	rm -rf .lock

clean:
	rm -rf .venv .lock .demo .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache build dist
	find cs_workspace tests benchmarks -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# Stamps: each says that .venv holds what pyproject.toml and constraints.txt ask for.

.venv/.python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cs-workspace needs Python 3.11 or newer, and $(PYTHON) is %d.%d: name a newer one with PYTHON=, as in \"make test PYTHON=python3.12\"." % sys.version_info[:2])'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/.runtime: .venv/.python pyproject.toml constraints.txt
	$(PIP_INSTALL) --editable .
	@touch $@

.venv/.dev: .venv/.python pyproject.toml constraints.txt
	$(PIP_INSTALL) --editable '.[dev]'
	@touch $@ .venv/.runtime
