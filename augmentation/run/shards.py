"""Outputs in tar shards as WebDataset reads them, each with an index as NVIDIA DALI's `wds2idx` writes it.

A sample is two members of one key: the image, clip, text or record (`.record.json`), and `.json` with most of its row
of the manifest. A shard depends on nothing but the outputs and their order: no time, no owner, no name of a machine but
the host's in its own name.
"""

from __future__ import annotations

import hashlib
import os
import tarfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from augmentation.files import write_file
from domain.jsonlines import dump_line
from domain.plan.identity import safe_stem
from domain.plan.plan import Plan
from domain.rows import ManifestRow

# More files than this and S3's requests cost more than the work, and its 3,500 writes a second are the limit.
AUTO_ABOVE = 100_000
# 256 MB to 1 GB a shard is what WebDataset's authors advise; a reader shuffles within some thousand samples.
SHARD_BYTES, SHARD_SAMPLES = 256_000_000, 10_000
BLOCK = 512
STEM_LIMIT, DIGITS = 36, 16  # so that a name fits into the 100 bytes that every tar has for it
INDEX_VERSION = "v1.2"
# Readers that make tables of the JSON (Arrow) know no numbers of 64 bits without sign, and only one shape of row.
# What a record holds stands in the member beside it.
# And a place says nothing inside of the shard; a row that a killed run has left may have one.
ONLY_IN_MANIFEST = ("seed", "steps", "fields", "path", "shard", "offset", "size")


def wants_shards(plan: Plan) -> bool:
    """As the recipe says; `auto` counts the outputs of the whole plan, so every host decides alike."""
    layout = plan.recipe.output.layout
    if layout != "auto":
        return layout == "shards"
    outputs = 0
    for source in plan.classes:
        outputs += len(plan.outputs(source))
        if outputs > AUTO_ABOVE:
            return True
    return False


def key_of(row: ManifestRow) -> str:
    """The sample's key, without a dot: readers cut a name at its first one."""
    stem = safe_stem(row["source"]).replace(".", "_")[:STEM_LIMIT]
    return f"{stem}~{row['export']}~{row['variant']}~{row['identity'][:DIGITS]}"


class Packer:
    """Writes the shards of one host, those of each split apart: `data/<split>/<host>-000000.tar` and `.idx`; mixed
    images, whose rows have another shape, below `mixed/`."""

    def __init__(
        self, output_folder: Path, host: str, shard_bytes: int = SHARD_BYTES, shard_samples: int = SHARD_SAMPLES
    ) -> None:
        self._folder = output_folder
        self._host = host
        self._limits = shard_bytes, shard_samples
        self._open: dict[str, _Shard] = {}
        self._counts: Counter[str] = Counter()

    def add(self, rows: Sequence[ManifestRow], files: Sequence[bytes]) -> list[ManifestRow]:
        """The rows of one source, each with its place: `path` is shard/member, `offset` and `size` its bytes there."""
        return [self._add(row, data) for row, data in zip(rows, files)]  # noqa: B905 - one to one

    def close(self) -> None:
        """Ends the shards and writes their indices."""
        for shard in self._open.values():
            shard.close()
        self._open.clear()

    def _add(self, row: ManifestRow, data: bytes) -> ManifestRow:
        folder = "/".join(row["path"].split("/", 2)[:2])
        shard = self._open.get(folder)
        if shard is not None and shard.is_full(*self._limits):
            shard.close()
            shard = None
        if shard is None:
            name = f"{folder}/{self._host}-{self._counts[folder]:06}.tar"
            self._counts[folder] += 1
            shard = self._open[folder] = _Shard(self._folder / name, name)
        key, extension = key_of(row), row["path"].rsplit(".", 1)[1]
        if extension == "json":
            extension = "record.json"
        offset = shard.member(f"{key}.{extension}", data)
        text = dump_line({name: value for name, value in row.items() if name not in ONLY_IN_MANIFEST})
        shard.member(f"{key}.json", text.encode())
        shard.end_sample()
        path = f"{shard.name}/{key}.{extension}"
        return {**row, "path": path, "shard": shard.name, "offset": offset, "size": len(data)}


class _Shard:
    """A tar that is being written under a name of its own; it gets its name when it is whole."""

    def __init__(self, path: Path, name: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.name = name
        self._path = path
        self._unfinished = unfinished(path)
        self._file: IO[bytes] = self._unfinished.open("wb")
        self._position = 0
        self._sample: list[str] = []
        self._index: list[str] = []

    def is_full(self, most_bytes: int, most_samples: int) -> bool:
        return self._position >= most_bytes or len(self._index) >= most_samples

    def member(self, name: str, data: bytes) -> int:
        """Writes a file into the tar and returns where its bytes begin."""
        info = tarfile.TarInfo(name)
        info.size = len(data)
        header = info.tobuf(tarfile.USTAR_FORMAT)
        self._file.write(header + data + bytes(-len(data) % BLOCK))
        offset = self._position + len(header)
        self._position = offset + len(data) + -len(data) % BLOCK
        extension = name.split(".", 1)[1]
        self._sample.append(f"{extension} {offset} {len(data)} {name}")
        return offset

    def end_sample(self) -> None:
        self._index.append(" ".join(self._sample))
        self._sample.clear()

    def close(self) -> None:
        self._file.write(bytes(2 * BLOCK))  # the end of a tar
        self._file.close()
        lines = "".join(f"{line}\n" for line in (f"{INDEX_VERSION} {len(self._index)}", *self._index))
        write_file(self._path.with_suffix(".idx"), lines.encode())
        os.replace(self._unfinished, self._path)


def unfinished(path: Path) -> Path:
    return path.with_name(f".{path.name}.part")


def read_member(folder: Path, row: ManifestRow) -> bytes:
    """The bytes of a row's output in its shard.

    Raises:
        OSError: there is no such shard.
    """
    with (folder / row["shard"]).open("rb") as file:
        file.seek(row["offset"])
        return bytes(file.read(row["size"]))


def is_whole(data: bytes, row: ManifestRow) -> bool:
    return hashlib.sha256(data).hexdigest() == str(row["sha256"])
