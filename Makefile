# Vitrine: `make demo` and `make test` need Python 3.11 or newer, and nothing else.
#
# Given in the environment or after `make`: PORT, VAR_DIR, PRODUCTS, WEB_CONCURRENCY,
# DATABASE_URL, REDIS_URL, EMBEDDED_REPLICA=1 (a replica beside the demo's PostgreSQL);
# PYTHON (which one makes .venv), WORKERS and ARGS (for tests).

# One more than there are cores, for some tests wait; of many cores, not all.
CORES := $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
WORKERS ?= $(shell test $(CORES) -lt 8 && expr $(CORES) + 1 || echo 8)
RUN := .venv/bin/python
# A shop on the internet, as far as the checks need one. Never connected to.
NOWHERE := DATABASE_URL=postgresql://shop@127.0.0.1:1/shop REDIS_URL=redis://127.0.0.1:1/0
PRODUCTION := env -u DEMO DEBUG=0 ALLOWED_HOSTS=shop.example \
	PUBLIC_URL=https://shop.example $(NOWHERE)

# Compiled once and kept, also where the machine's setting would have each process compile
# 80,000 lines anew: a run of the tests starts a hundred.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test faults check bench audit environment

help: ## This list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

demo: environment ## The demo shop on http://127.0.0.1:8000/ (PORT, VAR_DIR, PRODUCTS)
	@exec $(RUN) -m site_config.demo

test: environment ## Every test, in parallel (WORKERS=3, ARGS="tests/shop -k price")
	@env -u DJANGO_SETTINGS_MODULE $(RUN) -m pytest --numprocesses $(WORKERS) $(ARGS)

# What `make test` repeats a few times, as often as it takes to be believed.
faults: environment ## Every fault and race, with all repeats (WORKERS=3)
	@env -u DJANGO_SETTINGS_MODULE FULL=1 $(RUN) -m pytest --numprocesses $(WORKERS) \
		tests/faults tests/checkout/test_races.py tests/checkout/test_payments.py \
		tests/checkout/test_cancelling.py tests/checkout/test_coupons.py \
		tests/home/drafts/test_publish_faults.py tests/site_config/test_embedded.py $(ARGS)

check: environment ## Style, types, imports, migrations, deployment settings
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	@$(RUN) -m tests.tracked_files
	find templates -name '*.html' -exec .venv/bin/djhtml --check --tabwidth 2 {} +
	@echo mypy
	@DEMO=1 $(NOWHERE) .venv/bin/mypy
	.venv/bin/lint-imports
	$(RUN) manage.py makemigrations --check --dry-run
	@echo "manage.py check --deploy, with production settings"
	@SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(50))') \
		$(PRODUCTION) $(RUN) manage.py check --deploy --fail-level WARNING
	$(RUN) -m pip check

bench: environment ## How fast it is, measured (PRODUCTS=1000000 fills the shop first)
	@$(RUN) manage.py migrate --verbosity 0
	@$(if $(PRODUCTS),$(RUN) manage.py seed_demo --products $(PRODUCTS))
	@$(RUN) manage.py collectstatic --no-input --verbosity 0
	@$(RUN) manage.py bench
	@$(RUN) manage.py bench_sheets
	@$(RUN) -m site_config.bench
	@$(RUN) manage.py bench_publish
	@$(RUN) manage.py bench_finalize \
		--pgbench "$$($(RUN) -m site_config.servers.binaries pgbench)"
	@$(RUN) manage.py bench_rush \
		--pgbench "$$($(RUN) -m site_config.servers.binaries pgbench)"
	@$(RUN) manage.py bench_invariants
	@$(RUN) manage.py bench_watchers --letters 2000

# Needs Node, npm, Java and Chromium, and says which of them is missing.
audit: environment ## Lighthouse and HTML checks of a shop of its own (RUNS=5)
	@RUNS=$(or $(RUNS),5) $(RUN) -m site_config.audit

# The first Python that is new enough and runs: a name on PATH may be an empty promise.
# 3.11 first: requirements.lock was made and is tested with it.
environment:
	@for python in $(PYTHON) python3.11 python3.12 python3.13 python3; do \
		if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
			>/dev/null 2>&1; \
		then exec "$$python" -m site_config.environment; fi; \
	done; \
	echo "Vitrine needs Python 3.11 or newer, and none was found: install one, or" \
		"say which, as in: make demo PYTHON=/path/to/python3.11" >&2; \
	exit 1
