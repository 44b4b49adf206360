# Commands for working on this repository. `make` lists them.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin

.PHONY: help demo run test audit lint bench chaos lock clean

help: ## List all commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

demo: $(VENV)/run.done ## Install, then start a simulated Slack workspace with Baton in it
	@$(BIN)/baton demo

run: $(VENV)/run.done ## Run Baton in the workspace configured in .env
	@$(BIN)/baton run

test: $(VENV)/dev.done ## Install, then check style and types and run every test
	@echo "==> style"; $(BIN)/ruff format --check . && $(BIN)/ruff check .
	@echo "==> types"; $(BIN)/mypy
	@echo "==> tests, on SQLite and on PostgreSQL"; $(BIN)/pytest -q -n auto --dist worksteal

audit: ## Check the locked packages for known vulnerabilities
	@echo "==> known vulnerabilities"
	@[ $(VENV)/audit/done -nt requirements-audit.lock ] || { $(PYTHON) -m venv $(VENV)/audit && \
	  $(VENV)/audit/bin/pip install --quiet --disable-pip-version-check --retries 1 --require-hashes \
	  -r requirements-audit.lock && touch $(VENV)/audit/done; } 2>/dev/null || true
	@$(PYTHON) .ci/audit.py $(VENV)/audit/bin/pip-audit

lint: $(VENV)/dev.done ## Format the code, then check style and types
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/mypy

bench: $(VENV)/dev.done ## Run the benchmarks
	@$(BIN)/python -m tests.bench

chaos: $(VENV)/dev.done ## Kill processes and disturb Slack for an hour: nothing may be lost or sent twice
	@$(BIN)/python -m tests.chaos

lock: $(VENV)/dev.done ## Update the lock files to the newest versions that pyproject.toml allows
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header -c requirements.lock --extra dev pyproject.toml -o requirements-dev.lock
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	  --no-annotate --no-header --group audit -o requirements-audit.lock

clean: ## Delete the virtual environment
	@rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(None if v >= (3, 11) else \
	  f"Baton needs Python 3.11 or later, and $(PYTHON) is {v.major}.{v.minor}. Try: make demo PYTHON=python3.11")'
	@echo "==> creating a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "==> installing Baton (about 50 packages, half a minute)"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

$(VENV)/dev.done: $(VENV)/run.done requirements-dev.lock
	@echo "==> installing the test dependencies"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@
