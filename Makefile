# Everything is set up inside the clone; `make` alone lists the targets.
SHELL := bash
PYTHON ?= python3
STAGE ?= dev
JOBS ?= 3
# Set-up looks for the machine's own Python and Node, so it must not see what it installs.
SETUP := PATH="$(PATH)" $(PYTHON) scripts/setup.py
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/node_modules/.bin:$(CURDIR)/.local/node/bin:$(PATH)
# Without bytecode every synth would compile aws_cdk again: five seconds.
unexport PYTHONDONTWRITEBYTECODE
# Caches stand in the clone, as all else that is installed; people's own are left alone.
export JSII_RUNTIME_PACKAGE_CACHE_ROOT ?= $(CURDIR)/.local/cache/jsii
export CDK_HOME ?= $(CURDIR)/.local/cache/cdk
# A list of major versions of Node: its makers have ended 20, which does the work here as well as any.
export JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION := 20

# A mistyped name would be passed over in silence, and something else done than was asked for.
VARIABLES := AGAIN ANSWERS ASSIST BACKEND BENCH CASE COUNT HUMAN IAM IMAGES JOBS KEEP LABELS OUT PYTHON QUESTION RECIPE RECORD_IAM SEED STAGE STAGES TESTS TORCH WRITE YES
UNKNOWN := $(filter-out $(VARIABLES),$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name))))
ifneq ($(UNKNOWN),)
NEAR := $(shell $(PYTHON) -c 'import difflib, sys; print(*difflib.get_close_matches(*sys.argv[1:2], sys.argv[2:], 1))' $(firstword $(UNKNOWN)) $(VARIABLES))
$(error there is no variable $(UNKNOWN)$(if $(NEAR),; did you mean $(NEAR)?,; there are $(VARIABLES)))
endif

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /|/' | awk -F'|' '{printf "  make %-17s %s\n", $$1, $$2}'

.PHONY: setup-demo setup-deploy setup
setup-demo:
	@$(SETUP) demo
setup-deploy:
	@$(SETUP) deploy
setup: ## install what development needs, into folders of the clone
	@$(SETUP) dev

.PHONY: demo local
# For the local cloud: IAM=1 refuses what the deployed policies do not allow, RECORD_IAM=folder writes what IAM is asked.
demo local: export KEMPELEN_IAM := $(or $(IAM),$(KEMPELEN_IAM))
demo local: export KEMPELEN_RECORD_IAM := $(or $(RECORD_IAM),$(KEMPELEN_RECORD_IAM))
# A real Label Studio server is for whoever asks for it.
demo: setup-demo ## the main job, end to end, on the local cloud (BACKEND=portal,auto,label_studio IMAGES= ANSWERS= LABELS= QUESTION= RECIPE= HUMAN=1 CASE=audio ASSIST=1 COUNT= OUT= IAM=1)
	$(if $(ASSIST),@$(SETUP) assist)
	$(if $(findstring studio,$(BACKEND)),@$(SETUP) label-studio)
	@IMAGES="$(IMAGES)" ANSWERS="$(ANSWERS)" LABELS="$(LABELS)" QUESTION="$(QUESTION)" RECIPE="$(RECIPE)" HUMAN="$(HUMAN)" BACKEND="$(BACKEND)" CASE="$(CASE)" ASSIST="$(ASSIST)" COUNT="$(COUNT)" OUT="$(OUT)" \
	  python -m scripts.demo
local: setup-demo ## the local cloud with the deployed stacks, until Ctrl-C (IAM=1 enforces IAM; KEEP=1 begins with what the last one kept)
	@BACKEND="$(BACKEND)" python -m scripts.local $(if $(KEEP),--keep)

.PHONY: check test format lint types imports tests
check: setup ## format, lint, types, import contracts and every test: what CI runs
	@$(MAKE) --no-print-directory lint imports
	@$(MAKE) --no-print-directory --jobs=2 types tests
test: check ## the same as check
format:
	@ruff format . && ruff check --fix .
lint:
	ruff format --check .
	ruff check .
	@python -m scripts.prices --check || true # that time passes is no fault of the code
types:
	mypy
	mypy --python-version 3.10 -p domain -p augmentation
imports:
	lint-imports
tests:
	HYPOTHESIS_PROFILE=$${HYPOTHESIS_PROFILE:-ci} python -m pytest -n $(JOBS) --dist loadfile $(TESTS)

