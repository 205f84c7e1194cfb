# `make serve` and `make test` are all the set-up there is. PYTHON=python3.12 picks another Python,
# EXTRAS=models brings torch for embedding models and readers of your own, EXTRAS=ollama a provider.
PYTHON ?= python3
EXTRAS ?=
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

# $(call install,EXTRAS): torch, where they bring it, is the one for the CPU unless there is an
# NVIDIA card or PyTorch's own index of such builds cannot be reached.
define install
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@case ",$(strip $(1))," in \
	*,models,*|*,test,*|*,training,*) \
	  if nvidia-smi -L 2>/dev/null | grep -q GPU; then \
	    echo "torch: with CUDA, for the NVIDIA card of this machine"; \
	  elif [ "$$(uname -s)" = Linux ] && $(BIN)/python -c 'import sys, urllib.request as u; \
	      u.urlopen(sys.argv[1] + "/torch/", timeout=5)' $(TORCH_CPU) 2>/dev/null; then \
	    echo "torch: for the CPU, from $(TORCH_CPU)"; more="--extra-index-url $(TORCH_CPU)"; \
	  else \
	    echo "torch: as the package index has it"; \
	  fi ;; \
	*) echo "torch: none; make EXTRAS=models brings it" ;; \
	esac; \
	$(PIP) install $$more -c constraints.txt -e '.[$(1)]'
endef

$(VENV)/installed: pyproject.toml constraints.txt
	$(call install,$(EXTRAS))
	touch $@

$(VENV)/installed-test: pyproject.toml constraints.txt
	$(call install,test)
	touch $@ $(VENV)/installed
