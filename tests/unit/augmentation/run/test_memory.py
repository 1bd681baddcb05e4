"""What a run keeps of each file, in bytes: its name once, its size, its class and its split."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from augmentation.input.labels import FolderLabels
from augmentation.input.near_duplicates import groups_of
from augmentation.input.sources import SourceFile, SourceFiles
from domain.jsonlines import Repeatable
from domain.plan.known import Known
from domain.plan.plan import make_plan
from domain.recipe import Recipe
from tests.support.builders.photos import SMALL_RECIPE

COUNT = 20_000
RECIPE = Recipe.from_mapping(yaml.safe_load(SMALL_RECIPE))


def measured(make: Callable[[], Any]) -> tuple[Any, float, float]:
    """What is made, and bytes a file: what it keeps, and the most while it is made. The first time, modules load."""
    make()
    tracemalloc.start()
    try:
        made = make()
        kept, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    return made, kept / COUNT, most / COUNT


def files() -> SourceFiles:
    return SourceFiles(SourceFile(f"class-{number % 7}/photo_{number:07}.jpg", number) for number in range(COUNT))


def test_a_list_of_files_is_hardly_more_than_their_names() -> None:
    _, kept, most = measured(files)
    assert kept < 110
    assert most < 170


def test_a_plan_keeps_no_names_of_its_own() -> None:
    labels = FolderLabels(Path("in"), files())
    plan, kept, most = measured(lambda: make_plan(RECIPE, labels, 7))
    assert len(plan.classes) == COUNT
    assert kept < 200  # three maps: class, split and additional variants
    assert most < 300


def test_what_earlier_versions_hold_is_kept_small() -> None:
    found, same = files(), {"split": "train", "label": "a"}
    rows = Repeatable(
        lambda: (
            {"source": found.kept("".join(name)), "export": export, "identity": f"{place:064x}", **same}
            for place, name in enumerate(found.names)
            for export in ("resize", "varied", "varied", "noisy")
        )
    )
    known, kept, _ = measured(lambda: Known.from_rows(rows))
    assert len(known.splits) == COUNT
    assert kept < 240


def test_groups_keep_names_of_near_duplicates_alone() -> None:
    odd = 0x9E3779B97F4A7C15**4  # spreads the numbers over all bits
    numbers = Repeatable(
        lambda: ((f"photo_{number:07}", (number * odd % 2**256).to_bytes(32, "big")) for number in range(COUNT))
    )
    groups, kept, most = measured(lambda: groups_of(numbers))
    assert not groups
    assert kept < 1
    assert most < 320
