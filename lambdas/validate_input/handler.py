"""The first state of each workflow: the execution input, checked, with every default filled in."""

from __future__ import annotations

from domain.labeling.choice import check_deployed
from domain.labeling.manifest.own_manifest import manifest_key
from domain.workflow.examples import freeze_examples
from domain.workflow.runs import augment_run, label_run
from domain.workflow.states import AugmentRun, LabelRun, ValidationRequest
from lambdas.shared.entry import entry, logger
from lambdas.shared.variables import BackendVariables, BucketVariables
from lambdas.validate_input.brought_along import check_brought, refuse_code
from lambdas.validate_input.recipe_file import check_recipe
from lambdas.validate_input.rounds import refuse_rounds


class Variables(BucketVariables, BackendVariables):
    """`custom_code`: whether the stage runs code of its people's own; `learning`: whether its jobs have what learns."""

    custom_code: bool
    learning: bool


@entry(ValidationRequest, Variables)
def handler(request: ValidationRequest, variables: Variables) -> LabelRun | AugmentRun:
    run = _run(request)
    logger.append_keys(run_id=run.run_id, dataset=run.dataset)
    if isinstance(run, LabelRun):
        check_deployed(run.backend, variables.backends)
        refuse_rounds(run, learning=variables.learning)
        manifest_key(run, variables.store)
    refuse_code(run.code, allowed=variables.custom_code)
    recipe, frozen = check_recipe(run, variables.store)
    code = check_brought(run.code, run.backgrounds, recipe, variables.store)
    run = run.model_copy(update={"recipe": frozen, "code": code})
    if isinstance(run, LabelRun):
        run = run.model_copy(update={"task": freeze_examples(run.task, variables.store)})
    if isinstance(run, AugmentRun):
        run = run.model_copy(
            update={"near_duplicates": recipe.needs_fingerprints, "embeddings": recipe.output.embeddings}
        )
    logger.info("input is valid", extra={"kind": request.kind})
    return run


def _run(request: ValidationRequest) -> LabelRun | AugmentRun:
    if request.kind == "augment":
        return augment_run(request.input, request.execution)
    return label_run(request.input, request.execution, request.kind)
