"""torchvision transforms v2 on uint8 tensors with its own codecs, one thread."""

from __future__ import annotations

from pathlib import Path

import torch
from torchvision.io import decode_jpeg, encode_jpeg, read_file, write_file
from torchvision.transforms import v2

torch.set_num_threads(1)


class Engine:
    """A crop, one noisy copy, four variants."""

    def setup(self, files: list[Path], output: Path) -> None:
        self._output = output
        self._resize = v2.Compose([v2.Resize(224, antialias=True), v2.CenterCrop(224)])
        self._noise = v2.Compose(
            [v2.ToDtype(torch.float32, True), v2.GaussianNoise(0, 0.38), v2.ToDtype(torch.uint8, True)]
        )
        self._varied = v2.Compose(
            [
                v2.RandomHorizontalFlip(0.5),
                v2.RandomAffine(30, scale=(0.8, 1.2), interpolation=v2.InterpolationMode.BILINEAR),
                v2.ColorJitter(brightness=0.2, contrast=0.2),
                v2.RandomGrayscale(0.1),
            ]
        )

    def one(self, file: Path) -> None:
        small = self._resize(decode_jpeg(read_file(str(file))))
        made = [small, self._noise(small), *(self._varied(small) for _ in range(4))]
        for number, pixels in enumerate(made):
            write_file(str(self._output / f"{file.stem}~{number}.jpg"), encode_jpeg(pixels.contiguous(), 90))
