# Each of these does everything itself and may be repeated. Needs: Python 3.11 or newer, and make.
#   make run     the demo community on http://127.0.0.1:8000 (PORT=8001 make run for another port)
#   make dev     the same with reloading and debug pages
#   make test    lint, all tests on SQLite, the database tests once more on PostgreSQL
#   make lint    style, types, layers
#   make bench   CPU per request with 100,000 matters loaded, on both databases
#   make pictures  docs/images anew: every page of the demo, looked at with axe
#   make lock    write requirements/*.txt anew from pyproject.toml (needs the program uv)

PYTHON ?=
PORT ?= 8000
HOST ?= 127.0.0.1
BIN := .venv/bin
SETUP = "$$(PYTHON='$(PYTHON)' sh scripts/python)" scripts/setup.py

# The servers below are for looking around: invented people, and a chooser instead of passwords. Codes that they
# print lead to this very server.
run dev: export WEIZHI_DEMO = 1
run dev: export WEIZHI_ADDRESS := $(or $(WEIZHI_ADDRESS),http://$(HOST):$(PORT))
dev: export WEIZHI_DEBUG = 1

.PHONY: run dev test lint messages bench pictures lock setup setup-dev demo

run: setup demo
	@echo "==> Weizhi is at http://$(HOST):$(PORT)  (stop it with Ctrl-C)"
	@exec $(BIN)/weizhi serve --host $(HOST) --port $(PORT)

dev: setup-dev demo
	@echo "==> Weizhi is at http://$(HOST):$(PORT), and starts anew when a file changes  (stop it with Ctrl-C)"
	@exec $(BIN)/weizhi serve --reload --host $(HOST) --port $(PORT)

demo:
	@echo "==> Bringing the database and the pages' files up to date"
	@$(BIN)/weizhi prepare
	@$(BIN)/weizhi demo --if-empty

test: lint
	@BIN=$(BIN) sh scripts/test

lint: setup-dev
	@echo "==> ruff: style"
	@$(BIN)/ruff check --quiet && $(BIN)/ruff format --check --quiet
	@echo "==> import-linter: layers"
	@$(BIN)/lint-imports --no-logo
	@echo "==> mypy: types"
	@$(BIN)/mypy

messages: setup-dev
	@$(BIN)/python scripts/messages.py

bench: setup-dev
	@$(BIN)/python -m benchmarks

pictures: setup-dev
	@$(BIN)/python -m weizhi.tests.pictures

lock: setup-dev
	@for purpose in run dev; do \
	  extra=$$(test $$purpose = dev && echo "--extra dev" || true); \
	  echo "==> requirements/$$purpose.txt"; \
	  PATH="$(BIN):$$PATH" uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header \
	    $$extra pyproject.toml requirements/setup.in -o requirements/$$purpose.txt; \
	done

setup:
	@$(SETUP) run

setup-dev:
	@$(SETUP) dev
