# Everything a person types in this repository. `make` alone lists it.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: help demo run test lint bench chaos lock clean

help: ## List these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/run.done ## Install, then open a Slack workspace on this machine with Baton in it
	@$(BIN)/baton demo

run: $(VENV)/run.done ## Run Baton against the workspace of your settings (.env)
	@$(BIN)/baton run

test: $(VENV)/dev.done ## Install, then check style and types and run every test
	@echo "==> style"; $(BIN)/ruff format --check . && $(BIN)/ruff check .
	@echo "==> types"; $(BIN)/mypy
	@echo "==> tests, on SQLite and on PostgreSQL"; $(BIN)/pytest -q -n auto --dist worksteal

lint: $(VENV)/dev.done ## Format, and check style and types
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/mypy

bench: $(VENV)/dev.done ## Measure what the README claims
	@$(BIN)/python -m tests.bench

chaos: $(VENV)/dev.done ## Kill it, lose Slack's answers, restart its database: nothing may be lost or doubled
	@$(BIN)/python -m tests.chaos

lock: $(VENV)/dev.done ## Choose the newest versions that pyproject.toml allows, with their hashes
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header -c requirements.lock --extra dev pyproject.toml -o requirements-dev.lock

clean: ## Forget what was installed here
	@rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else \
	  f"Baton needs Python 3.11 or later, and $(PYTHON) is {v.major}.{v.minor}. Try: make demo PYTHON=python3.11")'
	@echo "==> making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "==> installing Baton (about 50 packages, half a minute)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/dev.done: $(VENV)/run.done requirements-dev.lock
	@echo "==> installing what the tests need"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
