"""A small picture of a file that is in quarantine, where one can be shown: people judge a reason better with it."""

from __future__ import annotations

import base64
import io

import numpy as np
import simplejpeg
from PIL import Image

from augmentation.image.encode import encode
from augmentation.image.reader import BOMB_PIXELS, FORMATS, Target, dct_scale

SIDE = 112
TOO_LARGE = BOMB_PIXELS  # what may be decoded for nothing but a thumbnail


def picture_of(data: bytes) -> str | None:
    """A data URI: a truncated JPEG as far as it goes, the first frame of an animation; None where nothing is seen."""
    try:
        image = _jpeg(data) if data[:2] == b"\xff\xd8" else _other(data)
        if image is None:
            return None
        image.thumbnail((SIDE, SIDE))
        pixels = np.asarray(image)[..., ::-1]
        padded = np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])
        return "data:image/jpeg;base64," + base64.b64encode(encode(np.ascontiguousarray(padded), "jpeg", 70)).decode()
    except Exception:  # noqa: BLE001 - a file in quarantine owes nobody a picture
        return None


def _jpeg(data: bytes) -> Image.Image | None:
    height, width, _, _ = simplejpeg.decode_jpeg_header(data, strict=False)
    scale = dct_scale(width, height, Target(SIDE, SIDE))
    if width * height > TOO_LARGE * scale:
        return None
    size = {"min_height": -(-height // scale), "min_width": -(-width // scale), "min_factor": scale}
    return Image.fromarray(simplejpeg.decode_jpeg(data, "RGB", strict=False, **(size if scale > 1 else {})))


def _other(data: bytes) -> Image.Image | None:
    with Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > TOO_LARGE:
            return None
        image.thumbnail((SIDE, SIDE))
        layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
