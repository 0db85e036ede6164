# Two commands do everything: `make run` (the page) and `make test` (all fast tests).
PYTHON ?= python3
VENV   ?= .venv
BIN     = $(VENV)/bin
DATA   ?= data
# On Linux: the address of PyTorch's CPU wheels, as its install page shows it; empty = pip's default.
TORCH_INDEX ?=
TORCH_FROM   = $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX),)
export HF_HUB_OFFLINE = 1
export TRANSFORMERS_OFFLINE = 1

RELIABILITY = $(CURDIR)/out/reliability.jsonl
GUARANTEES  = tests/reliability tests/corpus/test_store_faults.py tests/corpus/test_hostile.py \
  tests/corpus/test_isolation.py tests/corpus/test_saved_work.py tests/corpus/test_scratch.py \
  tests/indexer/test_generations.py tests/screens/test_uploads.py tests/screens/test_work.py \
  tests/commands/test_journal.py tests/commands/test_doctor.py

.PHONY: run test test-long reliability fuzz lint setup setup-test packages train gate bench clean

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(TORCH_FROM) torch==2.13.0
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	touch $@

$(VENV)/.installed-test: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[test]'
	touch $@

setup: $(VENV)/.installed
setup-test: $(VENV)/.installed-test

packages:          # Debian packages some tests need; says loudly what stays skipped
	bash .ci/packages

run: setup         # sample corpus on the first start, then the page at 127.0.0.1:8501
	$(BIN)/zeren serve --data $(DATA)

lint: setup-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy .
	$(BIN)/lint-imports

test: setup-test packages lint
	$(BIN)/python -m pytest -n 2 -m "not long"

test-long: setup-test packages
	$(BIN)/python -m pytest -n 2 -m long

reliability: setup-test packages  # every guarantee of docs/reliability.md with its control; figures into out/
	mkdir -p out && rm -f $(RELIABILITY)
	status=0; export ZEREN_FIGURES=$(RELIABILITY); \
	timeout 1320 $(BIN)/python -m pytest -n 2 --dist worksteal -q -k "not sixty_four" $(GUARANTEES) || status=$$?; \
	timeout 480 $(BIN)/python -m pytest -q -k sixty_four tests/reliability/test_readers.py || status=$$?; \
	cat $(RELIABILITY); exit $$status

fuzz: setup-test   # 5,000 mutated files through the readers (about 15 minutes on two cores)
	$(BIN)/python -m tests.reliability.mutations --count 5000

train: setup       # retrains the shipped encoder and ranker from ../shared (≤ 30 min on two cores)
	$(BIN)/python -m training

gate: setup         # measures the labelled examples against tests/gate.json (DATA holds the laws)
	$(BIN)/python -m bench.gate --data $(DATA)

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
