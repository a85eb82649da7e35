# Two commands are enough: "make report" and "make test". The others are for people who change the program.

CAPTURE ?= sample_captures/baresip_video_caller.pcapng
OUT ?= report.html
SIZES ?= S M H

VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
COMPILED := hatch_build.py $(wildcard core/*)
READY_TO_TEST := $(VENV)/.ready-to-test

# The first Python that is new enough.
PYTHON ?= $(firstword $(foreach python,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(python) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(python))))

.PHONY: help report test check format bench docs cards sample-captures tools clean

help:
	@echo 'make report                      report of a sample capture, in report.html'
	@echo 'make report CAPTURE=my.pcapng    report of your own; OUT=name.html names the page'
	@echo 'make test                        everything that has to hold: checks and tests'
	@echo 'make check                       ruff, mypy and the layers of imports'
	@echo 'make format                      lay the source out as "make check" wants it'
	@echo 'make bench                       speed and memory beside tshark; SIZES="S M H L" chooses'
	@echo 'make docs                        write the references of tables and rules, the pictures and the cards'
	@echo 'make cards                       write the cards of the sample captures alone'
	@echo 'make sample-captures             record the sample captures again (root, Linux)'
	@echo 'make clean                       remove what the other targets made'

report: $(READY)
	@rm -f "$(OUT)"
	@$(BIN)/collabtrace report "$(CAPTURE)" -o "$(OUT)" >/dev/null
	@echo "The report is in $(OUT): open it in a browser."

test: tools check
	$(BIN)/python -m pytest -n auto

check: $(READY_TO_TEST)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY_TO_TEST)
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(READY_TO_TEST)
	$(BIN)/python bench/run.py $(SIZES)

docs: $(READY)
	$(BIN)/python docs/make_tables.py
	$(BIN)/python docs/make_rules.py
	$(BIN)/python docs/make_pictures.py
	$(MAKE) cards

cards: $(READY)
	$(BIN)/python docs/make_cards.py

sample-captures: $(READY)
	for script in sample_captures/*.py; do $(BIN)/python $$script || exit; done
	$(MAKE) docs

tools:
	@.ci/install-tools

$(READY): pyproject.toml $(COMPILED) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	@$(BIN)/python -m compileall -q collabtrace
	@touch $@

$(READY_TO_TEST): pyproject.toml $(COMPILED) | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@ $(READY)

$(BIN)/python:
	@test -n "$(PYTHON)" || { \
		echo "collabtrace needs Python 3.11 or newer; here is $$(python3 --version 2>&1 || echo none)." >&2; \
		echo "Install one, or name it: make report PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make virtual environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

clean:
	rm -rf $(VENV) collabtrace/_core.* build dist report.html bench/captures .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -prune -exec rm -rf {} +
