"""The recipe as a whole: splits, output settings and the graph of steps, checked before anybody labels an image."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, model_validator

from domain.errors import InvalidRecipe
from domain.recipe.complaints import complain, suggestion
from domain.recipe.groups import Group
from domain.recipe.nodes import (
    CLASS_TAGS,
    FORMATS,
    Branch,
    ClassName,
    Export,
    FileFormat,
    Node,
    NodeName,
    Quality,
)
from domain.recipe.splits import TEST, TRAIN, VAL
from domain.recipe.steps.base import Medium, Probability
from domain.recipe.steps.custom import Custom
from domain.recipe.walk import Misplaced, Place, branches_of, deterministic_exports, exports_of, placed, steps_of

Share = Annotated[float, Field(ge=0, le=1)]
NAMES = {"image": "images", "audio": "sound", "text": "texts", "record": "records"}
NOUNS = {"image": "image", "audio": "clip", "text": "text", "record": "record"}


class Splits(BaseModel):
    """Shares of the sources of each class; they add up to 1."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    train: Annotated[float, Field(gt=0, le=1)] = Field(0.7, description="Share whose images are augmented.")
    val: Share = Field(0.15, description="Share for validation; its images get only `evaluation_export`.")
    test: Share = Field(0.15, description="Share for the final test; its images get only `evaluation_export`.")
    near_duplicates: Literal["together", "ignore"] = Field(
        "together",
        description="Whether pictures that are nearly the same share a split: `ignore` saves a look at each.",
    )
    group: Group | None = Field(
        None, description="What must share a split besides: a patient's images, a recording's clips, a scene's frames."
    )

    @model_validator(mode="after")
    def _add_up(self) -> Splits:
        total = self.train + self.val + self.test
        if abs(total - 1) > 1e-6:
            raise ValueError(f"train, val and test add up to {total:g}, but must add up to 1")
        return self

    @property
    def shares(self) -> dict[str, float]:
        return {TRAIN: self.train, VAL: self.val, TEST: self.test}

    @property
    def need_fingerprints(self) -> bool:
        """Whether near-duplicates must be known: with a single split there is nothing that they could cross."""
        return self.near_duplicates == "together" and sum(share > 0 for share in self.shares.values()) > 1


class OutputSettings(BaseModel):
    """How exports are written unless they say otherwise. `quality` is JPEG's."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    format: FileFormat | None = Field(
        None, description="Of the files written; usually jpeg, wav for clips, txt for texts, json for records."
    )
    quality: Quality = Field(90, description="Of JPEG files: 1 is poor and small, 100 is good and large.")
    layout: Literal["auto", "folders", "shards"] = Field(
        "auto", description="Class folders, or tar shards for WebDataset; auto: shards for more than 100,000 files."
    )
    embeddings: bool = Field(
        False,
        description="Whether the version holds `embeddings.npz`: what each source image is like, as a vector.",
    )


class BoxSettings(BaseModel):
    """A bounding box leaves an output in which less than the share `min_visible` of its area is left."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    min_visible: Share = 0.3


