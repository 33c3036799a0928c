# `make demo` and `make test` do all set-up themselves; see README.md.
SHELL := /bin/bash
.DEFAULT_GOAL := help
UV := 0.13.9
PYTHON ?= python3
STATE := .digest

.PHONY: help system setup weights demo test test-long chaos bench serve lint lock clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

system: ## ffmpeg, LibreOffice, Chromium and fonts from the distribution
	@sh scripts/system

.venv/.installed: requirements.lock pyproject.toml
	@test -x .venv/bin/python || $(PYTHON) -m venv .venv
	@.venv/bin/pip install --quiet --disable-pip-version-check uv==$(UV)
	@links=$${PIP_FIND_LINKS:-$$(.venv/bin/pip config get global.find-links 2>/dev/null || true)}; \
	  [ -n "$$links" ] && from="--find-links $$links" || from="--torch-backend cpu"; \
	  .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps $$from torch==2.13.0
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --require-hashes -r requirements.lock
	@.venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --editable .
	@touch $@

setup: system .venv/.installed
