# Two commands on a fresh machine: `make book` and `make test`.
# Each installs what it needs into .venv, once; a second run installs nothing.
#
#   make book                    build the course into _build/html
#   make test                    style, types, and every gate, in a real browser
#   make serve                   look at the built course
#   make bench                   ratios against what you would do instead
#   make outputs                 run the lessons and store their text outputs
#   make colab                   the lessons for Colab, and the wheel, in _build/colab
#   make prove                   run each of those as Colab would
#   make PIP_ARGS="…" book       hand arguments to pip (see README: CPU-only torch)

PYTHON ?= python3
PIP_ARGS ?=
RUN := .venv/bin/python -m
INSTALL := $(RUN) pip install --disable-pip-version-check -q $(PIP_ARGS) -c constraints.txt

# Containers like to forbid compiled modules to be kept. Each kernel and each process of
# a test would then compile lrlib anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: book test serve bench outputs colab prove check clean
# An environment that was made halfway must not count as made.
.DELETE_ON_ERROR:

book: .venv/with-book
	$(RUN) publish

test: .venv/with-test .venv/with-browser check
	# Three on two cores: those that drive a browser mostly wait.
	$(RUN) pytest -n 3 --dist worksteal tests

check: .venv/with-test
	$(RUN) ruff check .
	$(RUN) ruff format --check .
	$(RUN) mypy

serve: .venv/with-book
	$(RUN) publish.serve

bench: .venv/with-bench .venv/with-browser
	$(RUN) benchmarks

outputs: .venv/with-book
	$(RUN) publish.outputs book/*.ipynb book/*/*.ipynb

colab: .venv/with-book
	$(RUN) publish.colab

prove: colab .venv/with-test .venv/colab-image/ready
	# Each notebook has an image of its own, which need not be kept.
	$(RUN) pytest -n 2 -o tmp_path_retention_policy=failed tests/colab_proof.py

clean:
	rm -rf _build

# The stamps below record what .venv holds. They are renewed when the pins change.
.venv/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "There is no $(PYTHON) here: install Python 3.11 or newer,"; \
	  echo "or name yours: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is too old: Python 3.11 or newer is needed."; \
	  echo "Name another one: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/with-book: pyproject.toml constraints.txt .venv/pyvenv.cfg
	$(INSTALL) -e '.[book]'
	@touch $@

.venv/with-test: pyproject.toml constraints.txt .venv/pyvenv.cfg
	$(INSTALL) -e '.[book,test]'
	@touch $@ .venv/with-book

.venv/with-bench: pyproject.toml constraints.txt .venv/pyvenv.cfg
	$(INSTALL) -e '.[book,test,bench]'
	@touch $@ .venv/with-book .venv/with-test

# A browser: an installed one, else Playwright's own, else Debian's package.
.venv/with-browser: .venv/with-test
	$(RUN) tests.browser
	@touch $@

# Colab's versions, apart from ours.
.venv/colab-image/ready: tests/colab_image/requirements.txt .venv/pyvenv.cfg
	$(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip install --disable-pip-version-check -q $(PIP_ARGS) -r $<
	@touch $@
