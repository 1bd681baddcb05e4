"""Proves a finished version: every file is there with its bytes, the counts agree, and no source crosses splits."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from itertools import chain
from pathlib import Path

from augmentation.errors import UsageError
from augmentation.input.fingerprints import FINGERPRINTS, comparable, load_groups
from augmentation.run.shards import read_member
from domain.errors import InvalidInput
from domain.jsonlines import JsonLines
from domain.plan.identity import DATA, MIXED
from domain.plan.siblings import siblings_of
from domain.recipe.splits import crossing
from domain.rows import ManifestRow

MANIFEST, DATASET, RECIPE, SUCCESS = "manifest.jsonl", "dataset.json", "recipe.yaml", "_SUCCESS"


def problems_of(folder: Path, fingerprints: Path | None = None, parents: Path | None = None) -> Iterator[str]:
    """What is wrong with the version in `folder`. Near-duplicates are known by `fingerprints`, or by the version's own.

    A version that grew lists the files of its parents as "../<version>/...": they are looked for in the folder
    `parents`, which is the one around `folder` if none is given. A parent that is not there is one problem.

    Raises:
        UsageError: there is no version in `folder`.
    """
    if not (folder / MANIFEST).is_file():
        raise UsageError(f"{folder} holds no {MANIFEST}; give the folder of a version")
    if not (folder / SUCCESS).is_file():
        yield f"{SUCCESS} is missing: the version was never finished"
    around = parents or folder / ".."
    absent = _absent(folder, around)
    for parent, files in sorted(absent.items()):
        yield f"{parent}: {files:,} files of this parent are not in {around}; say with --parents which folder holds it"
    named: set[str] = set()
    shards: set[str] = set()
    splits: dict[str, str] = {}
    grouped: dict[str, str] = {}
    pairs: set[tuple[str, str]] = set()
    for row in _rows(folder):
        if row["path"] in named:
            yield f"{row['path']}: two rows name this file"
        named.add(row["path"])
        if "shard" in row:
            shards |= {row["shard"], row["shard"].removesuffix(".tar") + ".idx"}
        yield from _of_file(folder, around, row, absent)
        grouped |= {row["source"]: row["group"]} if "group" in row else {}
        pairs |= {(row["source"], row["partner"])} if "partner" in row else set()
        first = splits.setdefault(row["source"], row["split"])
        if first != row["split"]:
            yield f"{row['source']}: the source is in {first} and in {row['split']}"
    yield from _unnamed(folder, named | shards)
    yield from _of_counts(folder, len(named), len(splits))
    yield from _torn(folder, fingerprints, splits, grouped)
    yield from _unlike(pairs, splits)


def _torn(
    folder: Path, fingerprints: Path | None, splits: Mapping[str, str], grouped: Mapping[str, str]
) -> Iterator[str]:
    """What should share a split and does not."""
    own = folder / FINGERPRINTS
    prints = [fingerprints] if fingerprints else comparable(own) if own.is_file() else []
    for groups, what in (
        (load_groups(*prints), "near-duplicates"),
        (siblings_of(splits), "made of one source"),
        (grouped, "of one group"),
    ):
        pair = crossing(splits, groups)
        if pair:
            yield f"{pair[0]} ({splits[pair[0]]}) and {pair[1]} ({splits[pair[1]]}) are {what} in two splits"


def _unlike(pairs: Collection[tuple[str, str]], splits: Mapping[str, str]) -> Iterator[str]:
    """Pairs that are mixed across splits; a partner that is in no row of its own has none."""
    for source, partner in sorted(pairs):
        if splits.get(partner, splits[source]) != splits[source]:
            yield f"{source} ({splits[source]}) is mixed with {partner} ({splits[partner]}), of another split"


def _rows(folder: Path) -> Iterator[ManifestRow]:
    try:
        with (folder / MANIFEST).open(encoding="utf-8", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                for row in JsonLines[ManifestRow]([line], f"{folder / MANIFEST}, row {number}"):
                    if {"path", "sha256", "source", "split"} - row.keys():
                        raise UsageError(f"{folder / MANIFEST}, row {number}: path, sha256, source or split is missing")
                    yield row
    except InvalidInput as error:
        raise UsageError(str(error)) from error


def _parent(row: ManifestRow) -> str | None:
    """The parent that has the row's file."""
    up, _, path = row["path"].partition("/")
    return path.partition("/")[0] if up == ".." else None


def _absent(folder: Path, around: Path) -> dict[str, int]:
    """The parents that are not in the folder `around`, with the number of their files that the version lists."""
    files = Counter(parent for row in _rows(folder) if (parent := _parent(row)))
    return {parent: count for parent, count in files.items() if not (around / parent).is_dir()}


def _of_file(folder: Path, around: Path, row: ManifestRow, absent: Collection[str]) -> Iterator[str]:
    path, parent = row["path"], _parent(row)
    if parent in absent:
        return
    place = around if parent else folder
    try:
        if "shard" in row:
            data = read_member(place, {**row, "shard": row["shard"].removeprefix("../")})
        else:
            data = (place / path.removeprefix("../")).read_bytes()
    except OSError as error:
        yield f"{path}: {error.strerror}"
        return
    if hashlib.sha256(data).hexdigest() != row["sha256"]:
        yield f"{path}: the bytes are not those of the manifest's sha256"
    top = MIXED if "soft_labels" in row else DATA
    if not path.startswith("../") and not path.startswith(f"{top}/{row['split']}/"):
        yield f"{path}: the file lies outside of its split, {row['split']}"


def _unnamed(folder: Path, named: Collection[str]) -> Iterator[str]:
    for path in _files(folder):
        if path not in named:
            yield f"{path}: the manifest does not name this file"


def _files(folder: Path) -> Iterator[str]:
    for parent, folders, names in chain.from_iterable(os.walk(folder / top) for top in (DATA, MIXED)):
        folders.sort()
        for name in sorted(names):
            yield Path(parent, name).relative_to(folder).as_posix()


def _of_counts(folder: Path, outputs: int, sources: int) -> Iterator[str]:
    try:
        dataset = json.loads((folder / DATASET).read_text(encoding="utf-8"))
        recipe = hashlib.sha256((folder / RECIPE).read_text(encoding="utf-8").encode()).hexdigest()
    except (OSError, ValueError) as error:
        yield f"{DATASET} or {RECIPE} cannot be read: {error}"
        return
    for name, found in (("outputs", outputs), ("sources", sources), ("recipe_sha256", recipe)):
        if dataset.get(name) != found:
            yield f"{DATASET}: {name} is {dataset.get(name)}, but found were {found}"
