"""Starts a killed run again: what it has finished is found in its own part files, checked, and kept.

The part's manifest is written source by source, so a killed run leaves whole rows and at most one torn one. They are
gathered into `earlier.jsonl`, and the part is written anew in the order of the files: a source whose outputs lie there
with their sha256 costs reading them, every other one is augmented as usual. So the bytes equal an uninterrupted run's.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from augmentation.embedding.kept import EMBEDDINGS
from augmentation.errors import UsageError
from augmentation.files import write_file
from augmentation.input.fingerprints import FINGERPRINTS
from augmentation.run.shards import is_whole, read_member
from domain.plan.plan import Plan
from domain.rows import ManifestRow

BEGUN, EARLIER = "begun.json", "earlier.jsonl"
SHARDS = "earlier-shards"


class Block(NamedTuple):
    """Where the rows of one source stand, in bytes."""

    start: int
    size: int


@dataclass(frozen=True)
class Earlier:
    """The rows of a killed run; in memory is only where they stand."""

    path: Path = Path(EARLIER)
    blocks: dict[str, Block] = field(default_factory=dict)
    shards: Path | None = None

    def rows(self, source: str) -> list[ManifestRow]:
        block = self.blocks.get(source)
        if block is None:
            return []
        with self.path.open("rb") as file:
            file.seek(block.start)
            return [json.loads(line) for line in file.read(block.size).splitlines()]

    def output(self, output_folder: Path, row: ManifestRow) -> bytes | None:
        """The bytes of a row's output, from its file or from a shard of the killed run; None if they are not whole."""
        try:
            if "shard" in row:
                data = (
                    read_member(self.shards, {**row, "shard": f"{row['split']}-{Path(row['shard']).name}"})
                    if self.shards
                    else b""
                )
            else:
                data = (output_folder / row["path"]).read_bytes()
        except OSError:
            return None
        return data if is_whole(data, row) else None

    def forget_others(self, sources: Iterable[str], output_folder: Path) -> None:
        """Removes the outputs of sources that are not in the input any more."""
        for source in self.blocks.keys() - set(sources):
            take_back(output_folder, self.rows(source))

    def forget_untold(self, output_folder: Path) -> None:
        """Removes outputs that no row tells of: a killed process leaves torn ones, and some whose row is torn."""
        told: set[str] = set()
        if self.path.exists():
            with self.path.open("rb") as file:
                told.update(json.loads(line)["path"] for line in file)
        for folder, _, names in os.walk(output_folder / "data"):
            for path in (Path(folder, name) for name in names):
                if path.relative_to(output_folder).as_posix() not in told:
                    path.unlink()


def begin(folder: Path, facts: Mapping[str, Any], *, resume: bool) -> Earlier:
    """Notes down in `folder`, the part's, what decides the bytes, and finds what an earlier try has made.

    Raises:
        UsageError: the earlier try was begun with something else.
    """
    before = folder / BEGUN
    if not resume or not before.exists():
        write_file(before, json.dumps(facts, indent=2, sort_keys=True).encode())
        return Earlier()
    noted = json.loads(before.read_text(encoding="utf-8"))
    differing = [name for name in facts if noted.get(name) != facts[name]]
    if differing:
        raise UsageError(
            f"--resume: the run in {folder.parent.parent} was begun with another {', '.join(differing)}; "
            "start it as before, or give a new --output"
        )
    return _gather(folder)


def end(folder: Path) -> None:
    """Removes the notes of a part that is whole."""
    for name in (BEGUN, EARLIER, FINGERPRINTS, EMBEDDINGS):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / SHARDS, ignore_errors=True)


def plan_digest(plan: Plan) -> str:
    """Of class, split and additional variants of every source: labels, known sources and balance are all in it."""
    digest = hashlib.sha256()
    for column in (plan.classes, plan.splits, plan.extra):
        for source in sorted(column):
            digest.update(f"{source}\0{column[source]}\0".encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.hexdigest()


def take_back(output_folder: Path, rows: Iterable[ManifestRow]) -> None:
    for row in rows:
        if "shard" not in row:  # a shard is written anew anyway
            (output_folder / row["path"]).unlink(missing_ok=True)


def _gather(folder: Path) -> Earlier:
    """Adds the manifest of the last try to the rows of those before it, for a resumed run may be killed too."""
    gathered = folder / f".{EARLIER}.part"
    with gathered.open("wb") as file:
        for name in (EARLIER, "manifest.jsonl"):
            if (folder / name).exists():
                with (folder / name).open("rb") as lines:
                    file.writelines(line for line in lines if line.endswith(b"\n"))  # the last one may be torn
    os.replace(gathered, folder / EARLIER)
    return Earlier(folder / EARLIER, _index(folder / EARLIER), _set_aside(folder))


def _set_aside(folder: Path) -> Path:
    """Moves the host's shards, torn ones too, to where their members are read from; the longest of each name counts."""
    aside = folder / SHARDS
    aside.mkdir(exist_ok=True)
    own = re.compile(rf"\.?{re.escape(folder.name)}-\d{{6,}}\.(tar|idx)(\.part)?")
    found = (folder.parent.parent / "data").glob(f"*/*{folder.name}-*.*")
    for path in sorted(path for path in found if own.fullmatch(path.name)):
        name = path.name.removeprefix(".").removesuffix(".part")
        kept = aside / f"{path.parent.name}-{name}"
        if path.suffix == ".idx" or (kept.exists() and kept.stat().st_size >= path.stat().st_size):
            path.unlink()
        else:
            os.replace(path, kept)
    return aside


def _index(path: Path) -> dict[str, Block]:
    """The longest run of rows of each source; a shorter one was cut off by the end of a try."""
    blocks: dict[str, Block] = {}
    start = position = 0
    source = ""
    with path.open("rb") as file:
        for line in file:
            own = json.loads(line)["source"]
            if own != source:
                source, start = own, position
            position += len(line)
            if source not in blocks or position - start > blocks[source].size:
                blocks[source] = Block(start, position - start)
    return blocks
