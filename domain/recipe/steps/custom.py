"""A step of the user's own: a function that the run imports. Here only its form is checked; nothing is imported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, JsonValue

from domain.recipe.steps.base import Step

FORM = r"^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*:[A-Za-z_]\w*$"


def _function(name: str) -> str:
    if not re.fullmatch(FORM, name, re.ASCII):
        raise ValueError(f"{name!r} is no module:function; write it like my_steps:sharpen or my_package.steps:sharpen")
    return name


class Custom(Step):
    """Call `function(image, rng, **parameters)` of a module beside the recipe or on the Python path.

    `image` is height x width x 3, uint8, RGB, and so is what it returns, of any size; `rng` is a numpy Generator. Runs
    only with `--allow-custom`, or on AWS with `code` in a stage that allows it. Outputs are told apart by the
    function's name and parameters, not by its code.
    """

    custom: Annotated[str, AfterValidator(_function), Field(json_schema_extra={"pattern": FORM})]
    parameters: dict[str, JsonValue] = Field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.custom, json.dumps(self.parameters, sort_keys=True), self.probability))

    @property
    def name(self) -> str:
        return "custom"

    @property
    def arguments(self) -> dict[str, Any]:
        """`parameters` as the keyword arguments of a call."""
        return dict(self.parameters)


def customs_of(nodes: Sequence[Any]) -> Iterator[Custom]:
    """The custom steps, whatever kind of node holds them."""
    for node in nodes:
        if isinstance(node, Custom):
            yield node
        elif isinstance(node, BaseModel):
            for value in vars(node).values():
                if isinstance(value, tuple):
                    yield from customs_of(value)
