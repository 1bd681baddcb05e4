"""Small pictures made in memory, and folders of them, for tests of the engine."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from domain.labels.rows import LabelRow, write_labels

ROOT = Path(__file__).resolve().parents[3]
LEGO_FACES = ROOT / "recipes/lego-faces.yaml"
SMALL_RECIPE = """
name: small
splits: {train: 0.7, val: 0.15, test: 0.15}
steps:
  - {op: resize_crop, width: 24, height: 24}
  - export: resize
  - branch: varied
    variants: 3
    balance: 1.0
    steps:
      - {op: flip}
      - {op: rotate, degrees: [-20, 20]}
      - {op: brightness_contrast, brightness: [-0.2, 0.2]}
      - export: varied
  - {op: gaussian_noise, severity: 2}
  - export: noisy
"""


def any_rgb(width: int = 64, height: int = 48, seed: int = 1) -> NDArray[np.uint8]:
    """Smooth waves of color: like a photo, most of its energy lies in low frequencies."""
    rng = np.random.default_rng(seed)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    waves = []
    for _ in range(3):
        across, down, phase = rng.uniform(0.5, 3, 3)
        wave = np.sin(across * columns / width * 6 + phase) + np.cos(down * rows / height * 6)
        waves.append(127.5 + 55 * wave)
    return np.clip(np.stack(waves, axis=-1), 0, 255).astype(np.uint8)


def any_bgrx(width: int = 64, height: int = 48, seed: int = 1) -> NDArray[np.uint8]:
    rgb = any_rgb(width, height, seed)
    return np.ascontiguousarray(np.dstack([rgb[..., ::-1], np.full(rgb.shape[:2], 255, np.uint8)]))


def image_bytes(
    image_format: str = "JPEG", mode: str = "RGB", *, size: tuple[int, int] = (64, 48), **save: Any
) -> bytes:
    """An encoded picture of `mode`; `save` goes to Pillow."""
    stream = io.BytesIO()
    Image.fromarray(any_rgb(*size)).convert(mode).save(stream, image_format, **save)
    return stream.getvalue()


def textured(seed: int, width: int = 160, height: int = 120) -> Image.Image:
    """Many frequencies, as a photo has them: enough for a fingerprint, which waves are too smooth for."""
    small = np.random.default_rng(seed).integers(0, 255, (12, 12, 3), np.uint8)
    return Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)


def write_photos(folder: Path, count: int, *, small_class: int = 3) -> list[LabelRow]:
    """`count` JPEGs of which `small_class` are labeled "open" and the rest "shut"."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for index in range(count):
        name = f"photo {index:03d}.JPG" if index % 5 == 0 else f"photo_{index:03d}.jpg"
        Image.fromarray(any_rgb(seed=index)).save(folder / name, "JPEG", quality=90)
        rows.append(any_label(name, "open" if index < small_class else "shut"))
    return rows


def any_label(name: str, label: str = "open", **fields: Any) -> LabelRow:
    return LabelRow(
        source=name, source_ref=f"s3://bucket/raw/{name}", status="labeled", label=label, labels=(label,), **fields
    )


def save_labels(path: Path, rows: list[LabelRow]) -> Path:
    path.write_text(write_labels(rows), encoding="utf-8")
    return path


def save_recipe(path: Path, text: str = SMALL_RECIPE) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` with its content; paths in a page are whole, so that they can be compared."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes().replace(b"<wbr>", b"") for path in files}
