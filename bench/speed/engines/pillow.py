"""Pillow with `draft`, its scaled decode, and numpy for the noise."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance, ImageOps


class Engine:
    """A crop, one noisy copy, four variants."""

    def setup(self, files: list[Path], output: Path) -> None:
        self._output = output
        self._draws = random.Random(7)  # noqa: S311 - repeatable on purpose
        self._noise = np.random.default_rng(7)

    def one(self, file: Path) -> None:
        with Image.open(file) as image:
            image.draft("RGB", (224, 224))
            small = ImageOps.fit(image.convert("RGB"), (224, 224), Image.Resampling.BILINEAR)
        noisy = np.asarray(small) + self._noise.normal(0, 0.38 * 255, (224, 224, 3))
        made = [small, Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))]
        for number, picture in enumerate([*made, *(self._varied(small) for _ in range(4))]):
            picture.save(self._output / f"{file.stem}~{number}.jpg", quality=90)

    def _varied(self, image: Image.Image) -> Image.Image:
        if self._draws.random() < 0.5:
            image = ImageOps.mirror(image)
        side = 224 / self._draws.uniform(0.8, 1.2)
        low, high = (224 - side) / 2, (224 + side) / 2
        image = image.rotate(self._draws.uniform(-30, 30), Image.Resampling.BILINEAR)
        corners = (low, low, high, high)
        image = image.transform((224, 224), Image.Transform.EXTENT, corners, Image.Resampling.BILINEAR)
        image = ImageEnhance.Brightness(image).enhance(self._draws.uniform(0.8, 1.2))
        image = ImageEnhance.Contrast(image).enhance(self._draws.uniform(0.8, 1.2))
        return image.convert("L").convert("RGB") if self._draws.random() < 0.1 else image
