# One word for each chore. `make` alone says what there is.
VENV := .venv
BIN := $(VENV)/bin
SUPPORTED := import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for v in python3.13 python3.12 python3.11 python3; do \
                  $$v -c '$(SUPPORTED)' 2>/dev/null && command -v $$v && break; done)
UV := $(VENV)/.uv/bin/uv
RUN_FLAGS := $(if $(SEEDS),--seeds "$(SEEDS)") $(if $(FEEDS),--feeds "$(FEEDS)") \
             $(if $(WATCHES),--watches "$(WATCHES)") $(if $(PROFILE),--profile "$(PROFILE)")

.PHONY: help install run up down test check lint types bench faults

help:            ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

install: $(VENV)/.installed  ## make .venv with everything that uv.lock names

$(VENV)/.installed: pyproject.toml uv.lock
	@test -n "$(PYTHON)" || { echo "mediawatch needs Python 3.11, 3.12 or 3.13 with venv (Debian: python3-venv); there is $$(python3 --version 2>&1 || echo none). PYTHON=/path/to/python names another" >&2; exit 1; }
	@"$(PYTHON)" -c '$(SUPPORTED)' || { echo "PYTHON=$(PYTHON) is no Python 3.11, 3.12 or 3.13 with venv" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	"$(PYTHON)" -m venv $(VENV)/.uv
	$(VENV)/.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	UV_PROJECT_ENVIRONMENT=$(VENV) UV_PYTHON_DOWNLOADS=never $(UV) sync --quiet --frozen --python $(BIN)/python
	@touch $@

run: install     ## the main job, once, on the sample newsroom or on SEEDS= FEEDS= WATCHES=
	@$(BIN)/mediawatch run $(RUN_FLAGS)

up: install      ## leave it running on schedule
	@$(BIN)/mediawatch up

down: install    ## stop what `make up` started
	@$(BIN)/mediawatch down

test: install    ## every test, against real services
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

check: lint types test  ## what CI runs

bench: install   ## repeatable measurements
	$(BIN)/python bench/stages.py

faults: install  ## kill it at every named step
	$(BIN)/python -m pytest tests/faults --rounds 100
