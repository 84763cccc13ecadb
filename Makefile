# Every target sets itself up in .venv on first use; `make help` lists them.
SHELL := /bin/sh
.DEFAULT_GOAL := help
export MPLBACKEND := Agg
export PIP_DISABLE_PIP_VERSION_CHECK := 1

VENV := .venv
comma := ,
# A folder named Scripts instead of bin marks an environment made on Windows.
BIN := $(VENV)/$(if $(wildcard $(VENV)/Scripts),Scripts,bin)
PY := $(BIN)/python
INSTALL := $(PY) -m pip install --no-input --progress-bar off -c constraints.txt
# Tests run in one process per processor, files whole; SPREAD= runs them in one process.
SPREAD := -n auto --dist loadfile
# What has a bar of seconds is tested alone, because a second process makes seconds longer.
TIMED := tests/bad
# What must hold with the oldest packages; OLDEST= runs every test.
OLDEST := tests/io tests/draw
CANDIDATES := $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11 python

.PHONY: help brief test offline lint types layers doctest notebooks docs wheel oldest parquet scale spark benchmark calibration scorecard sizes coverage mutation fuzz check fresh format constraints clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

$(VENV)/.made:
	@found=; for candidate in $(CANDIDATES); do \
	  if "$$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	  echo "sysmap needs Python 3.11 or newer with venv and pip, and none was found." >&2; \
	  echo "Install it (on Debian: apt-get install python3 python3-venv), or name one: make PYTHON=/path/to/python" >&2; \
	  exit 1; \
	fi; \
	echo "==> making $(VENV) with $$("$$found" --version)"; \
	"$$found" -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: $(VENV)/.made pyproject.toml constraints.txt
	@echo "==> installing sysmap and what it needs to run (once, about a minute)"
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml constraints.txt
	@echo "==> installing sysmap with what its checks need (once, a minute or two)"
	@$(INSTALL) -e ".[dev]"
	@touch $(VENV)/.runtime $@

$(VENV)/.docs: $(VENV)/.dev
	@echo "==> installing what the site needs (once)"
	@$(INSTALL) -e ".[dev,docs]"
	@touch $@

brief: $(VENV)/.runtime ## write the brief of the map that is shipped into the folder brief
	@echo "==> writing the brief into the folder brief"
	@$(PY) -m sysmap demo brief

test: $(VENV)/.dev ## run every test and every example in the docstrings
	@echo "==> running the tests (browser tests need Chromium, and say so where they skip)"
	@$(PY) -m pytest $(TIMED); timed=$$?; \
	  $(PY) -m pytest $(SPREAD) --ignore=$(TIMED) && exit $$timed

OFFLINE := tests
offline: $(VENV)/.dev ## run the tests but those of the browser in a name space without network (Linux)
	@unshare --map-root-user --net true || { echo "this system makes no name space without network" >&2; exit 1; }
	@unshare --map-root-user --net $(PY) -m pytest $(SPREAD) -m "not browser" $(OFFLINE)

lint: $(VENV)/.dev ## check style and layout of the code
	@echo "==> ruff"
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: $(VENV)/.dev ## check the types
	@echo "==> mypy --strict"
	@$(BIN)/mypy --strict sysmap

layers: $(VENV)/.dev ## check that imports point down
	@echo "==> import-linter"
	@$(BIN)/lint-imports

doctest: $(VENV)/.dev ## run only the examples in the docstrings
	@echo "==> examples in the docstrings"
	@$(PY) -m pytest sysmap

