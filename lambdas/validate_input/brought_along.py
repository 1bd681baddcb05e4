"""Code and background clips are looked at before anybody labels, as the recipe is."""

from __future__ import annotations

from domain.errors import InvalidInput
from domain.recipe import Recipe
from domain.workflow.brought import check_code, clips_of, freeze_code, read_code
from domain.workflow.ports import ObjectStore

NOT_ALLOWED = (
    "code: this stage runs no code of yours. Whoever may write below code/ and start a run has this code run in the "
    "Processing job; if that is wanted, set custom_code = true under [processing] in the stage's file in config/, and "
    "deploy again"
)


def refuse_code(code: str | None, *, allowed: bool) -> None:
    """Raises InvalidInput for a run with code where the stage allows none."""
    if code is not None and not allowed:
        raise InvalidInput(NOT_ALLOWED)


def check_brought(code: str | None, backgrounds: str | None, recipe: Recipe, store: ObjectStore) -> str | None:
    """The key of a copy of the code that stays as it is however long people label; None without code.

    Raises:
        InvalidInput: the field is named, what is wrong, and what to do.
    """
    if backgrounds is not None:
        clips_of(backgrounds, recipe, store)
    if code is None:
        return None
    data = read_code(code, store)
    check_code(f"s3://{store.bucket}/{code}", data, recipe)
    return freeze_code(code, data, store)
