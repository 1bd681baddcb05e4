"""How people are asked in rounds: the part of an input that says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from domain.errors import InvalidInput
from domain.task_types import TASK_TYPES
from domain.task_types.closed import ONE
from domain.task_types.model import TaskType

if TYPE_CHECKING:
    from domain.workflow.inputs import LabelingTask

Model = TypeVar("Model", bound=BaseModel)


class Assist(BaseModel):
    """What may be chosen of `AssistSettings` in learning/state.py, where the names are explained; what is left out has
    its default there.

    First a random `first_per_class` for each class are asked, `first_most` at most; then `batch_share` of all objects a
    round, at least `batch_least`, of which `least_sure` are those of which the model is least sure and `audit` are
    drawn from what it would label. It labels nothing before `minimum` answers, and only so that the accuracy is
    `target` by a lower bound of `confidence`. `blind` of the objects are asked without a suggestion.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    target: float | None = Field(default=None, ge=0.5, le=0.9999)
    confidence: float | None = Field(default=None, ge=0.5, le=0.999)
    first_per_class: int | None = Field(default=None, ge=1, le=1_000)
    first_most: int | None = Field(default=None, ge=2, le=10_000)
    batch_share: float | None = Field(default=None, gt=0, le=1)
    batch_least: int | None = Field(default=None, ge=1, le=10_000)
    least_sure: float | None = Field(default=None, ge=0, le=1)
    audit: float | None = Field(default=None, gt=0, le=0.5)
    audit_least: int | None = Field(default=None, ge=1, le=1_000)
    minimum: int | None = Field(default=None, ge=10, le=100_000)
    blind: float | None = Field(default=None, ge=0, le=1)
    rounds: int | None = Field(default=None, ge=1, le=100)

    @property
    def chosen(self) -> dict[str, Any]:
        """By name, those that were given."""
        return self.model_dump(exclude_none=True)


def _switched(given: Any) -> Any:
    if not isinstance(given, (bool, dict, BaseModel, type(None))):
        raise ValueError("give true, false or an object with settings")
    return {} if given is True else None if given is False else given


Switched = Annotated[Model | None, BeforeValidator(_switched)]
"""`true` is a model with its defaults, `false` none."""


def check_assisted(task: LabelingTask) -> None:
    """Refuses rounds where there are none yet, and terms of a task that say nothing of a run in rounds."""
    able = [name for name, kind in TASK_TYPES.items() if _has_rounds(kind)]
    if task.type not in able:
        raise InvalidInput(
            f"assist: people are asked in rounds for {', '.join(able)} only, not for {task.type} yet; leave assist out"
        )
    terms = {
        "max_labeled_objects": "how many are asked is what the rounds decide, see assist.minimum and assist.target",
        "max_labeled_percent": "how many are asked is what the rounds decide, see assist.minimum and assist.target",
        "automated_labeling": "it is Ground Truth's own way of asking fewer; take one of the two",
        "gold": "known answers are not mixed into rounds yet",
    }
    for name, why in terms.items():
        if getattr(task, name):
            raise InvalidInput(f"task.{name}: not together with assist: {why}")


def _has_rounds(kind: TaskType) -> bool:
    """One label for an image, of which nothing else is told."""
    return kind.medium == "image" and kind.closed is ONE and not kind.fields
