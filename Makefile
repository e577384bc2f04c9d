# make demo: the whole thing, running, with a region in it.   make test: everything that must stay true.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements.lock

.PHONY: demo test env lint types contracts migrations sqlite postgres browser lock bench

demo: env
	@DEMO=1 PORT=$(PORT) $(BIN)/croqualim demo

# The environment is rebuilt only when the lock changes.
env: $(VENV)/.locked

$(VENV)/.locked: $(LOCK) pyproject.toml
	$(PYTHON) tools/make_env.py $(VENV) $(LOCK)
	@touch $@

test: env lint types contracts migrations sqlite postgres browser

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: env
	$(BIN)/mypy croqualim config tools

contracts: env
	$(BIN)/lint-imports

migrations: env
	$(BIN)/croqualim makemigrations --check --dry-run

sqlite: env
	$(BIN)/pytest -n auto -m "not browser"

postgres: env
	$(BIN)/python -m tools.with_postgres $(BIN)/pytest -n auto -m "not browser"

browser: env
	$(BIN)/python -m tools.install_browser
	$(BIN)/pytest -m browser

ORDERS ?= 1000
bench: env
	$(BIN)/python -m bench --orders $(ORDERS)
	$(BIN)/python -m tools.with_postgres $(BIN)/python -m bench --orders $(ORDERS)

# Names, versions and hashes, and no download address.
lock: env
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-header --no-annotate --group dev --output-file $(LOCK) pyproject.toml
