# make run         start the bundle on SQLite with mock login
# make test        everything: lint and all tests
# make lint        ruff, mypy, import-linter, hadolint
# make bench       speed and memory beside the usual way; BENCH_ARGS=--quick for a look
# make slips       what of the wrong units and slips of the pen the warnings name; SLIPS_ARGS=--missed
# make image-test  build the real image and run its container
# make lock        write the exact packages and their hashes anew after an edit of requirements*.txt
# make audit       look the packages up in the database of known vulnerabilities
# make clean       remove what these made; the data folder stays

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := run
.NOTPARALLEL:
.PHONY: run test lint bench slips image-test lock audit clean packages image-packages

VENV := .venv
PY := $(VENV)/bin/python
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH):/usr/sbin:/sbin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# An interpreter of 3.11 or newer; `make PYTHON=/path/to/python3` chooses another.
PYTHON ?= $(shell for p in python3.12 python3.11 python3.13 python3; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
# A virtual environment whose interpreter is gone (moved folder, upgraded system) is made anew.
ifneq ($(wildcard $(PY)),)
ifneq ($(shell $(PY) -c 'print("ok")' 2>/dev/null),ok)
$(shell rm -rf $(VENV))
endif
else ifneq ($(wildcard $(VENV)),)
$(shell rm -rf $(VENV))
endif

# `.env` decides where there is one; without it the login is a mock one.
run: export HOST := 127.0.0.1
ifeq ($(wildcard .env),)
WECHAT_MOCK ?= 1
run: export WECHAT_MOCK := $(WECHAT_MOCK)
endif
run: $(VENV)/run.stamp
	@$(PY) -c 'from config import load_settings as s; print(f"http://127.0.0.1:{s().port}/  (Ctrl-C stops it)")' 2>/dev/null || true
	@exec $(PY) -m router

# Tests that start whole fleets of processes have the machine for themselves.
WHOLE := tests/platform $(addprefix tests/resilience/test_,$(addsuffix .py,chaos fairness outage refusals shutdown))
SHARED := --numprocesses 2 --dist loadfile --no-loadscope-reorder $(addprefix --ignore ,$(WHOLE))
# Every part runs, whatever the others come to; the last line names those that failed.
test: $(VENV)/test.stamp packages
	@failed=(); \
	$(MAKE) --no-print-directory lint || failed+=(lint); \
	$(PY) -m pytest $(SHARED) $(PYTEST_ARGS) || failed+=("tests side by side"); \
	$(PY) -m pytest $(WHOLE) $(PYTEST_ARGS) || failed+=("tests alone"); \
	if [ $${#failed[@]} -gt 0 ]; then printf 'failed: %s\n' "$${failed[@]}" >&2; exit 1; fi

lint: $(VENV)/test.stamp
	ruff check .
	ruff format --check .
	mypy
	lint-imports
	hadolint Dockerfile

bench: $(VENV)/test.stamp
	@$(PY) -m tests.benchmarks $(BENCH_ARGS)

slips: $(VENV)/test.stamp
	@$(PY) -m tests.slips $(SLIPS_ARGS)

image-test: $(VENV)/test.stamp image-packages
	@$(PY) -m tests.image

# For all supported versions of Python and all platforms at once.
lock: $(VENV)/test.stamp
	for name in requirements requirements-dev; do \
	  uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	    --custom-compile-command "make lock" --output-file "$$name.lock" "$$name.txt"; done
	@$(PY) -m tests.base_image

audit: $(VENV)/test.stamp
	@$(PY) -m tests.audit

clean:
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(PY):
	@tests/install.sh venv "$(PYTHON)"
	"$(PYTHON)" -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock | $(PY)
	$(PY) -m pip install --quiet --require-hashes -r requirements.lock
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock | $(PY)
	$(PY) -m pip install --quiet --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/run.stamp

# Programs that the tests start themselves; looked for at every run, installed only where missing.
packages:
	@tests/install.sh tests

image-packages:
	@tests/install.sh image
