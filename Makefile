# Two commands are enough: `make demo` and `make test`. Everything else is for those who change the code.
SHELL := /bin/sh
.DEFAULT_GOAL := help
VENV := .venv
PY := $(VENV)/bin/python
KIM := PYTHONPATH=. $(PY) -m app.cli
export PYTHONWARNINGS ?= ignore::RuntimeWarning

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.runtime: requirements.lock
	@sh deploy/make_venv.sh $(VENV) requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock
	@sh deploy/make_venv.sh $(VENV) requirements-dev.lock
	@touch $@

setup: $(VENV)/.runtime ## install what running needs
setup-dev: $(VENV)/.dev ## install what changing the code needs

demo: $(VENV)/.runtime ## run everything on this machine with realistic data (KIM_PORT chooses the port)
	@exec env PYTHONPATH=. $(PY) -m app.cli demo

demo-reset: $(VENV)/.runtime ## throw the demonstration's data away and begin anew
	@exec env PYTHONPATH=. $(PY) -m app.cli demo --reset

test: $(VENV)/.dev ## run all tests on the embedded database, in five processes
	@sh tests/run.sh $(PY) -m pytest

coverage: $(VENV)/.dev ## run the tests and ask for the coverage of branches that is promised over all
	$(VENV)/bin/coverage erase
	@sh tests/run.sh $(VENV)/bin/coverage run -m pytest
	$(VENV)/bin/coverage combine -q
	$(VENV)/bin/coverage report --fail-under=95

coverage-strict: $(VENV)/.dev ## the same for what decides who sees and does what: every branch
	$(VENV)/bin/coverage erase --rcfile=tests/strict_coverage.ini
	@sh tests/run.sh $(VENV)/bin/coverage run --rcfile=tests/strict_coverage.ini -m pytest
	$(VENV)/bin/coverage combine -q --rcfile=tests/strict_coverage.ini
	$(VENV)/bin/coverage report --rcfile=tests/strict_coverage.ini

check: $(VENV)/.dev ## formatting, linting, types, import contracts, generated files
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	PYTHONPATH=. $(VENV)/bin/lint-imports
	$(KIM) openapi --check
	$(KIM) docs write --check

generate: $(VENV)/.dev ## write the contract and the generated documents anew
	$(KIM) openapi
	$(KIM) docs write

clients: ## the TypeScript client's types anew from the contract, and its compiler (needs node and npm)
	npm --prefix openapi/clients/typescript ci --silent
	npm --prefix openapi/clients/typescript run --silent generate
	npm --prefix openapi/clients/typescript run --silent check

format: $(VENV)/.dev ## format the code
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

bench: $(VENV)/.dev ## measure against the floor (writes var/bench.json)
	PYTHONPATH=. $(PY) -m bench

.PHONY: help setup setup-dev demo demo-reset test coverage coverage-strict check generate clients format bench
