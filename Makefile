# `make` by itself lists the commands. Each makes .venv first, once for every requirements-dev.txt.

PYTHON ?=
BIN := .venv/bin
STAMP := .venv/.installed-$(firstword $(shell cksum < requirements-dev.txt))
CODE := functions shared runner tests migrations local_runner.py
AUDIT_SECONDS := 10
# One more than there are cores, for tests wait as much as they compute.
WORKERS = $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
CHECKS := check-types check-format check-lint check-contracts check-house check-template check-image check-audit

.DEFAULT_GOAL := help
.PHONY: help demo test run check audit faults fuzz bench package lock format clean $(CHECKS)

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | awk -F'\t' '{printf "  make %-8s %s\n", $$1, $$2}'

demo: $(STAMP) ## the main job by itself: a post, scheduled, reaches every network once
	@$(BIN)/python local_runner.py demo $(ARGS)

test: $(STAMP) ## the tests but for the slow ones, against real PostgreSQL, RabbitMQ and Memcached
	@.ci/servers
	@PYTHONHASHSEED=0 $(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=loadfile --no-loadscope-reorder $(ARGS)

run: $(STAMP) ## serve on this machine until Ctrl-C
	@$(BIN)/python local_runner.py up $(ARGS)

check: $(STAMP) ## format, lint, types, imports, secrets, templates, image: no servers, under 20 s
	@$(MAKE) --no-print-directory --jobs=3 --output-sync=target --keep-going $(CHECKS)

check-format:
	@$(BIN)/ruff format --check --quiet $(CODE)

check-lint:
	@$(BIN)/ruff check --quiet $(CODE)

check-types:
	@$(BIN)/mypy --num-workers 2 --no-error-summary $(CODE)

check-contracts:
	@said=$$($(BIN)/lint-imports --no-logo --no-cache) || { echo "$$said"; false; }

check-template:
	@$(BIN)/cfn-lint template.yaml stores.yaml

check-image:
	@$(BIN)/hadolint Dockerfile
	@$(BIN)/check-jsonschema --quiet --builtin-schema vendor.compose-spec compose.yaml

check-house:
	@$(BIN)/python -m pytest -q --no-header --durations=0 tests/architecture

# Told, and no verdict: what somebody publishes overnight does not make unchanged code bad.
check-audit:
	@timeout $(AUDIT_SECONDS) .ci/audit || [ $$? -ne 124 ] || \
		echo "audit: no answer within $(AUDIT_SECONDS) s; make audit waits for one" >&2

audit: $(STAMP) ## what is known of holes in the libraries that are deployed (asks the network)
	@.ci/audit

faults: $(STAMP) ## kill, cut and break on purpose; slow. ARGS="--seed 7" plays one storm again
	@.ci/servers
	@$(BIN)/python -m tests.faults $(ARGS)
	@[ -n "$(ARGS)" ] || $(BIN)/python -m pytest -m slow

fuzz: $(STAMP) ## 150 cases for each operation, right and wrong, by several callers; counts them
	@.ci/servers
	@FUZZ_CASES=$(or $(CASES),150) $(BIN)/python -m pytest --numprocesses=auto --dist=load --timeout=1800 tests/fuzz $(ARGS)

bench: $(STAMP) ## measure what was promised; one JSON object a line
	@.ci/servers
	@.ci/yardsticks
	@$(BIN)/python -m tests.benchmarks $(ARGS)

package: $(STAMP) ## what template.yaml deploys, for Lambda's Python and platform
	@.ci/package

lock: $(STAMP) ## resolve pyproject.toml anew into the lock files
	@.ci/lock

format: $(STAMP) ## put the code into shape
	@$(BIN)/ruff check --fix --quiet $(CODE) ; $(BIN)/ruff format --quiet $(CODE)

clean: ## take away everything that can be made again
	@rm -rf .venv .data .yardsticks .package .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): requirements-dev.txt
	@PYTHON="$(PYTHON)" .ci/environment
	@rm -f .venv/.installed-* ; touch $@
