"""Sizes by headers: those of the decoded, upright image."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from augmentation.errors import BadImage
from augmentation.image.reading.reader import read_image
from augmentation.image.reading.size import upright_size


def an_image(kind: str, orientation: int = 1, mode: str = "RGB") -> bytes:
    exif, file = Image.Exif(), io.BytesIO()
    exif[0x0112] = orientation
    told = {} if kind in ("BMP", "GIF") else {"exif": exif}
    Image.new(mode, (33, 20), 5).save(file, kind, **told)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF"])
@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_it_is_what_the_reader_makes_of_the_image(kind: str, orientation: int) -> None:
    data = an_image(kind, orientation)
    height, width = read_image(data).pixels.shape[:2]
    assert upright_size(data) == (width, height)
    assert upright_size(data) == ((20, 33) if orientation >= 5 and kind not in ("BMP", "GIF") else (33, 20))


def test_a_photo_is_not_decoded() -> None:
    """So damage behind the header costs no size."""
    data = an_image("JPEG")
    assert upright_size(data[:-8]) == (33, 20)


@pytest.mark.parametrize("data", [b"", b"no image", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", an_image("WEBP")[:40]])
def test_what_is_no_image_is_refused(data: bytes) -> None:
    with pytest.raises(BadImage):
        upright_size(data)


def test_an_image_without_pixels_is_refused() -> None:
    data = an_image("JPEG")
    place = data.index(b"\xff\xc0") + 5
    with pytest.raises(BadImage, match="33 x 0 pixels"):
        upright_size(data[:place] + b"\x00\x00" + data[place + 2 :])