class BranchOverride(BaseModel):
    """What one class has of a branch instead of the branch's own `variants` and `probability`. 0 variants: none."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    variants: Annotated[int, Field(ge=0, le=10_000)] | None = Field(None, description="0 leaves the class out.")
    probability: Probability | None = Field(None, description="How likely each variant of this class is made.")


def _class_kind(value: Any) -> str:
    return CLASS_TAGS[isinstance(value, (list, tuple))]


ClassRule = Annotated[
    Union[  # noqa: UP007 - evaluated by pydantic at run time
        Annotated[dict[NodeName, BranchOverride], Tag(CLASS_TAGS[0])],
        Annotated[tuple[ClassName, ...], Field(min_length=1), Tag(CLASS_TAGS[1])],
    ],
    Discriminator(_class_kind),
]


class Recipe(BaseModel):
    """A graph of steps with named exports. `evaluation_export` is the one export that val and test images get.

    `classes` changes branches for single classes: class, then branch, then `variants` or `probability`. Or it makes a
    class of others: class, then the names that labels have for it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: NodeName = Field(description="Name of the recipe, in reports.")
    description: str = Field("", description="What it is for, in a sentence.")
    splits: Splits = Splits()
    output: OutputSettings = OutputSettings()
    boxes: BoxSettings = BoxSettings()
    media: Medium | None = Field(None, description="image, audio, text or record; needed only where no step tells it.")
    color: Literal["srgb", "keep"] = Field(
        "srgb", description="What is done with an image's color profile: its colors become sRGB, or stay as stored."
    )
    evaluation_export: NodeName | None = None
    classes: dict[ClassName, ClassRule] = Field(
        default={},
        description="Class, then branch, then `variants` or `probability` for that class only; "
        "or class, then a list of the classes that it is made of.",
    )
    steps: Annotated[tuple[Node, ...], Field(min_length=1)] = Field(description="Carried out from top to bottom.")

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> Recipe:
        """The recipe in a mapping, as YAML gives it.

        Raises:
            InvalidRecipe: with the path of every wrong field, what is wrong and what would be right.
        """
        try:
            # As JSON, where lists are sequences, pydantic can be strict about the rest: "7" and true are no numbers.
            text = json.dumps(mapping)
        except ValueError as error:
            raise InvalidRecipe("the recipe holds itself: an alias stands within what it stands for") from error
        try:
            return cls.model_validate_json(text, strict=True)
        except ValidationError as error:
            raise complain(error, mapping, tuple(cls.model_fields)) from error

    @model_validator(mode="after")
    def _whole(self) -> Recipe:
        if not list(exports_of(self.steps)):
            message = "nothing is exported: add a line like `- export: resize` where an image should be written"
            raise Misplaced(message, "steps")
        for kind, node_type in (("export", Export), ("branch", Branch)):
            seen: set[str] = set()
            for place, node in placed(self.steps):
                name = getattr(node, kind) if isinstance(node, node_type) else ""
                if name in seen:
                    raise Misplaced(f"the {kind} name {name!r} is used twice; names must differ", *place, kind)
                seen |= {name} if name else set()
        self._check_media()
        self._check_branches()
        self._check_classes()
        self._check_evaluation()
        return self

    def _check_media(self) -> None:
        """All steps are of one medium, and so are the formats; functions of the user's own get images."""
        for place, step in steps_of(self.steps):
            if step.medium != self.medium:
                kind = "a function of one's own works" if isinstance(step, Custom) else f"{step.name} works"
                message = f"{kind} on {NAMES[step.medium]}, but this recipe is one for {NAMES[self.medium]}"
                raise Misplaced(message, *place)
        exports = [((*place, "format"), node.format) for place, node in placed(self.steps) if isinstance(node, Export)]
        for place, name in [(("output", "format"), self.output.format), *exports]:
            if name is not None and name not in FORMATS[self.medium]:
                known = " or ".join(FORMATS[self.medium])
                raise Misplaced(f"format {name} is none for {NAMES[self.medium]}; use {known}", *place)
        if self.output.embeddings and self.medium != "image":
            message = f"embeddings are of images, but this recipe is one for {NAMES[self.medium]}; leave it out"
            raise Misplaced(message, "output", "embeddings")

    def _check_branches(self) -> None:
        branches = [(place, node) for place, node in placed(self.steps) if isinstance(node, Branch)]
        balanced = [(place, node.branch) for place, node in branches if node.balance is not None]
        if len(balanced) > 1:
            names = ", ".join(name for _, name in balanced)
            raise Misplaced(
                f"the branches {names} all have `balance`; only one may have it", *balanced[1][0], "balance"
            )
        for place, name in balanced:
            if len(place) > 2:  # steps, index: the trunk
                raise Misplaced(f"the branch {name!r} lies inside another one, so it cannot have `balance`", *place)
        for place, node in branches:
            if not list(exports_of(node.steps)):
                raise Misplaced(f"the branch {node.branch!r} exports nothing; add `- export: …` to its steps", *place)

    def _check_classes(self) -> None:
        known = tuple(node.branch for node in branches_of(self.steps))
        for label, overrides in self.classes.items():
            for name in overrides if isinstance(overrides, Mapping) else ():
                if name not in known:
                    near = suggestion(name, known) if known else "; the recipe has no branch"
                    raise Misplaced(f"classes, {label!r}: unknown branch {name!r}{near}", "classes", label, name)
        made_of: dict[str, str] = {}
        for label, rule in self.classes.items():
            for name in rule if isinstance(rule, tuple) else ():
                other = made_of.setdefault(name, label)
                if other != label:
                    message = f"classes, {label!r}: {name!r} is a part of {other!r} already; it can be one of one class"
                    raise Misplaced(message, "classes", label)
        for name, label in made_of.items():
            if name != label and name in self.classes:
                message = f"classes, {name!r}: it is a part of {label!r}, so that nothing is called so any more"
                raise Misplaced(message, "classes", name)

    def _check_evaluation(self) -> None:
        fixed, wanted = deterministic_exports(self.steps), self.evaluation_export
        if wanted is not None and wanted not in fixed:
            can = f"use one of: {', '.join(fixed)}" if fixed else "export once before the first step that draws values"
            message = f"evaluation_export {wanted!r} is no export without random steps; {can}"
            raise Misplaced(message, "evaluation_export")
        if not fixed and self.splits.train < 1:
            message = (
                "val and test images must not be augmented, but every export comes after a random step; "
                "add an export before the first random step, or set splits: {train: 1, val: 0, test: 0}"
            )
            raise Misplaced(message, "steps")

    @property
    def medium(self) -> Medium:
        """What the steps work on: as set, else as the first step says."""
        if self.media is not None:
            return self.media
        return next((step.medium for _, step in steps_of(self.steps)), "image")

    @property
    def noun(self) -> str:
        """What people call one of the files that the steps work on."""
        return NOUNS[self.medium]

    @property
    def needs_fingerprints(self) -> bool:
        """Whether near-duplicates must be known before sources get their splits: of images, and by setting."""
        return self.medium == "image" and self.splits.need_fingerprints

    @property
    def evaluated_by(self) -> str | None:
        """Name of the export for val and test: as set, or the first one without random steps."""
        return self.evaluation_export or next(iter(deterministic_exports(self.steps)), None)

    def for_class(self, label: str) -> Recipe:
        """The recipe as the sources of one class get it: with the class's own numbers in its branches."""
        overrides = self.classes.get(label)
        if not overrides or isinstance(overrides, tuple):
            return self
        return self.model_copy(update={"steps": _overridden(self.steps, overrides), "classes": {}})

    @property
    def new_names(self) -> dict[str, str]:
        """What classes of the labels are called here, if otherwise."""
        rules = [(label, rule) for label, rule in self.classes.items() if isinstance(rule, tuple)]
        return {name: label for label, rule in rules for name in rule if name != label}

    @property
    def classes_named(self) -> tuple[str, ...]:
        """The classes of which the recipe says something of their own."""
        balance = self.balanced_branch.balance if self.balanced_branch else None
        return tuple(dict.fromkeys([*self.classes, *(balance if isinstance(balance, Mapping) else ())]))

    def place_of_class(self, label: str) -> Place:
        """The path of the first thing that the recipe says of a class."""
        if label in self.classes:
            return ("classes", label)
        named = (place for place, node in placed(self.steps) if isinstance(node, Branch) and node.balance is not None)
        return (*next(named, ()), "balance", label)

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
