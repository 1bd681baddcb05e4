"""What `run`, `plan` and `preview` know before they touch a pixel: found once, in one way for all three."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from augmentation.embedding.kept import EMBEDDINGS
from augmentation.errors import UsageError
from augmentation.image import custom
from augmentation.image.time_limit import limit_steps
from augmentation.input.earlier import load_known
from augmentation.input.fingerprints import (
    FINGERPRINTS,
    comparable,
    files_of,
    load_groups,
    load_unreadable,
    write_fingerprints,
)
from augmentation.input.host import OWN, Host
from augmentation.input.labels import folder_labels, load_label_rows
from augmentation.input.recipe_file import load_recipe
from augmentation.input.sources import SourceFiles, find_sources
from augmentation.input.version_embeddings import VersionEmbeddings
from augmentation.medium import Medium, medium_of
from domain.errors import InvalidRecipe
from domain.labels.merged import merged
from domain.labels.rows import LABELED, LabelRow
from domain.plan.known import Known
from domain.plan.plan import Plan, make_plan
from domain.recipe import Recipe
from domain.recipe.graph import NAMES
from domain.recipe.splits import crossing
from domain.recipe.steps.base import Filled
from domain.recipe.walk import steps_of
from domain.recipe.yaml_reader import placed
from domain.workflow.object_keys import key_problem

NO_FILE = "no file of that name is in the input"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What `run`, `plan` and `preview` are told alike; `docs/engine.md` says what each means."""

    recipe: Path
    input: Path
    labels: Path | None = None
    loose_class: str | None = None
    known: Path | None = None
    seed: int = 0
    processes: int | None = None
    fingerprints: Path | None = None
    embeddings: Path | None = None
    embedding: Path | None = None
    allow_custom: bool = False
    backgrounds: Path | None = None
    step_seconds: int | None = None


