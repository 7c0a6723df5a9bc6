# 督办：`make help` 列出全部目标。Needs python3 (3.11 or newer) with venv, and make; nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# make demo
PORT ?= 8000
VAR ?= var/demo

# make test, make soak, make bench: further arguments; COVERAGE=1 measures branch coverage.
ARGS ?=
COVERAGE ?=

PACKAGES := events projections notifications service
TEMPLATES := $(wildcard service/templates notifications/templates)
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input
# Everything comes from a lock, by hash, as a wheel: nothing is resolved and nothing is compiled.
PIP_LOCKED := $(PIP) install --quiet --require-hashes --no-deps --only-binary :all:
PYTEST := $(BIN)/python -m pytest
LOCK := $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
	--python-version 3.11 --extra postgres pyproject.toml

# What the caller's shell has set for other programs must not reach ours.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV PIP_TARGET PIP_PREFIX PIP_USER PIP_REQUIRE_VIRTUALENV

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help install dev demo test check lint format bench soak bundle guide lock clean

help:
	@echo "make install  建好 .venv，内有命令 duban"
	@echo "make demo     建好环境并开出演示县：http://127.0.0.1:$(PORT)（可给 PORT= VAR=）"
	@echo "make test     建好环境并跑全部测试（可给 ARGS= COVERAGE=1）"
	@echo "make lint     格式、规范、类型、依赖方向、模板、版本相容"
	@echo "make check    make test 加 make lint"
	@echo "make format   按规范改写格式"
	@echo "make bench    基准测试（可给 ARGS=）"
	@echo "make soak     长时间运行的测试（可给 ARGS=）"
	@echo "make bundle   打成离线安装包 dist/duban-*.tar（可给 ARGS=\"--machine x86_64 --python 3.11\"）"
	@echo "make guide    重拍使用说明里的图（docs/guide/pictures）"
	@echo "make lock     按 pyproject.toml 与 requirements*.in 重写锁文件（ARGS=--upgrade 一并升级）"
	@echo "make clean    删去 .venv 与各种缓存"

install: $(VENV)/.project

dev: $(VENV)/.project $(VENV)/.dev

demo: install
	@exec $(BIN)/python -m service.demo --port "$(PORT)" --var "$(VAR)"

test: dev
	$(PYTEST) -n 2 --dist loadfile $(if $(COVERAGE),--cov --cov-branch --cov-report=term-missing:skip-covered) $(ARGS)

# Apart, so that `make -k lint` shows what every one of them has to say.
LINTERS := lint-format lint-code lint-types lint-arrows lint-templates lint-versions
.PHONY: $(LINTERS)

lint: $(LINTERS)

lint-format: dev
	$(BIN)/ruff format --check .

lint-code: dev
	$(BIN)/ruff check .

lint-types: dev
	$(BIN)/mypy

lint-arrows: dev
	$(BIN)/lint-imports --no-logo

lint-templates: dev
	$(if $(TEMPLATES),$(BIN)/djlint --lint --quiet $(TEMPLATES))

lint-versions: dev
	$(PIP) check

check: test lint

format: dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: dev
	$(BIN)/python -m benchmarks $(ARGS)

soak: dev
	DUBAN_SOAK=full $(PYTEST) tests -m soak $(ARGS)

bundle: install
	$(BIN)/python deploy/bundle.py $(ARGS)

guide: dev
	$(BIN)/python -m tests.docs.guide

lock: dev
	$(LOCK) requirements.in -o requirements.lock $(ARGS)
	$(LOCK) requirements-dev.in -o requirements-dev.lock $(ARGS)
	@if grep -n '://' requirements.lock requirements-dev.lock; then \
		echo "锁文件里不应有网址：见上面几行" >&2; exit 1; fi

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	find $(PACKAGES) tests -name __pycache__ -prune -exec rm -rf {} +

# Stamps inside .venv: a step is done again only when what it was made from has changed.

$(VENV)/pyvenv.cfg:
	@command -v $(PYTHON) >/dev/null || \
		{ echo "找不到 $(PYTHON)：请安装 Python 3.11 或更新版本（Debian：apt-get install python3-venv）" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) 版本太旧：需要 3.11 或更新版本，可用 make PYTHON=/path/to/python3 指定" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) 缺少 venv（ensurepip）：请先安装，Debian 上是 apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock $(VENV)/pyvenv.cfg
	$(PIP_LOCKED) -r requirements.lock
	@touch $@

# Editable as a plain path entry, so that the checkout is what runs; setuptools comes from the lock.
$(VENV)/.project: pyproject.toml $(VENV)/.runtime
	$(PIP) install --quiet --no-build-isolation --no-deps --config-settings editable_mode=compat --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(PIP_LOCKED) -r requirements-dev.lock
	@touch $@
