"""Draws a folder of minifigure-like faces with known answers: the demo's images, free of anybody's rights.

    python -m scripts.draw_faces FOLDER [--count 33] [--open-mouths 7] [--seed 7]

The same seed draws the same pixels. Beside the images stands the answer of each: `file,label` lines.
"""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from PIL import Image, ImageDraw, ImageFilter

from scripts import face_features as features

CANVAS = 1024
SIZE = 512
OPEN_LABEL = "mouth open"
CLOSED_LABEL = "mouth not open"
# Names as people's folders have them; the pipeline must take each of them as it is.
AWKWARD_NAMES = (
    "face 05 (birthday).jpg",
    "face_11_Zoë.jpg",
    "face_17.JPG",
    "face_23_o'brien.jpg",
    'face_28_"captain".jpeg',
)
BACKGROUNDS: tuple[features.Color, ...] = (
    (118, 190, 232),
    (244, 176, 132),
    (150, 206, 164),
    (206, 178, 230),
    (246, 216, 130),
    (232, 232, 226),
    (96, 120, 150),
    (240, 150, 160),
)


def file_name(index: int) -> str:
    """Name of the image number `index` (from 1): plain for most, awkward for a few."""
    for awkward in AWKWARD_NAMES:
        if awkward[5:7] == f"{index:02d}":
            return awkward
    return f"face_{index:02d}.jpg"


def draw_faces(folder: Path, answers: Path, *, count: int = 33, open_mouths: int = 7, seed: int = 7) -> list[Path]:
    """Draws `count` 512 x 512 JPEGs into `folder`, `open_mouths` of them with an open mouth, and writes the answers.

    Returns the paths in the order of their numbers.
    """
    if not 0 <= open_mouths <= count:
        raise ValueError(f"open_mouths is {open_mouths}, but must lie between 0 and count ({count})")
    folder.mkdir(parents=True, exist_ok=True)
    answers.parent.mkdir(parents=True, exist_ok=True)
    opened = set(_generator(seed).sample(range(1, count + 1), open_mouths))
    paths = []
    with answers.open("w", newline="", encoding="utf-8") as stream:
        table = csv.writer(stream)
        table.writerow(("file", "label"))
        for index in range(1, count + 1):
            rng = _generator(seed * 1_000_003 + index)
            path = folder / file_name(index)
            _photograph(rng, open_mouth=index in opened).save(path, "JPEG", quality=92)
            table.writerow((path.name, OPEN_LABEL if index in opened else CLOSED_LABEL))
            paths.append(path)
    return paths


