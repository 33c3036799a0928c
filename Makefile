# `make demo` and `make test` do all set-up themselves; README.md says what they need.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
UV := 0.13.9
BIN := .venv/bin
PREFECT_PORT ?= 4200
PACKAGES := ffmpeg libreoffice-impress-nogui libpangoft2-1.0-0 chromium fonts-liberation fonts-dejavu-core fonts-noto-core \
            fonts-crosextra-carlito fonts-crosextra-caladea python3-venv
DEMO := cyber-norms-from-principles-to-practice

.PHONY: help system setup weights demo prefect serve test lint test-long chaos bench lock audit

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

system: ## ffmpeg, LibreOffice, Pango, Chromium, fonts: installed as root, else named
	@missing=; \
	for program in ffmpeg ffprobe soffice chromium fc-list; do command -v $$program >/dev/null || missing="$$missing $$program"; done; \
	$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || missing="$$missing python3.11-or-later-with-venv"; \
	$(PYTHON) -c 'import ctypes; ctypes.CDLL("libpangoft2-1.0.so.0")' 2>/dev/null || missing="$$missing pango"; \
	command -v fc-list >/dev/null && { fc-list | grep -q Carlito && fc-list | grep -qi Liberation || missing="$$missing fonts"; }; \
	command -v bwrap >/dev/null || echo "Optional: bubblewrap, for the strongest sandbox (see digest doctor)."; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing what is missing:$$missing"; \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(PACKAGES) >/dev/null; \
	else \
	  echo "Missing on this machine:$$missing"; \
	  echo "Install them, then try again:"; \
	  echo "  sudo apt-get update && sudo apt-get install --no-install-recommends $(PACKAGES)"; \
	  exit 1; \
	fi

# torch goes first and by itself: asked for by the lock it would be a CUDA build of several gigabytes.
# uv does not read pip's configuration, so an organisation's own wheel folder is handed over.
$(BIN)/.installed: requirements.lock pyproject.toml
	@echo "Making .venv from requirements.lock"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install --quiet --disable-pip-version-check uv==$(UV)
	@links=$${PIP_FIND_LINKS:-$$($(BIN)/pip config get global.find-links 2>/dev/null || true)}; \
	[ -n "$$links" ] && from="--find-links $$links" || from="--torch-backend cpu"; \
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps $$from torch==2.13.0
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

setup: system $(BIN)/.installed ## system, and .venv from the hashed lock file

demo: setup ## the whole line on recordings/demo/, approved by a script
	@$(BIN)/digest run recordings/demo
	@echo
	@echo '$$ digest approve $(DEMO) --by demonstration'
	@$(BIN)/digest approve $(DEMO) --by demonstration
	@echo
	@echo "To look at the pages: make serve"

# Prefect's server has no password: it listens on loopback, for as long as this runs.
prefect: export PREFECT_HOME := $(CURDIR)/.digest/prefect
prefect: export PREFECT_API_URL := http://127.0.0.1:$(PREFECT_PORT)/api
prefect: export DO_NOT_TRACK := 1
prefect: setup ## the demo, its runs shown by a Prefect server on loopback until Ctrl+C
	@mkdir -p "$$PREFECT_HOME"
	@$(BIN)/prefect server start --host 127.0.0.1 --port $(PREFECT_PORT) --analytics-off >"$$PREFECT_HOME/server.log" 2>&1 & server=$$!; \
	trap 'kill $$server; wait $$server' EXIT; trap 'exit 0' INT TERM; \
	until $(BIN)/python -c "import httpx; httpx.get('$$PREFECT_API_URL/health').raise_for_status()" 2>/dev/null; do \
	  kill -0 $$server 2>/dev/null || { tail -n 5 "$$PREFECT_HOME/server.log"; exit 1; }; sleep 1; done; \
	$(BIN)/digest run recordings/demo && $(BIN)/digest approve $(DEMO) --by demonstration && \
	echo && echo "The runs, stage by stage: http://127.0.0.1:$(PREFECT_PORT)/runs" && echo "Ctrl+C ends the server." && wait $$server

serve: setup ## the published site, on loopback
	@$(BIN)/digest serve

weights: setup
	@$(BIN)/digest models fetch base
	@$(BIN)/digest models fetch tiny.en
	@$(BIN)/python -c 'from digest.weights.campplus import find; print(find())'

test: weights lint ## lint, types, imports, all tests
	@$(BIN)/python -m pytest -q -n auto --maxprocesses 4 -m "not long and not chaos"

lint: setup ## lint, types, import contracts, imports that are not declared
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/deptry digest flows
	@$(BIN)/deptry tests --ignore DEP002,DEP004

test-long: weights ## tests that take minutes
	@$(BIN)/python -m pytest -q -m long

chaos: weights ## kills and breaks things
	@$(BIN)/python -m pytest -q -m chaos

bench: weights ## measure speech, slides, alignment and digest on the gold data; half an hour
	@test -d "$(DIGEST_GOLD)" || { echo "Set DIGEST_GOLD to the folder with the gold data."; exit 2; }
	@mkdir -p build
	@for name in speech slides alignment digest; do \
	  $(BIN)/python -m tests.benchmarks.$$name --gold "$(DIGEST_GOLD)" --json build/$$name.json || exit 1; \
	done

# The tools stay out of the lock: they look at it. What cannot be reached is said, and is no success.
audit: $(BIN)/.installed ## known weaknesses of what is locked, its bill of materials, and a wheel that is the same twice
	@mkdir -p build
	@PYTHONWARNINGS=ignore $(BIN)/uv tool run --quiet --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements.lock \
	  --pyproject pyproject.toml --output-reproducible --of JSON -o build/sbom.cdx.json && echo "Bill of materials: build/sbom.cdx.json"
	@rm -rf build/wheel-1 build/wheel-2
	@for number in 1 2; do $(BIN)/python -m hatchling build -t wheel -d build/wheel-$$number >/dev/null || exit 1; done
	@cmp build/wheel-1/*.whl build/wheel-2/*.whl && sha256sum build/wheel-1/*.whl
	@$(BIN)/uv tool run --quiet --from pip-audit==2.10.1 pip-audit --requirement requirements.lock --require-hashes --disable-pip --strict --progress-spinner off \
	  || { echo "Weaknesses are known, or nobody could be asked about them: see above."; exit 1; }

lock: $(BIN)/.installed ## renew requirements.lock; it holds no host names
	@$(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-emit-package torch \
	  --excludes torch-cuda.excludes --extra dev --extra training pyproject.toml -o requirements.lock
