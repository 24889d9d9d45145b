# Two commands do all the set-up: `make build` runs the main job on the page of this repository, `make test` passes the tests.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: build test lint docs docs-site bench clean

build: $(VENV)/.product
	$(BIN)/kap build

test: $(VENV)/.tools
	$(BIN)/pytest

lint: $(VENV)/.tools
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --platform win32 --cache-dir .mypy_cache/win32
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check

docs: $(VENV)/.tools
	$(BIN)/python docs/generate.py

docs-site: $(VENV)/.tools
	$(BIN)/python -m sphinx -W --keep-going -q docs build/docs
	@echo "build/docs/index.html"

bench: $(VENV)/.tools
	$(BIN)/python benchmarks/run.py

$(VENV)/.product: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("kap-content needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable '.[review]'
	$(BIN)/python -m kap_content.startup # or each run would compile anew where Python may write no bytecode
	touch $@

$(VENV)/.tools: $(VENV)/.product
	$(PIP) install --constraint constraints.txt --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) site .kap_cache
