"""A damaged file gives its reason and never a picture: not a torn one, not another file's."""

from __future__ import annotations

import io
import random
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import simplejpeg
from numpy.typing import NDArray
from PIL import Image

from augmentation.__main__ import main
from augmentation.errors import BadFile
from augmentation.image.reading.jpeg_headers import headers_of
from augmentation.image.reading.reader import Target, read_image
from augmentation.image.rejects import picture_of
from tests.hostile import raw
from tests.support.builders.photos import save_recipe

KINDS: dict[str, tuple[str, dict[str, object]]] = {
    "baseline JPEG": ("JPEG", {"quality": 88}),
    "progressive JPEG": ("JPEG", {"quality": 88, "progressive": True}),
    "PNG": ("PNG", {}),
    "WebP": ("WEBP", {}),
    "LZW TIFF": ("TIFF", {"compression": "tiff_lzw"}),
    "Deflate TIFF": ("TIFF", {"compression": "tiff_deflate"}),
    "GIF": ("GIF", {}),
}
LEAST_PSNR = 25.0
# Of a hundred. Where there is no checksum, a damaged code may by chance end where the whole one did.
WITHOUT_CHECKSUM = {"baseline JPEG": 1, "WebP": 1}


@lru_cache(maxsize=8)
def scene(seed: int) -> NDArray[np.uint8]:
    """Something like a photo, 400 x 300: soft shapes at all sizes, with grain."""
    rng = np.random.default_rng(seed)
    total = np.zeros((300, 400, 3))
    for size in (3, 6, 12, 25, 50):
        coarse = Image.fromarray(rng.integers(0, 256, (size, size, 3), np.uint8))
        total += np.asarray(coarse.resize((400, 300), Image.Resampling.BICUBIC)) / (1 + size / 12)
    total += rng.normal(0, 6, total.shape)
    low, high = total.min(), total.max()
    return ((total - low) * (255 / (high - low))).astype(np.uint8)


@lru_cache(maxsize=64)
def encoded(kind: str, seed: int) -> bytes:
    image_format, options = KINDS[kind]
    stream = io.BytesIO()
    Image.fromarray(scene(seed)).save(stream, image_format, **options)
    return stream.getvalue()


