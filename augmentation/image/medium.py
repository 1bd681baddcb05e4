"""Images: decoded once at the smallest size that serves the recipe, encoded, measured, and shown as small pictures."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import partial
from typing import Any

from augmentation.image import boxes
from augmentation.image.encode import encode
from augmentation.image.frame import Box, Frame, LabeledBox, Pixels
from augmentation.image.kernels import resize
from augmentation.image.reading.limits import MAX_BYTES
from augmentation.image.reading.reader import Target, read_image
from augmentation.image.rejects import picture_of
from augmentation.medium import Medium
from domain.recipe import Branch, Recipe
from domain.recipe.outputs import Written
from domain.recipe.steps.geometry import Resize, ResizeCrop
from domain.rows import Measures, Picture

SIDE = 144
ENDINGS = (".bmp", ".dib", ".gif", ".jfif", ".jpe", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")


def medium_for(recipe: Recipe) -> Medium:
    return Medium(
        endings=ENDINGS,
        max_bytes=MAX_BYTES,
        read=partial(read_image, target=decode_target(recipe), convert=recipe.color == "srgb"),
        labeled=boxes.with_boxes,
        encode=_encoded,
        measures=_measures,
        shown=_shown,
        rejected=picture_of,
    )


def decode_target(recipe: Recipe) -> Target | None:
    """The size that every way through the recipe first scales to; None when some way needs the full image."""
    sizes = _first_sizes(recipe.steps)
    if sizes is None:
        return None
    return Target(max(size.width for size in sizes), max(size.height for size in sizes))


def _first_sizes(nodes: Sequence[Any]) -> list[Target] | None:
    found: list[Target] = []
    for node in nodes:
        if isinstance(node, Branch):
            inner = _first_sizes(node.steps)
            if inner is None:
                return None
            found += inner
        elif isinstance(node, (Resize, ResizeCrop)) and node.probability >= 1:
            return [*found, Target(node.width, node.height)]
        else:
            return None
    return found or None


def thumbnail(pixels: Pixels, side: int = SIDE, labeled: Sequence[LabeledBox] = ()) -> str:
    """A small JPEG of the image as a data URI, with its bounding boxes; the longer side has `side` pixels."""
    height, width = pixels.shape[:2]
    ratio = min(1.0, side / max(width, height))
    small = resize.sample(pixels, Box(0, 0, width, height), max(1, round(width * ratio)), max(1, round(height * ratio)))
    if labeled:
        small = boxes.drawn(small, labeled, ratio)
    return data_uri(encode(small, "jpeg", 78), "image/jpeg")


def data_uri(data: bytes, kind: str) -> str:
    """Bytes as an address that a page can hold; `kind` is the media type."""
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _encoded(frame: Frame, written: Written) -> bytes:
    return encode(frame.pixels, written.format, written.quality)


def _measures(frame: Frame) -> Measures:
    height, width = frame.pixels.shape[:2]
    return {"width": width, "height": height}


def _shown(frame: Frame, side: int = SIDE, row: Measures | None = None) -> Picture:
    labeled = frame.boxes if row is None else boxes.of_rows(row.get("boxes", ()))
    return {"thumbnail": thumbnail(frame.pixels, side, labeled)}
