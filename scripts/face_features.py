"""What a drawn minifigure face is made of: mouths, eyes, hair, glasses; each one drawn on a 1024 x 1024 canvas.

The head is a rounded box of `HEAD` pixels; every feature is placed relative to it, so that a pose moves all of them.
"""

from __future__ import annotations

import random
from typing import NamedTuple

from PIL import ImageDraw

Color = tuple[int, int, int]
INK: Color = (38, 28, 26)
HEAD = (262, 250, 762, 800)  # left, top, right, bottom
CENTER = (HEAD[0] + HEAD[2]) // 2
EYE_LINE = 470
MOUTH_LINE = 640

SKINS: tuple[Color, ...] = (
    (250, 205, 49),
    (247, 196, 28),
    (252, 214, 80),
    (236, 184, 122),
    (190, 128, 84),
    (120, 78, 52),
)
HAIR_COLORS: tuple[Color, ...] = (
    (58, 38, 27),
    (122, 72, 34),
    (30, 28, 30),
    (214, 156, 60),
    (168, 62, 28),
    (205, 205, 208),
    (92, 44, 120),
)
CLOTHES: tuple[Color, ...] = (
    (196, 40, 34),
    (24, 92, 168),
    (36, 128, 74),
    (244, 244, 238),
    (44, 46, 54),
    (240, 142, 32),
    (108, 60, 140),
)


def shade(color: Color, factor: float) -> Color:
    """`color` made darker (factor < 1) or lighter (factor > 1), clipped to 0-255."""
    red, green, blue = (max(0, min(255, round(channel * factor))) for channel in color)
    return red, green, blue


class Face(NamedTuple):
    """One drawn choice of everything; `mouth` decides the label."""

    skin: Color
    hair_color: Color
    clothes: Color
    mouth: str
    eyes: str
    hair: str
    glasses: str
    beard: str
    cheeks: bool
    freckles: bool


OPEN_MOUTHS = ("laugh", "gasp", "shout", "grin")
CLOSED_MOUTHS = ("smile", "smirk", "flat", "frown", "lips")


def choose(rng: random.Random, *, open_mouth: bool) -> Face:
    """A face with an open or a closed mouth; nothing else depends on the mouth, or gives it away."""
    return Face(
        skin=rng.choice(SKINS[:3] if rng.random() < 0.7 else SKINS[3:]),
        hair_color=rng.choice(HAIR_COLORS),
        clothes=rng.choice(CLOTHES),
        mouth=rng.choice(OPEN_MOUTHS if open_mouth else CLOSED_MOUTHS),
        eyes=rng.choice(("dots", "dots", "wide", "sleepy", "wink")),
        hair=rng.choice(("none", "short", "bob", "cap", "spikes", "beanie")),
        glasses=rng.choice(("none", "none", "none", "round", "square", "shades")),
        beard=rng.choice(("none", "none", "none", "stubble", "moustache")),
        cheeks=rng.random() < 0.35,
        freckles=rng.random() < 0.25,
    )


def mouth(draw: ImageDraw.ImageDraw, kind: str) -> None:
    x, y = CENTER, MOUTH_LINE
    if kind == "smile":
        draw.arc((x - 110, y - 90, x + 110, y + 60), 25, 155, fill=INK, width=15)
    elif kind == "smirk":
        draw.arc((x - 70, y - 80, x + 130, y + 40), 30, 140, fill=INK, width=15)
    elif kind == "flat":
        draw.rounded_rectangle((x - 85, y - 7, x + 85, y + 8), 8, fill=INK)
    elif kind == "frown":
        draw.arc((x - 95, y - 10, x + 95, y + 110), 210, 330, fill=INK, width=15)
    elif kind == "lips":
        draw.ellipse((x - 72, y - 20, x + 72, y + 26), fill=(186, 52, 56))
        draw.line((x - 76, y + 2, x + 76, y + 2), fill=(110, 24, 30), width=9)
    else:
        _open_mouth(draw, kind)


def _open_mouth(draw: ImageDraw.ImageDraw, kind: str) -> None:
    x, y = CENTER, MOUTH_LINE
    inside, tongue, teeth = (92, 16, 22), (222, 82, 84), (252, 252, 248)
    if kind == "gasp":
        draw.ellipse((x - 58, y - 62, x + 58, y + 84), fill=inside, outline=INK, width=12)
        draw.chord((x - 40, y + 6, x + 40, y + 92), 180, 360, fill=tongue)
    elif kind == "shout":
        draw.rounded_rectangle((x - 112, y - 66, x + 112, y + 82), 54, fill=inside, outline=INK, width=12)
        draw.rounded_rectangle((x - 84, y - 54, x + 84, y - 22), 12, fill=teeth)
        draw.ellipse((x - 60, y + 20, x + 60, y + 74), fill=tongue)
    elif kind == "laugh":
        draw.chord((x - 128, y - 150, x + 128, y + 96), 0, 180, fill=inside, outline=INK, width=12)
        draw.rectangle((x - 104, y - 24, x + 104, y + 4), fill=teeth)
        draw.chord((x - 62, y + 26, x + 62, y + 116), 180, 360, fill=tongue)
    else:
        draw.chord((x - 132, y - 120, x + 132, y + 74), 0, 180, fill=teeth, outline=INK, width=12)
        draw.chord((x - 92, y - 40, x + 92, y + 64), 12, 168, fill=inside)


