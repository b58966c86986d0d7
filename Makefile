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

.PHONY: help setup run test check fmt bench bench-queue images lighthouse lock clean

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

bench: ## Measure the reading of a 300-page document and the matching of comments
	@$(ENVIRONMENT) dev; $(BIN)/python -m benchmarks.extraction; exec $(BIN)/python -m benchmarks.matching

bench-queue: ## Measure the desk with 10,000 and with 1,000,000 submissions on both stores; takes half an hour
	@$(ENVIRONMENT) dev; exec $(BIN)/python -m benchmarks.queue --write

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

clean: ## Remove .venv and every cache; var/ with its data stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
