"""A fast wrong answer does not count: what each engine wrote, and how near `resize` is to a full antialiased decode."""

from __future__ import annotations

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from PIL import Image

from augmentation.image.frame import Frame
from augmentation.image.kernels import resize
from augmentation.image.reading.reader import Target, read_image

OUTPUTS, SIDE, QUALITY = 6, 224, 90
SIZE_TOLERANCE = 0.10
LEAST_PSNR = 40.0


def wrong(name: str, folder: Path, mean_kb: float) -> Iterable[str]:
    """What is wrong with the files that an engine wrote; `mean_kb` is the codec limit's mean."""
    files = sorted(folder.rglob("*.jpg"))
    sources: dict[str, int] = {}
    for file in files:
        sources[file.name.split("~")[0]] = sources.get(file.name.split("~")[0], 0) + 1
        with Image.open(file) as image:
            if image.size != (SIDE, SIDE):
                yield f"{name}: {file.name} has {image.size} pixels"
            if image.quantization[0] != _table():  # type: ignore[attr-defined]
                yield f"{name}: {file.name} is not of quality {QUALITY}"
    if not files or set(sources.values()) != {OUTPUTS}:
        yield f"{name}: not {OUTPUTS} files for each source"
    elif abs(kilobytes(folder) / mean_kb - 1) > SIZE_TOLERANCE:
        yield f"{name}: {kilobytes(folder):.1f} KB a file, the codec limit {mean_kb:.1f}"


def kilobytes(folder: Path) -> float:
    """The mean size of the files."""
    sizes = [file.stat().st_size for file in folder.rglob("*.jpg")]
    return sum(sizes) / max(1, len(sizes)) / 1000


def psnr(file: Path) -> float:
    """Of our scaled decode and crop, in decibels, against the full image reduced by the mean over each area."""
    data = file.read_bytes()
    frame: Frame = read_image(data, Target(SIDE, SIDE))
    part = resize.cover(frame.box, SIDE, SIDE)
    made = resize.sample(frame.pixels, part, SIDE, SIDE, reduced=frame.reduction > 1)[..., 2::-1]
    with Image.open(io.BytesIO(data)) as image:
        side = min(image.width, image.height)
        left, top = (image.width - side) // 2, (image.height - side) // 2
        square = image.convert("RGB").crop((left, top, left + side, top + side))
        whole = square.resize((SIDE, SIDE), Image.Resampling.BOX)
    error = float(np.mean((made.astype(np.float64) - np.asarray(whole, np.float64)) ** 2))
    return float(10 * np.log10(255**2 / max(error, 1e-9)))


def _table() -> list[int]:
    data = io.BytesIO()
    Image.new("RGB", (8, 8)).save(data, "JPEG", quality=QUALITY)
    with Image.open(data) as image:
        return list(image.quantization[0])  # type: ignore[attr-defined]
