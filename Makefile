# Everything a newcomer or a build machine runs. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SMSC := tests/smsc/node_modules/.package-lock.json
export PYTHONPATH :=
# Compiled once, and not anew by every process: half of what a test that starts one costs.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test test-postgres check sim soak look bench bench-full doctor slow spark smsc lock clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 15

demo: $(VENV)/ready ## set up everything, run the main job on a made-up operator and open its office; DEMO=quick ends instead
	exec $(BIN)/tantam demo --home demo $(if $(filter quick,$(DEMO)),--no-serve,--serve)

test: $(VENV)/ready-dev ## set up everything and pass the tests
	$(BIN)/python -m pytest -m "not browser and not slow and not spark"

test-postgres: $(VENV)/ready-dev ## the office's tests again, on a PostgreSQL of their own
	$(BIN)/python -m tests.office.pg $(BIN)/python -m pytest tests/office -m "not browser and not slow"

check: $(VENV)/ready-dev ## format, lint, types, walls and docs
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	TANTAM_HOME=.mypy_cache/home $(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tantam.cli.reference --check

slow: $(VENV)/ready-dev $(SMSC) ## the tests that need a browser, an SMS centre or a minute
	$(BIN)/python -m pytest -m "browser or slow" -n 0 -rs

spark: $(VENV)/ready-dev ## the tests on Spark, on two cores of this machine; needs Java 17
	.uv/bin/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/spark.lock
	$(BIN)/python -m pytest tests/spark -n 0 -rs

smsc: $(SMSC) ## a test SMS centre to connect the office to: type messages, see what the office sends
	@node tests/smsc/server.js --phone

sim: $(VENV)/ready-dev ## play a quarter of the office and a day of a camp by lot (SEED=1) and hold them against what must always be so
	$(BIN)/python -m tests.sim --seed $(or $(SEED),1)

soak: $(VENV)/ready-dev ## play a hundred days of a camp (SEEDS=100), each with its own faults, and lose nothing
	$(BIN)/python -m tests.sim.soak --seeds $(or $(SEEDS),100)

look: $(VENV)/ready-dev ## screenshots of every page at both widths, into LOOK (default look/)
	$(BIN)/python -m tests.look $(or $(LOOK),look)

bench: $(VENV)/ready-dev ## measure every published figure (half an hour), beside the libraries it is compared with
	.uv/bin/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/bench.lock
	$(BIN)/python -m bench

bench-full: $(VENV)/ready-dev ## measure at 50 million subscribers and 20 million opinions (hours, some 20 GB of disk; says so first); AGAIN=yes
	TANTAM_BENCH_AGAIN=$(AGAIN) $(BIN)/python -m bench full

doctor: $(VENV)/ready ## say whether this machine can run everything
	$(BIN)/tantam doctor

lock: $(VENV)/ready-dev ## write requirements/*.lock anew from pyproject.toml
	.uv/bin/uv pip compile -q pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/run.lock
	.uv/bin/uv pip compile -q pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/dev.lock
	.uv/bin/uv pip compile -q pyproject.toml --group build --group dev --group bench --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/bench.lock
	.uv/bin/uv pip compile -q pyproject.toml --group build --group dev --extra spark --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -o requirements/spark.lock

clean: ## remove what `make` made
	rm -rf $(VENV) .uv .pytest_cache .mypy_cache .ruff_cache demo look tests/smsc/node_modules

.uv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3,11) <= sys.version_info[:2] <= (3,13) else "Tận Tâm needs Python 3.11, 3.12 or 3.13; this is " + sys.version.split()[0] + ". Set PYTHON=python3.12, say.")'
	@$(PYTHON) -m venv .uv || { echo "python3-venv is missing: sudo apt-get install -y python3-venv make"; exit 1; }
	.uv/bin/pip -q --disable-pip-version-check install 'uv>=0.9,<1'

$(BIN)/python: .uv/bin/uv
	.uv/bin/uv venv -q --allow-existing --python .uv/bin/python $(VENV)

$(VENV)/ready: requirements/run.lock pyproject.toml | $(BIN)/python
	.uv/bin/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/run.lock
	.uv/bin/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	$(BIN)/tantam warm
	@touch $@

$(VENV)/ready-dev: requirements/dev.lock pyproject.toml $(VENV)/ready
	.uv/bin/uv pip install -q --python $(BIN)/python --require-hashes -r requirements/dev.lock
	@touch $@

$(SMSC): tests/smsc/package-lock.json
	@if command -v npm >/dev/null; then cd tests/smsc && npm ci --silent && touch ../../$@; \
	else echo "npm is missing, so the test SMS centre is: sudo apt-get install -y nodejs npm"; fi
