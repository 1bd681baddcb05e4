"""A small picture of a file that is in quarantine, where one can be shown: people judge a reason better with it."""

from __future__ import annotations

import base64
import io

import numpy as np
import simplejpeg
from PIL import Image

from augmentation.image.encode import encode
from augmentation.image.reading.jpeg import Target, dct_scale, scalable
from augmentation.image.reading.jpeg_headers import headers_of
from augmentation.image.reading.limits import BOMB_PIXELS
from augmentation.image.reading.messages import messages
from augmentation.image.reading.others import FORMATS

SIDE = 112
GRAY = 128
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
    """As far as it goes: what the decoder does not reach stays gray, and shows nothing of another photo."""
    headers = headers_of(data)
    if headers is None or not scalable(headers):
        return None
    scale = dct_scale(headers.width, headers.height, Target(SIDE, SIDE))
    if headers.width * headers.height > TOO_LARGE * scale:
        return None
    height, width = -(-headers.height // scale), -(-headers.width // scale)
    pixels = np.full((height, width, 3), GRAY, np.uint8)
    size = {"min_height": height, "min_width": width, "min_factor": scale} if scale > 1 else {}
    simplejpeg.decode_jpeg(data, "RGB", strict=False, buffer=pixels, **size)
    return Image.fromarray(pixels)


def _other(data: bytes) -> Image.Image | None:
    with messages(), Image.open(io.BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > TOO_LARGE:
            return None
        image.thumbnail((SIDE, SIDE))
        layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer).convert("RGB")
