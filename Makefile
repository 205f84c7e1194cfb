# `make serve` and `make test` are all the set-up there is. PYTHON=python3.12 picks another Python.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: serve test check lint docs clean

serve: $(VENV)/installed
	$(BIN)/footnote serve

test: $(VENV)/installed-test
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest

check: $(VENV)/installed
	HF_HUB_OFFLINE=1 $(BIN)/footnote check

lint: $(VENV)/installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(VENV)/installed-test
	$(BIN)/python -m mkdocs build --strict

clean:
	rm -rf $(VENV)

# On Linux the package index's torch brings gigabytes of CUDA. `constraints.txt` pins one version;
# where pip can reach the CPU build of it (README), that build is what gets installed.
$(VENV)/installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install -c constraints.txt -e .
	touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install -c constraints.txt -e '.[test]'
	touch $@ $(VENV)/installed
