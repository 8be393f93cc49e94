# `make run` and `make test` are all a newcomer needs; `make help` lists the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
VENV := .venv
BIN := $(VENV)/bin
# A whole file goes to one process, in the order of tests/conftest.py. Three processes are not faster on
# two cores, since each reads with the networks what another has read.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --durations=30
# Compiled modules are kept even where a shell says not to: every process of a test would compile anew.
EMPTY_ENV := env -u OPENAI_API_KEY -u OPENAI_BASE_URL -u CHATBOT_MODEL -u PYTHONDONTWRITEBYTECODE

# The first Python of 3.11 to 3.13 that really starts (a shim may exist without its version).
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& { echo $$p; break; }; done)

.PHONY: help run test test-fast check format eval bench bench-quality bench-table screenshots scale bench-truth lock clean

help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/run.stamp ## set up and start the chatbot in the browser
	@$(BIN)/chatbot serve

test: $(VENV)/test.stamp check ## set up and run everything: format, lint, types, layers, tests
	@CHATBOT_CHROMIUM="$$($(BIN)/python tests/support/find_chromium.py)" && export CHATBOT_CHROMIUM && \
	$(EMPTY_ENV) $(PYTEST) $(OPTIONS)

test-fast: $(VENV)/test.stamp ## the tests that take a minute, while working: no browser, no kills
	@$(EMPTY_ENV) $(PYTEST) -m "not browser and not slow" $(OPTIONS)

check: $(VENV)/test.stamp ## format, lint, types and layers only
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports

format: $(VENV)/test.stamp ## format the code and sort its imports
	@$(BIN)/ruff check --fix -q . ; $(BIN)/ruff format .

eval: $(VENV)/run.stamp ## run every suite of evals/, compare with the baselines, check the gates
	@$(BIN)/chatbot eval all $(if $(MODEL),--model $(MODEL)) $(OPTIONS)

bench-quality: $(VENV)/run.stamp ## measure on public benchmarks, DATA=FOLDER, and write docs/benchmarks.md
	@[ -n "$(DATA)" ] || { echo "Say where the data is: make bench-quality DATA=FOLDER" >&2; exit 2; }
	@$(BIN)/chatbot eval bench all --data "$(DATA)" --save evals/benchmarks $(OPTIONS); \
	status=$$?; $(BIN)/python -m benchmarks.table && exit $$status

bench-table: $(VENV)/run.stamp ## write docs/benchmarks.md from the saved runs
	@$(BIN)/python -m benchmarks.table

screenshots: $(VENV)/test.stamp ## take pictures of the page in all sizes into docs/screenshots
	@CHATBOT_CHROMIUM="$$($(BIN)/python tests/support/find_chromium.py)" && export CHATBOT_CHROMIUM && \
	$(EMPTY_ENV) $(BIN)/python -m docs.take_screenshots

bench: $(VENV)/test.stamp ## measure beside other programs, DATA=FOLDER, and write docs/performance.md
	@[ -n "$(DATA)" ] || { echo "Say where the data is: make bench DATA=FOLDER" >&2; exit 2; }
	@$(BIN)/python -m benchmarks.speed ask && $(BIN)/python -m benchmarks.speed cold
	@$(BIN)/python -m benchmarks.truth_speed $(if $(FLOAT),--float "$(FLOAT)")
	@$(BIN)/python -m benchmarks.int8_limit --data "$(DATA)/squad2/dev_visible.jsonl.gz"
	@$(BIN)/python -m benchmarks.side_by_side --data "$(DATA)/squad2/dev_visible.jsonl.gz" $(OPTIONS)
	@$(BIN)/python -m benchmarks.page

SCALE := build/scale
scale: $(VENV)/test.stamp ## measure stores of up to 100,000 paragraphs, DATA=FOLDER (an hour)
	@[ -n "$(DATA)" ] || { echo "Say where the data is: make scale DATA=FOLDER" >&2; exit 2; }
	@[ -d $(SCALE)/corpus ] || $(BIN)/python -m benchmarks.corpus "$(DATA)" --out $(SCALE)/corpus
	@$(BIN)/python -m benchmarks.scale grow $(SCALE)/corpus --stores $(SCALE)/stores \
	--questions "$(DATA)/squad2/dev_visible.jsonl.gz" --out $(SCALE) $(OPTIONS)
	@$(BIN)/python -m benchmarks.scale quality --store $(SCALE)/stores/100000 \
	--data "$(DATA)/squad2/dev_visible.jsonl.gz" --out $(SCALE)
	@$(BIN)/python -m benchmarks.page

bench-truth: $(VENV)/test.stamp ## what reader and verifier are worth: make bench-truth DATA=FOLDER
	@[ -n "$(DATA)" ] || { echo "Say where the data is: make bench-truth DATA=FOLDER" >&2; exit 2; }
	@$(BIN)/python -m benchmarks.truth --data "$(DATA)" $(OPTIONS)

COMPILE := $(BIN)/uv pip compile -q --universal --generate-hashes --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --extra editable

lock: $(VENV)/test.stamp ## resolve the lock files anew
	@$(COMPILE) --extra dev -o requirements-dev.lock pyproject.toml
	@$(COMPILE) -c requirements-dev.lock -o requirements.lock pyproject.toml

clean: ## remove what was installed here (never your documents)
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

$(BIN)/python:
	@[ -n "$(PYTHON)" ] || { echo "Python 3.11, 3.12 or 3.13 is needed and none was found; \
	install one, or name it: make run PYTHON=/path/to/python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

# --no-deps: the lock file is complete, so nothing is resolved.
$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing (once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes \
		-r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation \
		-e .
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock $(VENV)/run.stamp
	@echo "Installing what the tests need (once) ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --require-hashes \
		-r requirements-dev.lock
	@touch $@
