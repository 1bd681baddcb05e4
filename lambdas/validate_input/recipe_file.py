"""The recipe is read before anybody labels: a bad one must not fail after days of work."""

from __future__ import annotations

import hashlib

from domain.errors import InvalidInput, InvalidRecipe
from domain.recipe import Recipe
from domain.recipe.fit import Wanted, read_fitting_recipe
from domain.task_types import task_type
from domain.task_types.closed import ONE, WHETHER
from domain.workflow.ports import ObjectStore
from domain.workflow.states import AugmentRun, LabelRun

FROZEN = "recipes/frozen/"
MAX_CHARACTERS = 256 * 1024


def check_recipe(run: LabelRun | AugmentRun, store: ObjectStore) -> tuple[Recipe, str]:
    """The run's recipe, and the key of a copy that stays as it is however long people label.

    Raises:
        InvalidInput: there is no such object.
        InvalidRecipe: it is not YAML, or not a recipe, or does not fit the job or the task; the message says where.
    """
    key = run.recipe
    where = f"s3://{store.bucket}/{key}"
    try:
        text = store.find(key)
    except UnicodeDecodeError as error:
        raise InvalidRecipe(f"{where}: not UTF-8 text") from error
    if text is None:
        raise InvalidInput(f"recipe: there is no {where}; upload the recipe first")
    if len(text) > MAX_CHARACTERS:
        raise InvalidRecipe(f"{where}: {len(text):,} characters; a recipe has at most {MAX_CHARACTERS:,}")
    return read_fitting_recipe(text, where, _wanted(run)), _frozen(key, text, store)


def _wanted(run: LabelRun | AugmentRun) -> Wanted:
    task = run.task if isinstance(run, LabelRun) else None
    kind = task_type(task.type) if task else None
    return Wanted(
        kind.medium if kind else None,
        (*task.labels, *kind.own_labels) if task and kind else None,
        code=run.code is not None,
        backgrounds=run.backgrounds is not None,
        single=kind is None or kind.closed in (ONE, WHETHER),
        instances=run.instances,
    )


def _frozen(key: str, text: str, store: ObjectStore) -> str:
    """A copy that nobody changes, under a name that its content gives: what was checked is what will run."""
    if key.startswith(FROZEN):
        return key
    frozen = f"{FROZEN}{hashlib.sha256(text.encode()).hexdigest()[:16]}/{key.rsplit('/', 1)[-1]}"
    if not store.exists(frozen):
        store.write(frozen, text)
    return frozen
