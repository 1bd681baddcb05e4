"""What JPEG does at the severity's quality."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from tests.support.builders.photos import any_bgrx
from tests.support.builders.steps import applied


@pytest.mark.parametrize(("severity", "quality"), list(enumerate((25, 18, 15, 10, 7), start=1)))
def test_it_is_what_pillow_makes_of_it(severity: int, quality: int) -> None:
    """But for single coefficients that the two encoders round the other way."""
    stream = io.BytesIO()
    Image.fromarray(any_bgrx()[..., 2::-1]).save(stream, "JPEG", quality=quality)
    with Image.open(stream) as image:
        expected = np.asarray(image).astype(int)
    assert np.abs(applied("jpeg_compression", any_bgrx(), severity=severity) - expected).mean() < 2
