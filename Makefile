# Every target sets the project up first; a second time that takes a moment only.
# On Windows, README.md has the same commands for PowerShell.

PYTHON ?= python3
VENV := .venv/bin
TEST_ARGS ?=
PROVE_SEEDS ?= 0..99999

export PYTHONUTF8 := 1

.DEFAULT_GOAL := help
.PHONY: help setup run tour test prove lint format bench curves wheel lock audit clean

help: ## List what can be made
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-16s%s\n", $$1, $$2 }'

setup: ## Make the virtual environment and check the system libraries
	@$(PYTHON) scripts/setup.py

run: setup ## Open posapp in training mode (without a display: run the tour)
	@$(VENV)/python scripts/run.py

tour: setup ## Run the training day without a screen, pictures into tour/
	@QT_QPA_PLATFORM=offscreen $(VENV)/posapp tour --out tour

test: setup lint ## Run every check and every test
	@QT_QPA_PLATFORM=offscreen $(VENV)/python -m pytest -n 2 $(TEST_ARGS)

prove: setup ## Prove the sync in its long form (many hours; goes on where it was): seeds, mutants, faults
	@$(VENV)/python -m tests.simulation --seeds $(PROVE_SEEDS) --log prove.jsonl
	@$(VENV)/python -m tests.simulation --mutants --seeds 0..4999
	@POSAPP_POWER_CUTS=100000 POSAPP_KILLS=10000 POSAPP_DISK_FAULTS=100000 POSAPP_FULL_DISKS=200 \
		POSAPP_FUZZ_SECONDS=3600 POSAPP_MODEL_RUNS=20000 POSAPP_TOGETHER_SECONDS=300 POSAPP_QUEUED_ORDERS=2000 \
		$(VENV)/python -m pytest -n 2 tests/faults tests/flow/sync/test_big_queue.py

lint: setup ## Check style, types and the directions of imports
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy
	@$(VENV)/lint-imports

format: setup ## Rewrite the code in the house's format
	@$(VENV)/ruff check --fix .
	@$(VENV)/ruff format .

bench: setup ## Measure speed against peers and limits, results into docs/performance.md
	@QT_QPA_PLATFORM=offscreen $(VENV)/python -m tests.benchmarks

curves: setup ## Measure what acts cost from 1,000 to 1,000,000 orders (half an hour at most)
	@QT_QPA_PLATFORM=offscreen $(VENV)/python -m tests.benchmarks.curves

wheel: setup ## Build the wheel into dist/
	@$(VENV)/python -m build --wheel --no-isolation --outdir dist .

lock: ## Renew the hash-pinned requirements (needs uv)
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade pyproject.toml -o requirements/runtime.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		--upgrade --extra postgresql -c requirements/dev.txt pyproject.toml -o requirements/postgresql.txt

audit: ## Look the pinned libraries up among known weaknesses (needs pip-audit and its data)
	pip-audit --require-hashes --disable-pip -r requirements/dev.txt

clean: ## Remove everything that was made here, the virtual environment too
	rm -rf .venv build dist tour .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
