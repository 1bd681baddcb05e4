"""Writes the corpus: the same seed and count give the same files."""

from __future__ import annotations

import io
import os
import random
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from domain.workflow.object_keys import key_problem
from tests.hostile import raw
from tests.hostile.families import EITHER, FAMILIES, MADE, REFUSED, photo
from tests.hostile.names import FOLDERS, any_name, hostile_names

NAMES_SHARE = 0.1
LARGE, LARGEST = (5_000, 4_000), (12_000, 8_000)


class HostileFile(NamedTuple):
    """One file of the corpus: path relative to its folder as the operating system spells it."""

    path: str
    family: str
    expected: str


def write_corpus(folder: Path, count: int, seed: int) -> list[HostileFile]:
    """`count` files in `folder`; from 5,000 on with a photo of 96 million pixels, just below the limit."""
    rng = random.Random(seed)
    written = [*_special(folder), *_large(folder, LARGEST if count >= 5000 else LARGE)]
    written += _named(folder, rng, max(len(FOLDERS) + len(hostile_names()), int(count * NAMES_SHARE)))
    families = [family for family in FAMILIES for _ in range(family.weight)]
    rng.shuffle(families)
    extensions = ("jpg", "jpg", "png", "gif", "tif", "webp", "JPEG", "txt", "")
    while len(written) < count:
        family = families[len(written) % len(families)]
        path = f"{FOLDERS[len(written) % 2]}/{len(written):05d}.{rng.choice(extensions)}"
        _write(folder, path, family.make(rng))
        written.append(HostileFile(path, family.name, family.expected))
    return written


def _write(folder: Path, path: str, data: bytes) -> None:
    target = folder / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)


def _special(folder: Path) -> Iterator[HostileFile]:
    """What is in a folder without being a file of bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    os.mkfifo(folder / "pipe.jpg")
    (folder / "dangling.jpg").symlink_to("nowhere.jpg")
    (folder / "itself.jpg").symlink_to("itself.jpg")
    (folder / "device.jpg").symlink_to("/dev/zero")
    with (folder / "sparse.jpg").open("wb") as stream:
        stream.write(photo("JPEG"))
        stream.truncate(20_000_000_000)
    for name in ("pipe.jpg", "dangling.jpg", "itself.jpg", "device.jpg", "sparse.jpg"):
        yield HostileFile(name, "no regular file, or 20 GB", REFUSED)


def _large(folder: Path, size: tuple[int, int]) -> Iterator[HostileFile]:
    """Large but honest photos of every kind, which must be made within the memory cap; and bombs of the same size."""
    gray = Image.linear_gradient("L").resize(size)
    grain = np.random.default_rng(1).integers(0, 255, (size[1] // 40 + 1, size[0] // 40 + 1), np.uint8)
    samples = np.array(gray)
    samples[::40, ::40] = grain[: samples[::40, ::40].shape[0], : samples[::40, ::40].shape[1]]
    gray = Image.fromarray(samples)
    for name, image, options in _large_kinds(gray):
        image_format = {"jpg": "JPEG", "tif": "TIFF"}.get(name.rsplit(".", 1)[1], name.rsplit(".", 1)[1].upper())
        if image_format == "WEBP":  # its limit is lower
            image = image.crop((0, 0, size[0] * 3 // 4, size[1]))
        stream = io.BytesIO()
        image.save(stream, image_format, **options)
        _write(folder, f"open/{name}", stream.getvalue())
        yield HostileFile(f"open/{name}", "large photos", MADE)
    _write(folder, "open/bomb 100 Mpx.png", raw.png_bomb(10_000, 10_000, 1, 0))
    yield HostileFile("open/bomb 100 Mpx.png", "decompression bomb", REFUSED)
    _write(folder, "open/dense.png", raw.png_bomb(*size, 1, 0))
    yield HostileFile("open/dense.png", "decompression bomb", REFUSED)


def _large_kinds(gray: Image.Image) -> Iterator[tuple[str, Image.Image, dict[str, Any]]]:
    """Those that decoders hold several copies of, one at a time."""
    yield "large.jpg", gray.convert("RGB"), {"quality": 60}
    yield "large.png", gray.convert("RGB"), {"compress_level": 1}
    yield "large inks.jpg", Image.merge("CMYK", [gray] * 4), {"quality": 40}
    yield "large alpha.png", Image.merge("RGBA", [gray] * 4), {"compress_level": 1}
    yield "large gray with alpha.png", Image.merge("LA", [gray] * 2), {"compress_level": 1}
    wide = Image.fromarray(np.asarray(gray).astype(np.uint16) << 8)
    yield "large hidden gray.png", wide, {"compress_level": 1, "transparency": 512}
    palette = gray.copy()
    palette.putpalette([value for level in range(256) for value in (level, 255 - level, level)])
    yield "large palette.png", palette, {"compress_level": 1, "transparency": 3}
    yield "large palette.gif", palette, {"transparency": 3}
    yield "large deflate.tif", gray.convert("RGB"), {"compression": "tiff_deflate"}
    yield "large.webp", gray.convert("RGB"), {"method": 0, "quality": 90}


def _named(folder: Path, rng: random.Random, count: int) -> Iterator[HostileFile]:
    paths = [f"open/{name}" for name in hostile_names()] + [f"{name}/photo.jpg" for name in FOLDERS]
    taken: set[str] = set()
    while paths or len(taken) < count:
        path = paths.pop() if paths else f"shut/{any_name(rng)}"
        alike = unicodedata.normalize("NFC", path).casefold()  # some file systems hold only one of two such names
        if alike in taken and not path.startswith("open/"):
            continue
        taken.add(path if path.startswith("open/") else alike)
        _write(folder, path, photo("JPEG", seed=rng.randrange(8)))
        yield HostileFile(path, "hostile names", REFUSED if key_problem(path) else MADE)


__all__ = ["EITHER", "MADE", "REFUSED", "HostileFile", "write_corpus"]
