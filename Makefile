# One word for each chore. `make` alone says what there is.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(firstword $(foreach v,python3.13 python3.12 python3.11 python3,$(shell command -v $(v) 2>/dev/null)))
UV := $(VENV)/.uv/bin/uv
RUN_FLAGS := $(if $(SEEDS),--seeds "$(SEEDS)") $(if $(FEEDS),--feeds "$(FEEDS)") \
             $(if $(WATCHES),--watches "$(WATCHES)") $(if $(PROFILE),--profile "$(PROFILE)")

.PHONY: help install run up down test check lint types bench faults

help:            ## what there is
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

install: $(VENV)/.installed  ## make .venv with everything that uv.lock names

$(VENV)/.installed: pyproject.toml uv.lock
	@test -n "$(PYTHON)" || { echo "mediawatch needs Python 3.11, 3.12 or 3.13; none was found" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "mediawatch needs Python 3.11 to 3.13; this is %d.%d: set PYTHON=/path/to/python3.12" % v)'
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { echo "this Python lacks venv: install the package python3-venv" >&2; exit 1; }
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
	$(BIN)/python -m pytest

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: install
	$(BIN)/mypy

check: lint types test  ## what CI runs

bench: install   ## repeatable measurements
	$(BIN)/python -m bench

faults: install  ## kill it at every named step
	$(BIN)/python -m pytest tests/faults --rounds 100
