"""The nodes of a recipe: steps, exports (drop-off points) and branches, as pydantic reads them from YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from domain.recipe.steps import STEPS_BY_OP
from domain.recipe.steps.base import Probability

# A name becomes part of file names, between two "~".
NodeName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$")]
Quality = Annotated[int, Field(ge=1, le=100)]
ImageFormat = Literal["jpeg", "png"]


class Export(BaseModel):
    """Write the image as it is at this point. `format` and `quality` override the recipe's `output`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    export: NodeName
    format: ImageFormat | None = None
    quality: Quality | None = None


class Branch(BaseModel):
    """Go on from here `variants` times, each time with values of its own; the trunk goes on after it unchanged.

    `probability`: how likely each variant is made. `balance`: more variants for the classes with fewer images, until
    each class reaches this share of the largest class's outputs in the training split; at most `max_variants` a source.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    branch: NodeName
    variants: Annotated[int, Field(ge=1, le=10_000)] = 1
    probability: Probability = 1.0
    balance: Annotated[float, Field(gt=0, le=1)] | None = None
    max_variants: Annotated[int, Field(ge=1, le=10_000)] = 200
    steps: Annotated[tuple[Node, ...], Field(min_length=1)]


def node_kind(value: Any) -> str | None:
    """Which model reads this node: "export", "branch", or the step's op; None when it says neither."""
    if isinstance(value, BaseModel):
        value = value.__dict__
    if not isinstance(value, dict):
        return None
    for kind in ("export", "branch"):
        if kind in value:
            return kind
    op = value.get("op")
    return op if isinstance(op, str) else None


if TYPE_CHECKING:
    Node = Any  # a union made at run time is no type to mypy
else:
    _MODELS = {**STEPS_BY_OP, "export": Export, "branch": Branch}
    _TAGGED = tuple(Annotated[model, Tag(kind)] for kind, model in _MODELS.items())
    Node = Annotated[Union[_TAGGED], Discriminator(node_kind)]  # noqa: UP007 - evaluated by pydantic at run time
Branch.model_rebuild()