.PHONY: test-long test-label-studio
test-long: setup ## every element and task type in a browser, the back ends on the local cloud, the audio case, images and code of one's own, make local
	python -m pytest -n $(JOBS) --dist loadfile -m long tests/browser tests/portal tests/localcloud tests/e2e
test-label-studio: setup ## the labeling back end label_studio against a real server (installs 0.8 GB; takes minutes; TESTS=)
	@$(SETUP) label-studio
	python -m pytest -m "long or not long" $(or $(TESTS),tests/label_studio)

.PHONY: test-faults
test-faults: setup ## teardown, `cdk destroy` and the workflows under faults: COUNT=10000 schedules from SEED=0 on, a fifth as many histories of runs, every resource that can fail
	FAULT_SCHEDULES=$(or $(COUNT),10000) FAULT_SEED=$(or $(SEED),0) python -m pytest -n $(JOBS) --durations=5 -m "long or not long" \
	  tests/unit/domain/teardown/test_fault_schedules.py tests/unit/domain/teardown/test_fault_matrix.py tests/localcloud/test_half_way.py
	FAULTS=$$(( $(or $(COUNT),10000) / 5 )) OBJECTS=100000 python -m pytest -rP -n $(JOBS) --dist loadfile tests/workflows

.PHONY: check-templates
check-templates: setup ## the templates of every Region before cfn-lint, checkov, parliament and cdk-nag
	@$(SETUP) checks
	@python -m scripts.template_checks

.PHONY: hostile bench bench-accuracy
hostile: setup ## the engine over 5,000 hostile files (COUNT= SEED=)
	@python -m tests.hostile --count $(or $(COUNT),5000) --seed $(or $(SEED),7)
bench: setup ## speed beside the codec's limit and other libraries, into .local/bench (TORCH=1: torchvision too, 6 GB)
	@$(SETUP) bench
	@if [ -n "$(TORCH)" ]; then .venv-bench/bin/python -m pip install --quiet -r requirements/bench-torch.txt; fi
	@python -m bench.speed $(BENCH)
bench-accuracy: setup ## does augmentation help? A small classifier, twelve seeds, with the spread
	@OPENBLAS_NUM_THREADS=1 python -m bench.accuracy

.PHONY: iam
iam: setup ## IAM, proven: the demo's requests allowed, all rights used, foreign requests denied (STAGES=portal AGAIN=1 WRITE=1)
	@python -m scripts.iam_proof $(STAGES) $(if $(AGAIN),--again) $(if $(WRITE),--write)

.PHONY: synth deploy destroy assets verify
assets: setup-deploy ## the Lambda layer and the Processing job's wheelhouse, as every synth makes them where they are missing
	@python -m scripts.build_assets --stage $(STAGE)
synth: setup-deploy ## the CloudFormation templates, in cdk.out/
	cdk synth --quiet --context stage=$(STAGE)
deploy: setup-deploy ## deploy to the AWS account of your credentials (STAGE=dev; YES=1 asks nothing, for CI)
	cdk deploy --all --context stage=$(STAGE) $(if $(YES),--require-approval never)
verify: synth ## look whether the account can take the stage, or how it stands there; writes a report that names no account
	@python -m scripts.verify_account --stage $(STAGE)
destroy: setup-deploy ## destroy what `make deploy` made: apps, spaces, profiles and file system included (YES=1)
	cdk destroy --all --context stage=$(STAGE) $(if $(YES),--force)

.PHONY: sbom audit
sbom: setup ## what is shipped, as CycloneDX JSON, into build/sbom
	@$(SETUP) audit
	@python -m scripts.sbom
audit: setup ## known weaknesses of what is shipped and of the tools, by PyPI's and npm's advisories (needs the network)
	@$(SETUP) audit
	@python -m scripts.audit

.PHONY: prices sweep
prices: setup-deploy ## list prices with their age and source (`python -m scripts.prices --refresh` reads them anew from AWS)
	@python -m scripts.prices
sweep: setup-deploy ## what in the account and Region costs money, and whose it is (`python -m scripts.sweep --delete STAGE` removes ours)
	@python -m scripts.sweep

.PHONY: lock clean clean-all
lock: setup ## resolve the requirement files again from pyproject.toml
	scripts/lock.sh
clean: ## remove what was installed and built; what `make demo` made stays
	rm -rf .venv .venv-audit .venv-localcloud .venv-bench .venv-checks .venv-label-studio node_modules build cdk.out
	if [ -d .local ]; then find .local -mindepth 1 -maxdepth 1 ! -name demo -exec rm -rf {} +; fi
clean-all: clean ## the same, and the data sets that `make demo` made
	rm -rf .local