def eyes(draw: ImageDraw.ImageDraw, kind: str) -> None:
    for side in (-1, 1):
        x, y = CENTER + side * 104, EYE_LINE
        if kind == "wide":
            draw.ellipse((x - 46, y - 48, x + 46, y + 48), fill=(252, 252, 250), outline=INK, width=8)
        if kind == "wink" and side == 1:
            draw.arc((x - 44, y - 20, x + 44, y + 40), 200, 340, fill=INK, width=14)
        else:
            draw.ellipse((x - 28, y - 34, x + 28, y + 34), fill=INK)
            draw.ellipse((x - 4, y - 24, x + 16, y - 4), fill=(255, 255, 255))
        lid = -34 if kind == "sleepy" else -70
        draw.arc((x - 50, y + lid - 22, x + 50, y + lid + 46), 205 + side * 8, 335 + side * 8, fill=INK, width=13)


def glasses(draw: ImageDraw.ImageDraw, kind: str) -> None:
    if kind == "none":
        return
    for side in (-1, 1):
        x, y = CENTER + side * 104, EYE_LINE
        box = (x - 86, y - 72, x + 86, y + 74)
        if kind == "round":
            draw.ellipse(box, outline=INK, width=14)
        elif kind == "square":
            draw.rounded_rectangle(box, 26, outline=(150, 36, 34), width=16)
        else:
            draw.rounded_rectangle(box, 40, fill=(24, 28, 36), outline=INK, width=10)
            draw.line((x - 40, y - 20, x + 4, y - 46), fill=(120, 136, 160), width=12)
        draw.line((x + side * 84, y - 10, CENTER + side * 246, y - 24), fill=INK, width=12)
    draw.arc((CENTER - 30, EYE_LINE - 34, CENTER + 30, EYE_LINE + 20), 190, 350, fill=INK, width=13)


def beard(draw: ImageDraw.ImageDraw, face: Face, rng: random.Random) -> None:
    if face.beard == "moustache":
        for side in (-1, 1):
            start, end = (90, 200) if side == -1 else (340, 450)
            draw.pieslice(
                (CENTER - 95 + side * 55, 545, CENTER + 95 + side * 55, 625), start, end, fill=face.hair_color
            )
        draw.ellipse((CENTER - 80, 560, CENTER + 80, 600), fill=face.hair_color)
    elif face.beard == "stubble":
        for _ in range(170):
            y = rng.triangular(650, 785, 745)
            x = rng.uniform(-1, 1) * (236 - max(0.0, y - 690) * 0.9) + CENTER
            draw.ellipse((x - 4, y - 4, x + 4, y + 4), fill=shade(face.skin, 0.62))


def complexion(draw: ImageDraw.ImageDraw, face: Face, rng: random.Random) -> None:
    for side in (-1, 1):
        x = CENTER + side * 165
        if face.cheeks:
            draw.ellipse((x - 48, 556, x + 48, 620), fill=shade((236, 118, 96), max(0.6, face.skin[0] / 255)))
        if face.freckles:
            for _ in range(7):
                dx, dy = rng.randint(-42, 42), rng.randint(-22, 22)
                draw.ellipse((x + dx - 6, 585 + dy - 6, x + dx + 6, 585 + dy + 6), fill=shade(face.skin, 0.72))


def hair(draw: ImageDraw.ImageDraw, face: Face) -> None:
    left, top, right, _ = HEAD
    color, dark = face.hair_color, shade(face.hair_color, 0.72)
    if face.hair in ("short", "bob"):
        draw.pieslice((left - 26, top - 96, right + 26, top + 330), 180, 360, fill=color)
        draw.pieslice((left + 10, top + 2, right + 200, top + 300), 180, 262, fill=dark)
        length = 470 if face.hair == "bob" else 190
        for x in (left - 26, right - 44):
            draw.rounded_rectangle((x, top + 90, x + 70, top + length), 32, fill=color)
    elif face.hair == "spikes":
        for index in range(7):
            x = left - 10 + index * 76
            draw.polygon(
                ((x - 30, top + 110), (x + 32, top - 120 + abs(index - 3) * 26), (x + 100, top + 110)), fill=color
            )
    elif face.hair in ("cap", "beanie"):
        cloth = shade(face.clothes, 0.9)
        draw.pieslice((left - 18, top - 110, right + 18, top + 330), 180, 360, fill=cloth)
        if face.hair == "cap":
            draw.rounded_rectangle((left - 18, top + 82, right + 150, top + 124), 22, fill=shade(cloth, 0.7))
        else:
            draw.rounded_rectangle((left - 30, top + 56, right + 30, top + 140), 38, fill=shade(cloth, 1.25))
            draw.ellipse((CENTER - 56, top - 170, CENTER + 56, top - 62), fill=shade(cloth, 1.25))
