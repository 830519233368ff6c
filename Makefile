# `make run` and `make test` need Python >= 3.11 and make, nothing else.
PYTHON ?= python3
BIN    := .venv/bin
RUN    := .venv/.run-installed
TEST   := .venv/.test-installed
# What tests compile is kept for the processes they start and for the next run, but not in the checkout.
ALONE  := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.venv/bytecode $(BIN)/python -m pytest
PYTEST := $(ALONE) -n auto --dist loadfile --no-loadscope-reorder $(if $(PROFILE),--hypothesis-profile=$(PROFILE))

# A .venv that was interrupted while it was made is made again.
.DELETE_ON_ERROR:
.PHONY: help run install test check fix golden coverage bench requirements clean

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | awk -F'\t' '{printf "  make %-13s %s\n", $$1, $$2}'

run: install ## poll, publish and serve on port 8080
	$(BIN)/aggregator run

install: $(RUN) ## make .venv with the `aggregator` command in it

test: $(TEST) ## everything CI checks; PROFILE=thorough tries three times as many examples
	@$(MAKE) -j2 --no-print-directory check compiled
	$(PYTEST)

# Once for all workers, while the types are checked: each would compile every file for itself.
.PHONY: compiled
compiled: $(TEST)
	@$(ALONE) --collect-only -qq > .venv/collected || { cat .venv/collected; exit 1; }

check: $(TEST) ## lint, formatting, types and layers, without the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

fix: $(TEST) ## let ruff repair and format what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

golden: $(TEST) ## rewrite golden files and the JSON Schemas from what the code does now (read the diff!)
	$(BIN)/python -m aggregator.config sources > config/sources.schema.json
	$(BIN)/python -m aggregator.config desk > config/desk.schema.json
	$(PYTEST) --update-golden

coverage: $(TEST) ## what no test runs, by file and line
	@mkdir -p .venv/coverage
	$(BIN)/coverage run -m pytest -n auto --dist loadfile --no-loadscope-reorder
	$(BIN)/coverage combine -q
	$(BIN)/coverage report

bench: $(TEST) ## measure speed and memory, as ratios beside a peer or the naive way
	$(BIN)/python -m benchmarks

requirements: $(TEST) ## pin anew what requirements/*.in name
	cd requirements && for f in run test; do \
	  ../$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url $$f.in -o $$f.txt; done

clean: ## remove .venv and caches (never data/ or feeds/)
	rm -rf .venv .mypy_cache .ruff_cache .hypothesis .import_linter_cache build *.egg-info

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "make: Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || \
	  { echo "make: this Python cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

$(RUN): requirements/run.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements/run.txt
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(TEST): requirements/test.txt $(RUN)
	$(BIN)/python -m pip install -q --disable-pip-version-check --no-build-isolation --no-compile --require-hashes -r requirements/test.txt
	@touch $@