class Preparation:
    """Each part is found when it is first asked for, and kept: a preview needs no labels, a finished host no plan.

    `scratch` is where a pass over the images may leave their fingerprints; without it there is no such pass. It is made
    where near-duplicates or what cannot be read would change the plan, and always to `count`. Every part raises
    UsageError when what it reads cannot be used.
    """

    def __init__(self, options: Options, host: Host = OWN, scratch: Path | None = None, *, count: bool = False) -> None:
        self.options = options
        self._host = host
        self._scratch = scratch
        self._count = count

    @cached_property
    def _loaded(self) -> tuple[Recipe, str]:
        options = self.options
        recipe, text = load_recipe(options.recipe, options.backgrounds)
        limit_steps(options.step_seconds)
        custom.admit(recipe, options.recipe, allowed=options.allow_custom)
        return recipe, text

    @property
    def recipe(self) -> Recipe:
        """Checked, with its custom functions found and its background noise at hand."""
        return self._loaded[0]

    @property
    def recipe_text(self) -> str:
        """As its file has it."""
        return self._loaded[1]

    @cached_property
    def medium(self) -> Medium:
        """How this recipe's files are read, written and shown."""
        return medium_of(self.recipe)

    @cached_property
    def files(self) -> SourceFiles:
        """The files of the input; one of several hosts may have got none."""
        folder = self.options.input
        if self._host.makes_part and not folder.is_dir():
            return SourceFiles()
        return find_sources(folder, hidden=self.options.labels is not None)

    @cached_property
    def labels(self) -> Collection[LabelRow]:
        """Rows that are made anew each time they are gone through."""
        names = self.recipe.new_names
        rows = self._own_labels
        missing = names.keys() - {label for row in rows for label in row.labels} if names else ()
        if missing:
            part = min(missing)
            raise UsageError(
                f"{self.options.recipe}: no label says {part!r}, of which the recipe makes {names[part]!r}; "
                "take it out of `classes`, or look how the labels spell it"
            )
        return merged(rows, names)

    @property
    def _own_labels(self) -> Collection[LabelRow]:
        options = self.options
        if options.labels is not None:
            group = self.recipe.splits.group
            return load_label_rows(options.labels, self.files, options.input, group.column if group else None)
        return folder_labels(options.input, self.files, self.medium.endings, options.loose_class)

    @cached_property
    def known(self) -> Known:
        """What the earlier version holds; nothing without one."""
        return load_known(self.options.known, self.files)

    @cached_property
    def embeddings(self) -> VersionEmbeddings:
        """Those that the version is to have. A plan is made without them."""
        options = self.options
        wanted = self.recipe.output.embeddings and not self._count
        parent = options.known.with_name(EMBEDDINGS) if options.known else None
        return VersionEmbeddings(wanted, options.embedding, options.embeddings, parent)

    @property
    def embedding_files(self) -> list[Path]:
        """Where vectors of the run's images are, and of the earlier version's; some may be of another model."""
        return self.embeddings.files(self._scratch)

    @cached_property
    def fingerprints(self) -> list[Path]:
        """Files by which near-duplicates are known: as told, else of a pass over the input; and the earlier version's.

        One of several hosts sees only its own files, so it makes no pass: it is told the files of all.
        """
        options, scratch = self.options, self._scratch
        before = options.known.with_name(FINGERPRINTS) if options.known else None
        earlier = comparable(before) if before and before.is_file() else []
        if options.fingerprints is not None:
            return [*files_of([options.fingerprints]), *earlier]
        if scratch is None or not self._host.sees_all or not self._needs_a_look:
            return []
        own = scratch / FINGERPRINTS
        killed = [own] if own.exists() else []  # a killed run has left it whole or not at all
        embed = self.embeddings.embed(scratch)
        write_fingerprints(options.input, self.files, own, options.processes, [*killed, *earlier], embed)
        return [own, *earlier]

    @cached_property
    def groups(self) -> Mapping[str, str]:
        """Near-duplicates, each with the leader of its group."""
        return load_groups(*self.fingerprints) if self.keeps_near_duplicates_together else {}

    @property
    def keeps_near_duplicates_together(self) -> bool:
        """By the recipe, or by fingerprints that were given."""
        return self.recipe.needs_fingerprints or self.options.fingerprints is not None

    @property
    def _needs_a_look(self) -> bool:
        recipe = self.recipe
        changes_the_plan = recipe.needs_fingerprints or recipe.balanced_branch is not None or recipe.mixes
        return recipe.medium == "image" and (self._count or changes_the_plan or self.embeddings.model is not None)

    @cached_property
    def damaged(self) -> Mapping[str, str]:
        """What the pass could not read, and why."""
        return load_unreadable(self.fingerprints)

    @cached_property
    def unreadable(self) -> Mapping[str, str]:
        """The same; and where images are mixed, labeled ones without a file too, for they cannot be partners."""
        if not self.recipe.mixes or not self._host.sees_all:
            return self.damaged
        found = dict(self.damaged)
        files, there = self.files, set(self.files.names)
        for row in self.labels:
            name = row.source
            if row.status != LABELED or name in found:
                continue
            if problem := key_problem(name):
                found[name] = f"the name {problem}"
            elif name not in there:
                found[name] = NO_FILE
            elif name in files.passed_over:
                found[name] = files.passed_over[name]
        return found

    @cached_property
    def plan(self) -> Plan:
        """Class, split and variants of each source. Near-duplicates that an earlier version put into two splits are
        refused: a source never changes its split."""
        try:
            plan = make_plan(self.recipe, self.labels, self.options.seed, self.known, self.groups, self.unreadable)
        except InvalidRecipe as error:
            raise UsageError(str(placed(error, self.recipe_text, str(self.options.recipe)))) from error
        self._refuse_another_medium(plan)
        self._refuse_mirrors(plan)
        self._refuse_hosts()
        splits = ChainMap(plan.splits, plan.known.splits)
        pair = crossing(splits, self.groups)
        if pair:
            raise UsageError(
                f"{pair[0]} is in {splits[pair[0]]} and its near-duplicate {pair[1]} in {splits[pair[1]]}, as the "
                "earlier version has them; take one of them out, make a first version without --known, "
                "or say `splits: {near_duplicates: ignore}`"
            )
        pair = crossing(splits, plan.groups)
        if pair:
            raise UsageError(
                f"{pair[0]} is in {splits[pair[0]]} and {pair[1]}, of the same group, in {splits[pair[1]]}, as the "
                "earlier version has them; take one of them out, or make a first version without --known"
            )
        return plan

    def _refuse_another_medium(self, plan: Plan) -> None:
        """Boxes lie in images, and reviews are of records."""
        for medium, what, told in (("image", "have boxes", plan.boxes), ("record", "review records", plan.records)):
            if told and self.recipe.medium != medium:
                raise UsageError(
                    f"--labels {self.options.labels}: the labels {what}, but {self.options.recipe} is a recipe for "
                    f"{NAMES[self.recipe.medium]}; give one for {NAMES[medium]}"
                )

    def _refuse_hosts(self) -> None:
        """A host of several has not got the partners of its images."""
        if self.recipe.mixes and not self._host.sees_all:
            raise UsageError(
                f"{self.options.recipe} mixes pairs of images, and each of several machines has only a part of them; "
                "run it on one (`instances: 1`)"
            )

    def _refuse_mirrors(self, plan: Plan) -> None:
        """A mirrored object would have no box."""
        if not any(plan.boxes.values()):
            return
        for place, step in steps_of(self.recipe.steps):
            if isinstance(step, Filled) and step.fill == "mirror":
                where = ".".join(map(str, place))
                raise UsageError(
                    f"{self.options.recipe}: {where}: `fill: mirror` of {step.name} shows objects whose mirror images "
                    "have no boxes, and these images have boxes; say `fill: [0, 0, 0]` or `fill: edge`, or leave it out"
                )
