"""The recipe as a whole: splits, output settings and the graph of steps, checked before anybody labels an image."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from domain.errors import InvalidRecipe
from domain.recipe.complaints import complain, suggestion
from domain.recipe.nodes import Branch, ClassName, Export, ImageFormat, Node, NodeName, OneOf, Quality
from domain.recipe.steps import Step
from domain.recipe.steps.base import Probability

Share = Annotated[float, Field(ge=0, le=1)]


class Splits(BaseModel):
    """Shares of the sources of each class; they add up to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    train: Annotated[float, Field(gt=0, le=1)] = 0.7
    val: Share = 0.15
    test: Share = 0.15

    @model_validator(mode="after")
    def _add_up(self) -> Splits:
        total = self.train + self.val + self.test
        if abs(total - 1) > 1e-6:
            raise ValueError(f"train, val and test add up to {total:g}, but must add up to 1")
        return self


class OutputSettings(BaseModel):
    """How exports are written unless they say otherwise. `quality` is JPEG's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: ImageFormat = "jpeg"
    quality: Quality = 90


class BranchOverride(BaseModel):
    """What one class has of a branch instead of the branch's own `variants` and `probability`. 0 variants: none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    variants: Annotated[int, Field(ge=0, le=10_000)] | None = None
    probability: Probability | None = None


class Recipe(BaseModel):
    """A graph of steps with named exports. `evaluation_export` is the one export that val and test images get.

    `classes` changes branches for single classes: class, then branch, then `variants` or `probability`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: NodeName
    description: str = ""
    splits: Splits = Splits()
    output: OutputSettings = OutputSettings()
    evaluation_export: NodeName | None = None
    classes: dict[ClassName, dict[NodeName, BranchOverride]] = {}
    steps: Annotated[tuple[Node, ...], Field(min_length=1)]

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Recipe:
        """The recipe in a mapping, as YAML gives it.

        Raises:
            InvalidRecipe: with the path of every wrong field, what is wrong and what would be right.
        """
        try:
            return cls.model_validate(mapping)
        except ValidationError as error:
            raise InvalidRecipe(complain(error, mapping)) from error

    @model_validator(mode="after")
    def _whole(self) -> Recipe:
        names = [node.export for node in exports_of(self.steps)]
        if not names:
            raise ValueError("nothing is exported: add a line like `- export: resize` where an image should be written")
        for kind, used in (("export", names), ("branch", [node.branch for node in branches_of(self.steps)])):
            twice = sorted({name for name in used if used.count(name) > 1})
            if twice:
                raise ValueError(f"the {kind} name {twice[0]!r} is used twice; names must differ")
        self._check_balance()
        self._check_classes()
        self._check_evaluation()
        return self

    def _check_balance(self) -> None:
        top = [node for node in self.steps if isinstance(node, Branch)]
        balanced = [node.branch for node in branches_of(self.steps) if node.balance is not None]
        if len(balanced) > 1:
            raise ValueError(f"the branches {', '.join(balanced)} all have `balance`; only one may have it")
        if balanced and balanced[0] not in {node.branch for node in top}:
            raise ValueError(f"the branch {balanced[0]!r} lies inside another one, so it cannot have `balance`")
        for node in branches_of(self.steps):
            if not list(exports_of(node.steps)):
                raise ValueError(f"the branch {node.branch!r} exports nothing; add `- export: …` to its steps")

    def _check_classes(self) -> None:
        known = tuple(node.branch for node in branches_of(self.steps))
        for label, overrides in self.classes.items():
            for name in overrides:
                if name not in known:
                    near = suggestion(name, known) if known else "; the recipe has no branch"
                    raise ValueError(f"classes, {label!r}: unknown branch {name!r}{near}")

    def _check_evaluation(self) -> None:
        fixed = deterministic_exports(self.steps)
        if self.evaluation_export is not None and self.evaluation_export not in fixed:
            can = f"use one of: {', '.join(fixed)}" if fixed else "export once before the first step that draws values"
            raise ValueError(f"evaluation_export {self.evaluation_export!r} is no export without random steps; {can}")
        if not fixed and self.splits.train < 1:
            raise ValueError(
                "val and test images must not be augmented, but every export comes after a random step; "
                "add an export before the first random step, or set splits: {train: 1, val: 0, test: 0}"
            )

    @property
    def evaluated_by(self) -> str | None:
        """Name of the export for val and test: as set, or the first one without random steps."""
        return self.evaluation_export or next(iter(deterministic_exports(self.steps)), None)

    def for_class(self, label: str) -> Recipe:
        """The recipe as the sources of one class get it: with the class's own numbers in its branches."""
        overrides = self.classes.get(label)
        if not overrides:
            return self
        return self.model_copy(update={"steps": _overridden(self.steps, overrides), "classes": {}})

    @property
    def classes_named(self) -> tuple[str, ...]:
        """The classes of which the recipe says something of their own."""
        balance = self.balanced_branch.balance if self.balanced_branch else None
        return tuple(dict.fromkeys([*self.classes, *(balance if isinstance(balance, Mapping) else ())]))

    @property
    def balanced_branch(self) -> Branch | None:
        return next((node for node in branches_of(self.steps) if node.balance is not None), None)


def _overridden(nodes: tuple[Any, ...], overrides: Mapping[str, BranchOverride]) -> tuple[Any, ...]:
    changed = []
    for node in nodes:
        if isinstance(node, Branch):
            own = overrides.get(node.branch)
            update: dict[str, Any] = own.model_dump(exclude_none=True) if own else {}
            changed.append(node.model_copy(update={**update, "steps": _overridden(node.steps, overrides)}))
        else:
            changed.append(node)
    return tuple(changed)


def exports_of(nodes: tuple[Any, ...]) -> Iterator[Export]:
    """All exports below, in the recipe's order."""
    for node in nodes:
        if isinstance(node, Export):
            yield node
        elif isinstance(node, Branch):
            yield from exports_of(node.steps)


def branches_of(nodes: tuple[Any, ...]) -> Iterator[Branch]:
    """All branches below, outer before inner."""
    for node in nodes:
        if isinstance(node, Branch):
            yield node
            yield from branches_of(node.steps)


def deterministic_exports(nodes: tuple[Any, ...]) -> list[str]:
    """Names of the trunk's exports before any step that draws values."""
    names: list[str] = []
    for node in nodes:
        if isinstance(node, Step | OneOf) and node.draws_values:
            break
        if isinstance(node, Export):
            names.append(node.export)
    return names
