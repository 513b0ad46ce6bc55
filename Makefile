# What there is to do with Ballast, for people, pre-commit hooks and CI alike. `make help` lists it.

BIN := .venv/bin
TRAINING := .venv-train/bin
CODE := bot classifiers storage tests benchmarks
TYPED := bot classifiers storage tests benchmarks

.DEFAULT_GOAL := help
.PHONY: help run try test check fix bench train lock clean installed installed-dev

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

run: installed ## Start Ballast: against Slack with both tokens set, else in the sandbox (ARGS="--debug")
	@$(BIN)/ballast run $(ARGS)

try: installed ## Sort a file of your own feedback (FILE=last-quarter.csv), or the sample; nothing leaves this machine
	@$(BIN)/ballast try $(if $(FILE),"$(FILE)") $(ARGS)

test: installed-dev ## Run every test (ARGS="tests/storage -x")
	@$(BIN)/python -m pytest $(ARGS)

check: installed-dev ## Check format, lint, types, import contracts, and every test with its coverage
	@$(BIN)/ruff format --check $(CODE)
	@$(BIN)/ruff check $(CODE)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -m pytest --cov --cov-report=term:skip-covered $(ARGS)

fix: installed-dev ## Format, and mend what the linter can
	@$(BIN)/ruff check --fix $(CODE)
	@$(BIN)/ruff format $(CODE)

bench: installed-dev ## Run every benchmark; most print a ratio measured in one run
	@for benchmark in benchmarks/[a-z]*.py; do $(BIN)/python "$$benchmark" || exit 1; done

train: $(TRAINING)/ballast ## Train the local classifier from the corpus and write the model that ships (ARGS=--with-reviews)
	@$(TRAINING)/ballast train $(ARGS)

$(TRAINING)/ballast: pyproject.toml
	@echo "Making .venv-train with what training needs; torch alone can be some gigabytes ..." >&2
	@$(or $(PYTHON),python3) -m venv .venv-train && $(TRAINING)/pip install --quiet -e '.[train]' && touch $@

lock: installed-dev ## Write both lock files anew from pyproject.toml
	@tools/lock $(BIN)/uv

clean: ## Remove .venv and everything that tools cached here; the history stays where it is
	@rm -rf .venv .venv-train .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage htmlcov dist build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

installed:
	@tools/install run

installed-dev:
	@tools/install dev