notebooks: $(VENV)/.dev ## run every notebook from first cell to last
	@rm -rf build/notebooks && mkdir -p build/notebooks
	@found=0; for text in notebooks/*.py notebooks/*.md notebooks/*.ipynb; do \
	  case $$text in *'*'*|*/README.md) continue;; esac; found=1; \
	  echo "==> reading $$text"; \
	  $(BIN)/jupytext --quiet --to ipynb --set-kernel python3 "$$text" \
	    --output build/notebooks/$$(basename "$${text%.*}").ipynb || exit 1; \
	done; \
	if [ $$found = 0 ]; then echo "==> there is no notebook in notebooks/, so none was run"; \
	else echo "==> running the notebooks"; \
	  $(PY) -m pytest --nbmake -o addopts= -W default build/notebooks/*.ipynb; fi

# What is tested of the wheel; tests that read the source tree cannot be among it.
WHEELED := tests/io tests/test_cli.py
wheel: $(VENV)/.dev ## build the wheel and test it from an environment of its own
	@rm -rf dist build/wheel
	@echo "==> building the wheel"
	@$(PY) -m pip wheel --no-deps --progress-bar off --wheel-dir dist .
	@echo "==> installing it in build/wheel"
	@$(PY) -m venv build/wheel
	@build/wheel/bin/python -m pip install --no-input --progress-bar off -c constraints.txt dist/*.whl
	@cd build/wheel && bin/sysmap --version && bin/sysmap-graph --version \
	  && bin/python -c 'import sysmap; print("from the wheel:", sysmap.example().title)'
	@echo "==> testing it from a folder that holds the tests and no package"
	@build/wheel/bin/python -m pip install --no-input --progress-bar off --quiet -c constraints.txt \
	  "$$(echo dist/*.whl)[dev]"
	@mkdir build/wheel/beside && cp -R tests datasets docs pyproject.toml build/wheel/beside
	@cd build/wheel/beside && ../bin/python -c 'import sys, sysmap; sys.exit(not sysmap.__file__.startswith(sys.prefix))' \
	  && ../bin/python -m pytest -p no:cacheprovider -m "not browser" $(SPREAD) $(WHEELED)

oldest: $(VENV)/.dev ## test against the oldest packages that pyproject.toml allows
	@echo "==> installing the oldest allowed packages in build/oldest"
	@$(PY) -m venv build/oldest
	@$(PY) tests/oldest.py > build/oldest/constraints.txt
	@build/oldest/bin/python -m pip install --no-input --progress-bar off --quiet \
	  -c build/oldest/constraints.txt -e ".[dev]"
	@build/oldest/bin/python -m pytest $(SPREAD) $(OLDEST)

parquet: $(VENV)/.dev ## test the extra parquet in an environment of its own
	@echo "==> installing the extra parquet in build/parquet"
	@$(PY) -m venv build/parquet
	@build/parquet/bin/python -m pip install --no-input --progress-bar off --quiet \
	  -c constraints.txt -e ".[dev,parquet]"
	@build/parquet/bin/python -m pytest tests/io/test_parquet.py tests/test_redaction_bytes.py -k parquet

scale: $(VENV)/.dev ## test the extra scale in an environment of its own
	@echo "==> installing the extra scale in build/scale"
	@$(PY) -m venv build/scale
	@build/scale/bin/python -m pip install --no-input --progress-bar off --quiet \
	  -c constraints.txt -e ".[dev,scale,polars]"
	@build/scale/bin/python -m pytest tests/io/test_scan.py

spark: $(VENV)/.dev ## test the extra spark in an environment of its own (needs Java 17)
	@command -v java >/dev/null || { echo "Spark needs Java 17 (on Debian: apt-get install openjdk-17-jre-headless)" >&2; exit 1; }
	@echo "==> installing the extra spark in build/spark"
	@$(PY) -m venv build/spark
	@build/spark/bin/python -m pip install --no-input --progress-bar off --quiet \
	  -c constraints.txt -e ".[dev,scale,spark]"
	@build/spark/bin/python -m pytest tests/io/test_scan.py tests/io/test_executors.py -k spark

# Rows of the comparison of scale; the largest takes half an hour and 10 GB.
SIZES := 600 100000 1000000 10000000
# Spark is compared where Java is there.
ENGINES := $(if $(shell command -v java),spark,scale)
benchmark: $(VENV)/.dev ## time what has a stated bound, and print a table of what holds (SIZES= of rows)
	@echo "==> installing the extras for engines in build/$(ENGINES)"
	@$(PY) -m venv build/$(ENGINES)
	@build/$(ENGINES)/bin/python -m pip install --no-input --progress-bar off --quiet \
	  -c constraints.txt -e ".[dev,scale$(if $(filter spark,$(ENGINES)),$(comma)spark)]"
	@$(PY) tests/benchmarks/run.py --scale build/$(ENGINES)/bin/python --sizes $(SIZES)

docs: $(VENV)/.docs ## build the site in build/docs; a broken link or an outside request fails
	@echo "==> building the site in build/docs"
	@rm -rf build/docs
	@$(PY) -m sphinx --fail-on-warning --keep-going -q -c docs -b html . build/docs
	@SYSMAP_SITE=build/docs $(PY) -m pytest -q tests/docs/test_site.py

calibration: $(VENV)/.dev ## draw the simulated surveys again and write their rates into the docs
	@echo "==> writing the tables of docs/methods/calibration.md (two or three minutes)"
	@$(PY) docs/make_calibration.py

scorecard: $(VENV)/.dev ## print the scorecard of reliability from tests that it runs
	@echo "==> bad inputs, faults, same bytes, planted leaks, fuzz and laws (several minutes)"
	@$(PY) -m tests.scorecard.run

sizes: $(VENV)/.dev ## time every task at 10^3 to 10^6 claims (half an hour)
	@rm -f build/scorecard/sizes.txt
	@$(PY) tests/benchmarks/sizes.py --to build/scorecard
	@$(PY) -m tests.scorecard.run --stamp check sizes

# What is run for coverage; COVERED=tests measures everything.
COVERED := tests/core tests/measures tests/io tests/analyses
coverage: export COVERAGE_FILE := build/.coverage
coverage: $(VENV)/.dev ## measure which statements and branches the tests run
	@mkdir -p build/scorecard
	@$(PY) -m coverage run --branch --source sysmap -m pytest -q -m "not slow and not browser" $(COVERED)
	@$(PY) -m coverage report --skip-covered > build/scorecard/coverage.md
	@total=$$($(PY) -m coverage report --format=total) \
	  && echo "$$total % | by $(COVERED), \`make coverage\`" > build/scorecard/coverage.txt
	@$(PY) -m tests.scorecard.run --stamp coverage
	@head -n 1 build/scorecard/coverage.txt

MUTANTS := 200
MUTMUT := mutmut==3.8.1
mutation: $(VENV)/.dev ## put small faults into the spine and count those that its tests find
	@echo "==> installing $(MUTMUT) in build/mutation"
	@$(PY) -m venv build/mutation
	@build/mutation/bin/python -m pip install --no-input --progress-bar off --quiet \
	  -c constraints.txt -e ".[dev]" "$(MUTMUT)"
	@build/mutation/bin/python -m tests.mutation.run --mutants $(MUTANTS) --seed $(SEED) --to build/scorecard/mutation.txt
	@$(PY) -m tests.scorecard.run --stamp mutation

MINUTES := 60
SEED := 0
fuzz: $(VENV)/.dev ## bend good files at random for MINUTES=60 and tell what breaks
	@$(PY) -m tests.fuzz.fuzz --minutes $(MINUTES) --seed $(SEED)

check: lint types layers notebooks docs wheel oldest parquet scale spark test ## run every check

fresh: ## clone the last commit elsewhere and run brief and test there
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT \
	  && echo "==> cloning into $$folder" && git clone --quiet . "$$folder/sysmap" \
	  && $(MAKE) -C "$$folder/sysmap" brief && $(MAKE) -C "$$folder/sysmap" test

format: $(VENV)/.dev ## lay the code out as lint expects it
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

constraints: ## pin the newest versions again (needs uv)
	uv pip compile --universal --python-version 3.11 --all-extras --upgrade --quiet \
	  --no-header --no-annotate --no-emit-index-url pyproject.toml -o constraints.txt

clean: ## remove everything that make made
	rm -rf .venv build dist brief mutants .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find sysmap tests -name __pycache__ -type d -prune -exec rm -rf {} +