def _generator(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 - pictures must repeat, not resist guessing


def _photograph(rng: random.Random, *, open_mouth: bool) -> Image.Image:
    """One face in front of a background, posed, lit and slightly noisy, as a camera would see it."""
    face = features.choose(rng, open_mouth=open_mouth)
    figure = _figure(face, rng).rotate(
        rng.uniform(-9, 9),
        resample=Image.Resampling.BICUBIC,
        center=(CANVAS // 2, 700),
        translate=(rng.randint(-50, 50), rng.randint(-20, 40)),
    )
    figure = figure.reduce(CANVAS // SIZE)
    picture = _background(rng)
    shadow = figure.getchannel("A").filter(ImageFilter.BoxBlur(12)).point(lambda alpha: alpha * 2 // 5)
    picture.paste((20, 16, 30), (rng.randint(7, 20), rng.randint(5, 13)), shadow)
    picture.paste(figure, (0, 0), figure)
    return _develop(picture, rng)


def _figure(face: features.Face, rng: random.Random) -> Image.Image:
    figure = Image.new("RGBA", (CANVAS, CANVAS), (0, 0, 0, 0))
    draw = ImageDraw.Draw(figure)
    left, top, right, bottom = features.HEAD
    draw.polygon(((300, 850), (724, 850), (820, 1100), (204, 1100)), fill=face.clothes)
    draw.polygon(((430, 850), (594, 850), (512, 940)), fill=features.shade(face.clothes, 0.7))
    draw.rounded_rectangle((400, 770, 624, 866), 30, fill=features.shade(face.skin, 0.8))
    draw.rounded_rectangle((406, 168, 618, 290), 26, fill=features.shade(face.skin, 0.93))
    draw.ellipse((406, 158, 618, 206), fill=features.shade(face.skin, 1.07))
    draw.rounded_rectangle((left, top, right, bottom), 130, fill=face.skin)
    _plastic(figure)
    draw = ImageDraw.Draw(figure)
    features.complexion(draw, face, rng)
    features.beard(draw, face, rng)
    features.eyes(draw, face.eyes)
    features.mouth(draw, face.mouth)
    features.glasses(draw, face.glasses)
    features.hair(draw, face)
    return figure


def _plastic(figure: Image.Image) -> None:
    """Rounds the head with light: bright at the left, dark at the right edge, one soft highlight."""
    left, top, right, bottom = features.HEAD
    across = np.linspace(0, 1, right - left, dtype=np.float32)
    light = 1.05 - 0.32 * across**2.4 - 0.12 * (1 - across) ** 6
    head = figure.crop(features.HEAD)
    pixels = np.asarray(head.convert("RGB")).astype(np.float32) * light[None, :, None]
    down = np.exp(-(((np.arange(bottom - top) - 150) / 120) ** 2))
    right_of = np.exp(-(((np.arange(right - left) - 118) / 62) ** 2))
    pixels += 46 * (down[:, None] * right_of[None, :])[..., None]
    figure.paste(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), (left, top), head.getchannel("A"))


def _background(rng: random.Random) -> Image.Image:
    color = rng.choice(BACKGROUNDS)
    down = np.linspace(1.12, 0.78, SIZE, dtype=np.float32)[:, None, None]
    pixels = np.clip(np.asarray(color, np.float32) * down, 0, 255).astype(np.uint8)
    picture = Image.fromarray(np.ascontiguousarray(np.broadcast_to(pixels, (SIZE, SIZE, 3))))
    draw = ImageDraw.Draw(picture)
    pattern = rng.choice(("plain", "studs", "lights"))
    if pattern == "studs":
        for x in range(-10, SIZE, 64):
            for y in range(-10, SIZE, 64):
                draw.ellipse((x + 11, y + 13, x + 48, y + 50), fill=features.shade(color, 0.74))
                draw.ellipse((x + 9, y + 9, x + 45, y + 45), fill=features.shade(color, 1.04))
    elif pattern == "lights":
        for _ in range(26):
            x, y, radius = rng.randint(0, SIZE), rng.randint(0, SIZE), rng.randint(10, 45)
            tint = features.shade(color, rng.uniform(1.02, 1.25))
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=tint)
    return picture.filter(ImageFilter.BoxBlur(5))


def _develop(picture: Image.Image, rng: random.Random) -> Image.Image:
    """Exposure, color temperature, a light from one side and sensor noise."""
    pixels = np.asarray(picture).astype(np.float32)
    warmth = rng.uniform(-0.05, 0.06)
    side = np.linspace(1 + rng.uniform(-0.16, 0.16), 1, SIZE, dtype=np.float32)[None, :, None]
    pixels *= side * rng.uniform(0.8, 1.1) * np.asarray((1 + warmth, 1, 1 - warmth), np.float32)
    grain = np.random.default_rng(rng.getrandbits(32)).normal(0, 3.0, pixels.shape)
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def main(
    folder: Annotated[Path, typer.Argument(help="Folder for the images; made if it is missing.")],
    count: Annotated[int, typer.Option(min=1, help="How many faces to draw.")] = 33,
    open_mouths: Annotated[int, typer.Option(min=0, help="How many of them have an open mouth.")] = 7,
    seed: Annotated[int, typer.Option(help="The same seed draws the same faces.")] = 7,
    answers: Annotated[
        Path | None, typer.Option(help="Where to write file,label lines [default: FOLDER/../answers.csv].")
    ] = None,
) -> None:
    """Draw minifigure-like faces with known answers."""
    target = answers or folder.parent / "answers.csv"
    paths = draw_faces(folder, target, count=count, open_mouths=open_mouths, seed=seed)
    print(f"Drew {len(paths)} faces into {folder}; the answers are in {target}.")


if __name__ == "__main__":
    typer.run(main)
