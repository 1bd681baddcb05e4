"""A file in quarantine is shown where it can be, and never harms the run."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image

from augmentation.image.rejects import SIDE, picture_of
from tests.hostile import raw
from tests.support.builders.photos import any_rgb, image_bytes


def shown(data: bytes) -> Image.Image:
    picture = picture_of(data)
    assert picture is not None
    return Image.open(io.BytesIO(base64.b64decode(picture.removeprefix("data:image/jpeg;base64,"))))


def test_a_truncated_photo_is_shown_as_far_as_it_goes() -> None:
    data = image_bytes(size=(800, 600), quality=90)
    picture = shown(data[: len(data) // 2])
    assert max(picture.size) == SIDE
    whole = np.asarray(shown(data)).astype(int)
    cut = np.asarray(picture).astype(int)
    assert np.abs(whole[:20] - cut[:20]).mean() < 6
    assert np.abs(whole[-20:] - cut[-20:]).mean() > 20


def test_an_animation_shows_its_first_frame_in_its_colors() -> None:
    frames = [Image.new("RGB", (40, 30), color) for color in ((200, 30, 30), (30, 200, 30))]
    stream = io.BytesIO()
    frames[0].save(stream, "GIF", save_all=True, append_images=frames[1:])
    assert np.abs(np.asarray(shown(stream.getvalue()))[10, 10].astype(int) - (200, 30, 30)).max() < 12


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no image",
        b"\xff\xd8",
        image_bytes("PNG")[:60],
        raw.png_bomb(10_000, 10_000, 1, 0),
        raw.claimed_size(image_bytes(), 60_000, 60_000),
    ],
    ids=["empty", "text", "two bytes", "cut PNG", "bomb", "huge claim"],
)
def test_what_cannot_be_shown_has_no_picture(data: bytes) -> None:
    assert picture_of(data) is None


def test_colors_are_not_swapped() -> None:
    picture = np.asarray(shown(image_bytes(quality=95))).astype(int)
    assert np.abs(picture - any_rgb().astype(int)).mean() < 8
