"""albumentations 2.0.8 as its documentation shows it: OpenCV's codecs, RGB, `Compose`; each photo decoded once."""

from __future__ import annotations

from pathlib import Path

import albumentations as alb
import cv2

cv2.setNumThreads(1)


class Engine:
    """A crop, one noisy copy, four variants."""

    def setup(self, files: list[Path], output: Path) -> None:
        self._output = output
        self._crop = alb.Compose([alb.SmallestMaxSize(224, interpolation=cv2.INTER_AREA), alb.CenterCrop(224, 224)])
        self._noise = alb.Compose([alb.GaussNoise(std_range=(0.38, 0.38), p=1)])
        self._varied = alb.Compose(
            [
                alb.HorizontalFlip(p=0.5),
                alb.Affine(rotate=(-30, 30), scale=(0.8, 1.2), border_mode=cv2.BORDER_REFLECT_101, p=1),
                alb.RandomBrightnessContrast(0.2, 0.2, p=1),
                alb.ToGray(p=0.1),
            ]
        )

    def one(self, file: Path) -> None:
        image = cv2.imread(str(file))
        if image is None:
            raise OSError(f"{file}: OpenCV cannot read it")
        small = self._crop(image=cv2.cvtColor(image, cv2.COLOR_BGR2RGB))["image"]
        made = [small, self._noise(image=small)["image"], *(self._varied(image=small)["image"] for _ in range(4))]
        for number, pixels in enumerate(made):
            encoded = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
            cv2.imwrite(str(self._output / f"{file.stem}~{number}.jpg"), encoded, [cv2.IMWRITE_JPEG_QUALITY, 90])
