# Everything a clone can do, from nothing but make and Python 3.11. `make` alone lists it.
PYTHON ?= python3
ARGS ?=
WORKERS ?= auto

# Runs a Python command in .venv, which it makes or mends first.
in_venv := @$(PYTHON) -m config.bootstrap

.PHONY: help run dev test lint types audit backup restore bench faults check-ops crowd format intake-report fuzz scan measure-export

help:  ## list what make can do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/'
	@echo 'PORT=8001 and PARLEY_DATA=folder choose where run and dev listen and keep their data.'

run:  ## the site on http://127.0.0.1:8000, with its own database; Ctrl-C stops it
	$(in_venv) -m config.run

dev:  ## the same with debug pages and auto-reload
	$(in_venv) -m config.run --dev

test:  ## all tests on a scratch database; ARGS="-k word" picks some; BRANCHES=95 fails where fewer per cent are taken
	$(in_venv) --dev $(if $(BRANCHES),-m slipcover --dont-wrap-pytest) -m pytest -n $(WORKERS) --dist worksteal $(ARGS)
	$(if $(BRANCHES),$(in_venv) --dev -m tests.branches .branches.json $(BRANCHES))

lint:  ## style, templates, migrations forgotten or locking, dead code
	$(in_venv) --dev -m ruff check .
	$(in_venv) --dev -m ruff format --check .
	$(in_venv) --dev -m djlint templates --lint --quiet
	$(in_venv) --dev -m config.scratch manage.py makemigrations --check --dry-run
	$(in_venv) --dev -m config.scratch -m config.migrations
	$(in_venv) --dev -m vulture

types:  ## mypy, strictly, on all of negotiations/
	$(in_venv) --dev -m config.scratch -m mypy

audit:  ## known holes in the pinned dependencies; needs the network, and says so without it
	$(in_venv) --dev -m config.audit

backup:  ## the database in one file of var/backups, shown to come back whole; FOLDER=… puts it elsewhere
	$(in_venv) -m config.backup save $(FOLDER)

restore:  ## bring back FILE=…; what was there before is renamed, not dropped
	$(in_venv) -m config.backup restore "$(FILE)"

measure-export:  ## memory and patience that 100,000 entries as CSV, NDJSON and JSON take, on a scratch database
	$(in_venv) --dev -m bench.exports

bench:  ## pages against floors on a large scratch record, into bench/results.md; SIZES="1000 100000", SECONDS=3
	$(in_venv) -m bench

faults:  ## break a real site in every way we know, and see what readers get
	$(in_venv) --dev -m pytest $(if $(findstring faults/,$(ARGS)),,faults) -s -q $(ARGS)

check-ops:  ## backup and restore; the previous release on these tables; a primary with a replica, killed and started again
	$(in_venv) --dev -m pytest tests/test_backup.py -q
	$(in_venv) --dev -m pytest faults/test_previous_release.py faults/test_replica.py faults/test_proxy.py -s -q

crowd:  ## 500 readers for a minute while an editor publishes every second; CROWD=500 CROWD_SECONDS=60 CROWD_PAUSE=1
	$(in_venv) --dev -m pytest faults/crowd.py -s -q

format:  ## let ruff put the code in order
	$(in_venv) --dev -m ruff check --fix .
	$(in_venv) --dev -m ruff format .

intake-report:  ## how well quotations are found in articles, measured on the invented reports of tests/articles
	$(in_venv) --dev -m tests.articles

fuzz: export PARLEY_QUESTIONS = $(or $(QUESTIONS),200)
fuzz:  ## every address, parameter, header and form, and what the API's document allows; FUZZ=20000 FUZZ_SEED=1 QUESTIONS=200
	$(in_venv) --dev -m pytest faults/fuzz.py -s -q
	$(in_venv) --dev -m pytest tests/test_api.py -k openapi_document -s

scan:  ## a scanner from PyPI, in an environment of its own, looks for ways into a running site; SCAN_SECONDS=180 a module
	$(in_venv) --dev -m pytest faults/scan.py -s -q
