# `make serve` and `make test` are all the set-up there is. PYTHON=python3.12 picks another Python.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
# On Linux the package index's torch brings gigabytes of CUDA, which only an NVIDIA card can use.
TORCH_CPU := https://download.pytorch.org/whl/cpu

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

# $(call install,EXTRAS): with torch for the CPU where there is no NVIDIA card and PyTorch's own
# index of such builds can be reached; else with the torch that pip finds.
define install
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@if nvidia-smi -L 2>/dev/null | grep -q GPU; then \
	  echo "torch: with CUDA, for the NVIDIA card of this machine"; \
	elif [ "$$(uname -s)" = Linux ] && $(BIN)/python -c 'import sys, urllib.request as u; \
	    u.urlopen(sys.argv[1] + "/torch/", timeout=5)' $(TORCH_CPU) 2>/dev/null; then \
	  echo "torch: for the CPU, from $(TORCH_CPU)"; more="--extra-index-url $(TORCH_CPU)"; \
	else \
	  echo "torch: as the package index has it"; \
	fi; \
	$(PIP) install $$more -c constraints.txt -e '.[$(1)]'
endef

$(VENV)/installed: pyproject.toml constraints.txt
	$(call install,models)
	touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt
	$(call install,test)
	touch $@ $(VENV)/installed
