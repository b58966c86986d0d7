SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

# PYTHON makes .venv when there is none; INSTALLER=pip does without uv.
PYTHON ?= python3
INSTALLER ?= uv
ARGS ?=
# One process for each processor, from two to four: beyond that they would share Chromium's and PostgreSQL's memory.
WORKERS ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -lt 2 ] && n=2; [ $$n -gt 4 ] && n=4; echo $$n)
export PYTHON INSTALLER
# Every process of a test run would otherwise compile what it imports anew.
unexport PYTHONDONTWRITEBYTECODE

ENVIRONMENT := ./scripts/environment
BIN := .venv/bin
COMPILE := $(BIN)/uv pip compile -q --generate-hashes --universal --no-annotate --no-header --python-version 3.11 $(if $(UPGRADE),--upgrade)

.PHONY: help setup run test check fmt bench bench-documents bench-queue scaling chaos chaos-ha images lighthouse lock security fuzz clean

help: ## List these targets
	@sed -n 's/^\([a-z-]*\): ## /\1\t/p' Makefile | while IFS=$$'\t' read -r target does; do printf '  make %-12s %s\n' "$$target" "$$does"; done

setup: ## Make .venv with what the service needs (EXTRAS=1 adds PDF receipts and S3; PYTHON=python3.12 chooses the interpreter)
	@$(ENVIRONMENT) $(if $(EXTRAS),extras,runtime)

run: ## Start the demonstration (DEMO=FILE opens the consultation of a saved page instead)
	@$(ENVIRONMENT) runtime; exec $(BIN)/yanlu demo $${DEMO:+--page "$$DEMO"}

test: ## Run all tests, on SQLite and on PostgreSQL (ARGS="-k receipt" selects)
	@$(ENVIRONMENT) dev; exec $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile $(ARGS)

check: ## Check style, types, the import line and templates, then run the tests
	@$(ENVIRONMENT) dev
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/djlint --quiet --lint templates
	@$(MAKE) test

fmt: ## Put the code in the house's format
	@$(ENVIRONMENT) dev
	@$(BIN)/ruff check -q --fix-only .
	@$(BIN)/ruff format -q .

bench: ## Measure how fast comments are taken in, beside the stores and Django, into docs/benchmarks.md (10 minutes alone on a machine)
	@$(ENVIRONMENT) dev
	@[ -x .venv-peer/bin/granian ] || { $(PYTHON) -m venv .venv-peer && .venv-peer/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/peer.lock; } || { rm -rf .venv-peer; echo "Django is left out: its packages could not be installed." >&2; }
	@exec $(BIN)/python -m benchmarks.intake --write $(ARGS)

bench-documents: ## Measure the reading of a 300-page document and the matching of comments
	@$(ENVIRONMENT) dev; $(BIN)/python -m benchmarks.extraction; exec $(BIN)/python -m benchmarks.matching

bench-queue: ## Measure queue, search and public list with 10,000, 100,000 and 1,000,000 submissions on both stores (an hour alone on a machine)
	@$(ENVIRONMENT) dev; exec $(BIN)/python -m benchmarks.queue --search --write $(ARGS)

scaling: ## Write docs/scaling.md from what make bench and make bench-queue measured
	@$(ENVIRONMENT) dev; exec $(BIN)/python -m benchmarks.scaling

chaos: ## Kill and stop the service's processes while comments come in, into docs/reliability.md (ARGS=--quick; needs gcc)
	@$(ENVIRONMENT) dev; exec $(BIN)/python -m chaos --write $(ARGS)

chaos-ha: ## Drill the loss of hosts with the files of deploy/ha, into docs/reliability-ha.md (needs root and Debian's etcd-server, patroni, haproxy, pgbouncer)
	@$(ENVIRONMENT) dev; exec $(BIN)/python -m chaos.ha --write $(ARGS)

images: ## Photograph the pages of the demonstration into docs/images
	@$(ENVIRONMENT) dev; mkdir -p docs/images
	@YANLU_TEST_IMAGES=docs/images $(BIN)/python -m pytest -q tests/journey/test_path_in_browser.py tests/journey/test_views_in_browser.py tests/journey/test_desk_story_in_browser.py

lighthouse: ## Ask Lighthouse about the public pages; the answer goes into docs/accessibility.md (needs Node 20 and Chromium)
	@$(ENVIRONMENT) dev; npm ci --prefix lighthouse --ignore-scripts --silent
	@CHROME_PATH=$${CHROME_PATH:-$$(command -v chromium)} $(BIN)/python -m benchmarks.lighthouse

lock: ## Recompile the locks after a change of dependencies (UPGRADE=1 takes newer versions)
	@$(ENVIRONMENT) dev
	@$(COMPILE) -o requirements/boot.lock requirements/boot.in
	@$(COMPILE) -o requirements/runtime.lock pyproject.toml
	@$(COMPILE) --extra pdf --extra s3 -c requirements/runtime.lock -o requirements/extras.lock pyproject.toml
	@$(COMPILE) --extra dev -c requirements/extras.lock -c requirements/boot.lock -c requirements/runtime.lock -o requirements/dev.lock pyproject.toml
	@$(COMPILE) -o requirements/security.lock requirements/security.in
	@$(COMPILE) -o requirements/fuzz.lock requirements/fuzz.in

security: ## Examine code, locks and a running instance, and write what was found into docs/security.md (ARGS="--only bandit")
	@$(ENVIRONMENT) dev
	@[ -x .venv-security/bin/semgrep ] || { $(PYTHON) -m venv .venv-security; $(BIN)/uv pip install -q --python .venv-security/bin/python --require-hashes -r requirements/security.lock; }
	@exec $(BIN)/python -m security $(ARGS)

fuzz: ## Foreign bytes at every reader of them, into docs/security.md; guided by coverage where atheris can be installed (ARGS="--seconds 600")
	@$(ENVIRONMENT) dev
	@[ -x .venv-fuzz/bin/python ] || $(BIN)/python -m venv --without-pip .venv-fuzz
	@.venv-fuzz/bin/python -c 'import atheris' 2>/dev/null || $(BIN)/uv pip install -q --python .venv-fuzz/bin/python --require-hashes -r requirements/fuzz.lock || echo 'atheris does not install here: hypothesis is used instead'
	@exec $(BIN)/python -m fuzz $(ARGS)

clean: ## Remove .venv and every cache; var/ with its data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
