"""What changes a fingerprint, and how much: less than tells two pictures apart."""

from __future__ import annotations

import io
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from augmentation.image.fingerprint import DISTANCE, Words, are_near, distances, fingerprint, transposed, words_of
from scripts.draw_faces import draw_faces
from tests.support.builders.photos import textured


def chessboard() -> Image.Image:
    """Most of its frequencies are nothing but rounding."""
    return Image.fromarray(np.kron(np.indices((8, 8)).sum(axis=0) % 2 * 255, np.ones((25, 25))).astype(np.uint8))


def page() -> Image.Image:
    """Black lines of words on white: too fine to be seen at 64 pixels."""
    image, rng = Image.new("L", (400, 200), 255), np.random.default_rng(1)
    draw = ImageDraw.Draw(image)
    for top in range(10, 190, 9):
        left = 10
        while left < 380:
            width = int(rng.integers(4, 40))
            draw.rectangle([left, top, min(left + width, 390), top + 4], fill=0)
            left += width + 5
    return image


PICTURES: dict[str, Callable[[], Image.Image]] = {
    "textured": lambda: textured(0, 480, 360),
    "another": lambda: textured(1, 480, 360),
    "chessboard": chessboard,
    "page": page,
}


def words(image: Image.Image, quality: int | None = 90) -> Words:
    stream = io.BytesIO()
    image.convert("RGB").save(stream, "JPEG" if quality else "PNG", **({"quality": quality} if quality else {}))
    found = fingerprint(stream.getvalue())
    assert found is not None
    return words_of(bytes.fromhex(found))


def distance(left: Words, right: Words) -> int:
    return int(min(distances(way, right)[0] for way in ways(left)))


def ways(one: Words) -> tuple[Words, Words]:
    return one, transposed(one)


def scaled(image: Image.Image, factor: float) -> Image.Image:
    return image.resize((round(image.width * factor), round(image.height * factor)), Image.Resampling.LANCZOS)


@pytest.mark.parametrize("name", PICTURES)
def test_saving_again_and_scaling_is_far_within_the_limit(name: str) -> None:
    image = PICTURES[name]()
    plain = words(image)
    copies = [words(image, 40), words(scaled(image, 1 / 2)), words(scaled(image, 1 / 3)), words(scaled(image, 2))]
    assert max(distance(plain, copy) for copy in copies) < DISTANCE * 3 / 4
    assert all(are_near(plain, copy)[0] for copy in copies)


@pytest.mark.parametrize("name", ["textured", "another"])
def test_a_crop_of_two_percent_on_every_side_is_within_the_limit(name: str) -> None:
    image = PICTURES[name]()
    edge = image.width // 50, image.height // 50
    cropped = image.crop((*edge, image.width - edge[0], image.height - edge[1]))
    assert 8 < distance(words(image), words(cropped)) <= DISTANCE


@pytest.mark.parametrize("turns", range(4))
@pytest.mark.parametrize("name", PICTURES)
def test_mirrored_and_turned_copies_are_hardly_further_than_copies(name: str, turns: int) -> None:
    image = PICTURES[name]()
    plain = words(image)
    turned = image.rotate(90 * turns, expand=True)
    assert distance(plain, words(turned)) < DISTANCE / 2
    assert distance(plain, words(ImageOps.mirror(turned))) < DISTANCE / 2


def test_the_rows_that_are_columns_are_known_from_the_bits() -> None:
    image = textured(2, 480, 360)
    across = image.transpose(Image.Transpose.TRANSPOSE)
    assert np.bitwise_count(transposed(words(image, None)) ^ words(across, None)).sum() <= 4
    assert np.array_equal(transposed(transposed(words(image))), words(image))


def test_faces_on_one_background_stay_apart(tmp_path: Path) -> None:
    files = draw_faces(tmp_path / "faces", tmp_path / "answers.csv", count=33)
    faces = [words_of(bytes.fromhex(str(fingerprint(file.read_bytes())))) for file in files]
    assert min(distance(one, other) for one, other in combinations(faces, 2)) > DISTANCE


def test_the_first_bit_tells_it_from_fingerprints_of_earlier_versions() -> None:
    assert int(words(textured(3))[0, 0]) >> 63 == 1


def test_blurred_photos_are_not_taken_for_one_another() -> None:
    """They have few frequencies, and nothing but noise above; what is too smooth has no fingerprint."""
    blurred = [
        textured(seed, 480, 360).filter(ImageFilter.GaussianBlur(radius)) for seed in range(20) for radius in (36,)
    ]
    hashes = [words(image) for image in blurred]
    assert min(distance(one, other) for one, other in combinations(hashes, 2)) <= DISTANCE
    pairs = [pair for pair in combinations(hashes, 2) if any(are_near(way, pair[1])[0] for way in ways(pair[0]))]
    assert len(pairs) <= 1
    assert all(are_near(one, words(image, 40))[0] for one, image in zip(hashes, blurred, strict=True))


def test_smooth_shades_have_no_fingerprint() -> None:
    across = np.linspace(0, 255, 200)[None, :] * np.ones((150, 1))
    stream = io.BytesIO()
    Image.fromarray(across.astype(np.uint8)).save(stream, "JPEG")
    assert fingerprint(stream.getvalue()) is None


def test_a_picture_of_one_color_has_no_fingerprint() -> None:
    stream = io.BytesIO()
    Image.new("RGB", (80, 60), (90, 120, 30)).save(stream, "JPEG")
    assert fingerprint(stream.getvalue()) is None