def psnr(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    error = np.mean((one[..., :3].astype(float) - other[..., :3]) ** 2)
    return 99.0 if error == 0 else float(10 * np.log10(255**2 / error))


def damaged(data: bytes, rng: random.Random) -> bytes:
    """512 bytes of noise, or 4,096 zeros, somewhere in the picture's data."""
    start = headers_of(data).scan + 14 if data[:2] == b"\xff\xd8" else 1000  # type: ignore[union-attr]
    body = rng.randbytes(512) if rng.random() < 0.5 else bytes(4096)
    place = rng.randrange(start, len(data) - len(body) - 2)
    return data[:place] + body + data[place + len(body) :]


@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_damages_of_each_kind_give_reasons_and_no_torn_pictures(kind: str) -> None:
    rng = random.Random(f"damage of a {kind}")
    torn = [(seed % 8, damaged(encoded(kind, seed % 8), rng)) for seed in range(100)]
    passed = [(seed, data, found) for seed, data in torn if (found := picture(data)) is not None]
    for _, data, found in passed:
        assert np.array_equal(read_image(data).pixels, found)
    bad = sum(psnr(found, read_image(encoded(kind, seed)).pixels) < LEAST_PSNR for seed, _, found in passed)
    assert bad <= WITHOUT_CHECKSUM.get(kind, 0)


def picture(data: bytes) -> NDArray[np.uint8] | None:
    try:
        return read_image(data).pixels
    except BadFile:
        return None


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_whole_is_read(kind: str) -> None:
    for seed in range(8):
        assert read_image(encoded(kind, seed)).pixels.shape == (300, 400, 4)


def hollow_jpeg() -> bytes:
    """libjpeg warns after its first scan and then gives up: TurboJPEG calls both a warning, and fills no buffer."""
    data = encoded("progressive JPEG", 1)
    first = data.index(b"\xff\xda")
    second = data.index(b"\xff\xda", first + 2)
    while data[second - 1 : second] == b"\xff":
        second -= 1
    between = data.rfind(b"\xff\xc4", first, second)
    end = between if between > 0 else second
    broken = bytearray(data[:end] + bytes(3) + data[end:])
    place = broken.index(b"\xff\xda", end)
    broken[place + 5] = 77  # a component that is not there
    return bytes(broken)


def test_a_hollow_jpeg_is_no_other_files_picture(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jpg").write_bytes(encoded("baseline JPEG", 2))
    (tmp_path / "in/b.jpg").write_bytes(hollow_jpeg())
    save_recipe(tmp_path / "small.yaml")
    words = ["--recipe", str(tmp_path / "small.yaml"), "--input", str(tmp_path / "in"), "--output"]
    assert main(["run", *words, str(tmp_path / "out"), "--loose-class", "any", "--processes", "1"]) == 0
    assert '"b.jpg"' in (tmp_path / "out/quarantine.jsonl").read_text()
    assert '"b.jpg"' not in (tmp_path / "out/manifest.jsonl").read_text()


def test_the_picture_of_a_reject_shows_nothing_of_an_earlier_photo() -> None:
    read_image(encoded("baseline JPEG", 2))
    shown = picture_of(hollow_jpeg())
    assert shown is None or picture_of(hollow_jpeg()) == shown
    header = raw.claimed_size(encoded("baseline JPEG", 3), 800, 600)[:700]
    assert picture_of(header) == picture_of(header)


@pytest.mark.parametrize("components", [1, 3])
@pytest.mark.parametrize("target", [None, Target(64, 64)])
def test_a_lossless_jpeg_is_read_and_never_scaled(components: int, target: Target | None) -> None:
    frame = read_image(raw.lossless_jpeg(1024, components), target)
    assert frame.pixels.shape == (1024, 1024, 4)
    assert np.all(frame.pixels[..., :3] == 128)


@pytest.mark.parametrize("components", [1, 3])
def test_a_lossless_jpeg_has_no_scaled_picture_as_a_reject(components: int) -> None:
    assert picture_of(raw.lossless_jpeg(1024, components)) is None


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_run_over_a_lossless_jpeg_ends_well(tmp_path: Path, processes: str) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.jpg").write_bytes(raw.lossless_jpeg(1024, 3))
    (tmp_path / "in/b.jpg").write_bytes(encoded("baseline JPEG", 1))
    save_recipe(tmp_path / "small.yaml")
    words = ["--recipe", str(tmp_path / "small.yaml"), "--input", str(tmp_path / "in"), "--output"]
    assert main(["run", *words, str(tmp_path / "out"), "--loose-class", "any", "--processes", processes]) == 0
    assert not (tmp_path / "out/quarantine.jsonl").read_text()


def test_scans_are_counted_whatever_the_sampling() -> None:
    progressive = raw.scan_bomb(encoded("progressive JPEG", 1), 300)
    sampling = progressive.index(b"\xff\xc2") + 11
    for factors in (0x22, 0x31, 0x13, 0x41):
        bomb = progressive[:sampling] + bytes([factors]) + progressive[sampling + 1 :]
        with pytest.raises(BadFile, match="scans; the limit is 100"):
            read_image(bomb)


@pytest.mark.parametrize("kind", ["CMYK", "unusual sampling"])
def test_damage_is_seen_in_kinds_that_pillow_decodes(kind: str) -> None:
    stream = io.BytesIO()
    Image.fromarray(scene(4)).convert("CMYK" if kind == "CMYK" else "RGB").save(stream, "JPEG", quality=88)
    whole = stream.getvalue()
    if kind != "CMYK":
        sampling = whole.index(b"\xff\xc0") + 11
        whole = whole[:sampling] + b"\x31" + whole[sampling + 1 :]  # what libjpeg decodes and TurboJPEG does not
        with pytest.raises(ValueError, match="subsampling"):
            simplejpeg.decode_jpeg(whole)
    start = whole.index(b"\xff\xda") + 2000
    with pytest.raises(BadFile, match="the JPEG is"):
        read_image(whole[:start] + bytes(4096) + whole[start + 4096 :])


def test_other_peoples_messages_do_not_reach_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    torn = encoded("LZW TIFF", 1)
    with pytest.raises(BadFile, match=r"the TIFF cannot be decoded \(LZWDecode|Using code not yet in table"):
        read_image(torn[:2000] + bytes(4096) + torn[6096:])
    assert capfd.readouterr().err == ""
