# `make serve` and `make test` are all a newcomer needs. Everything is installed into .venv from hashed lock files.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DATA   ?= data
# Where Python may not keep what it has compiled, each of the many processes of a test run compiles all its modules anew.
unexport PYTHONDONTWRITEBYTECODE
PYTEST := $(BIN)/python -m pytest -n 3 --dist loadfile

.PHONY: serve demo install dev test check lint types layers unit bench docs lock clean

serve: install
	$(BIN)/firsthand --data $(DATA) serve

demo: install
	$(BIN)/firsthand demo

install: $(VENV)/.app
dev: $(VENV)/.dev

$(VENV)/.build: requirements/build.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Firsthand needs Python 3.11 or newer: make PYTHON=python3.11 ...")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	@touch $@

# uv is quick; pip is the fallback, and is enough: an index that only pip is configured for still works.
define install-from
	@echo "Installing $(1) into $(VENV)"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(1) 2>$(VENV)/uv.log \
	  || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(1)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-index --no-deps --no-build-isolation --editable .
	@touch $@
endef

$(VENV)/.app: $(VENV)/.build requirements/app.txt pyproject.toml
	$(call install-from,requirements/app.txt)

$(VENV)/.dev: $(VENV)/.build requirements/dev.txt pyproject.toml
	$(call install-from,requirements/dev.txt)
	@touch $(VENV)/.app

# Everything: unit and contract tests (SQLite and PostgreSQL), real Chromium, evals on data beside the checkout.
test: unit
	@$(BIN)/python scripts/chromium.py
	$(PYTEST) -q tests/browser tests/eval

check: lint types layers unit

lint: dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: dev
	$(BIN)/mypy

layers: dev
	$(BIN)/lint-imports

# Both `check` and `test` want these; make runs them once.
COVERAGE_FLOOR := 90
unit: dev
	@rm -f .coverage .coverage.*
	$(PYTEST) -q tests/unit --cov --cov-report=
	$(BIN)/coverage report --fail-under=$(COVERAGE_FLOOR) --skip-covered --format=total

bench: dev
	$(BIN)/python -m bench

docs: dev
	$(BIN)/sphinx-build -W -q -b html docs docs/_build

# Locks name no index host, so that they work with any mirror.
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-emit-index-url --no-header --no-annotate
lock: $(VENV)/.build
	$(LOCK) requirements/build.in -o requirements/build.txt
	$(LOCK) pyproject.toml -o requirements/app.txt
	$(LOCK) pyproject.toml --group dev -c requirements/app.txt -o requirements/dev.txt

clean:
	rm -rf $(VENV) build docs/_build .coverage* .pytest_cache .mypy_cache .ruff_cache
