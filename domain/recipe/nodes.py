"""The nodes of a recipe: steps, choices, exports (drop-off points) and branches, as pydantic reads them from YAML."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Union

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, Tag

from domain.recipe.mixing import MIXES
from domain.recipe.policies import POLICIES, RandAugment, TrivialAugment
from domain.recipe.steps import STEPS_BY_OP
from domain.recipe.steps.base import Probability
from domain.recipe.steps.custom import Custom
from domain.text import composed

# A name becomes part of file names, between two "~".
NodeName = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$")]
Quality = Annotated[int, Field(ge=1, le=100)]
FileFormat = Literal["jpeg", "png", "wav", "flac", "txt", "json"]
# By medium; the first one is the usual one.
FORMATS = {"image": ("jpeg", "png"), "audio": ("wav", "flac"), "text": ("txt",), "record": ("json",)}
Ratio = Annotated[float, Field(gt=0, le=1)]
ClassName = Annotated[str, Field(min_length=1), AfterValidator(composed)]
BALANCE_TAGS = ("share", "share by class")
CLASS_TAGS = ("changes of branches", "parts of a class")


def _balance_kind(value: Any) -> str:
    return BALANCE_TAGS[isinstance(value, Mapping)]


Balance = Annotated[
    Union[  # noqa: UP007 - evaluated by pydantic at run time
        Annotated[Ratio, Tag(BALANCE_TAGS[0])],
        Annotated[dict[ClassName, Ratio], Field(min_length=1), Tag(BALANCE_TAGS[1])],
    ],
    Discriminator(_balance_kind),
]


class Export(BaseModel):
    """Write the image, clip, text or record as it is here. `format` and `quality` override the recipe's `output`."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    export: NodeName = Field(description="Name of the export: a part of the names of its files.")
    format: FileFormat | None = Field(None, description="Instead of the recipe's own `output.format`.")
    quality: Quality | None = Field(None, description="Instead of the recipe's own `output.quality`.")


class Branch(BaseModel):
    """Go on from here `variants` times, each time with values of its own; the trunk goes on after it unchanged.

    `probability`: how likely each variant is made. `balance`: more variants for the classes with fewer images, until
    each class reaches this share of the largest class's outputs in the training split; at most `max_variants` a source.
    A mapping of class to share raises only the classes that it names.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    branch: NodeName = Field(description="Name of the branch, by which `classes` changes it.")
    variants: Annotated[int, Field(ge=1, le=10_000)] = Field(1, description="How often each image goes through it.")
    probability: Probability = Field(1.0, description="How likely each variant is made.")
    balance: Balance | None = Field(
        None, description="Share of the largest class's training files that smaller classes reach, or class: share."
    )
    max_variants: Annotated[int, Field(ge=1, le=10_000)] = Field(200, description="The most that `balance` may reach.")
    steps: Annotated[tuple[Node, ...], Field(min_length=1)] = Field(description="Steps, exports, choices, branches.")

    def __hash__(self) -> int:
        return hash(self.branch)  # unique in a recipe; a mapping in `balance` has no hash

    def balance_of(self, label: str) -> float:
        """The share of the largest class's outputs that this class is raised to; 0 when it is not raised."""
        if isinstance(self.balance, Mapping):
            return self.balance.get(label, 0.0)
        return self.balance or 0.0


class Alternative(BaseModel):
    """One of the sequences of a `one_of`. An empty `steps` leaves the image as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    weight: Annotated[float, Field(gt=0, le=1_000_000)] = Field(1.0, description="2 is drawn twice as often as 1.")
    steps: tuple[StepNode, ...] = Field(description="Steps and further choices; [] leaves the image as it is.")


class OneOf(BaseModel):
    """Go one of several ways, drawn for each output anew; a way with `weight` 2 is drawn twice as often as one with 1.

    The ways hold steps and further choices. Exports and branches stand before or after the choice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    one_of: Annotated[tuple[Alternative, ...], Field(min_length=2)] = Field(description="Two or more ways.")
    draws_values: ClassVar[bool] = True

    def chosen_by(self, luck: float) -> int:
        """The index of the alternative for a number from [0, 1)."""
        left = luck * sum(way.weight for way in self.one_of)
        for index, way in enumerate(self.one_of):
            left -= way.weight
            if left < 0:
                return index
        return len(self.one_of) - 1


def node_kind(value: Any) -> str | None:
    """Which model reads this node: "export", "branch", "one_of", "custom", a policy, or the step's op; None if none."""
    if isinstance(value, BaseModel):
        value = value.__dict__
    if not isinstance(value, dict):
        return None
    for kind in ("export", "branch", "one_of", "custom", *POLICIES, *MIXES):
        if kind in value:
            return kind
    op = value.get("op")
    return op if isinstance(op, str) else None


if TYPE_CHECKING:
    Node = Any  # a union made at run time is no type to mypy
    StepNode = Any
else:

    def _union(models: Mapping[str, type[BaseModel]]) -> Any:
        tagged = tuple(Annotated[model, Tag(kind)] for kind, model in models.items())
        return Annotated[Union[tagged], Discriminator(node_kind)]  # noqa: UP007 - evaluated by pydantic at run time

    def _as_one_of(policy: TrivialAugment | RandAugment) -> OneOf:
        return OneOf.model_validate({"one_of": policy.one_of})

    _POLICY_MODELS = {name: Annotated[model, AfterValidator(_as_one_of)] for name, model in POLICIES.items()}
    _STEP_MODELS = {**STEPS_BY_OP, **_POLICY_MODELS, "custom": Custom, "one_of": OneOf}
    StepNode = _union(_STEP_MODELS)
    Node = _union({**_STEP_MODELS, **MIXES, "export": Export, "branch": Branch})
