"""Nothing but the codecs: scaled decode, and six encodes and writes of the very pixels that our engine makes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import simplejpeg

from augmentation.execution.graph import Execution
from augmentation.image.frame import Pixels
from augmentation.image.medium import decode_target
from augmentation.image.reading.reader import read_image
from bench.speed.engines.ours import plan_of

KEPT = 25  # files whose pixels are held, in turn


class Engine:
    """`one` does what no engine can leave out."""

    def setup(self, files: list[Path], output: Path) -> None:
        plan = plan_of(files)
        target = decode_target(plan.recipe)
        if target is None:
            raise ValueError("the recipe of the benchmark must begin with a crop")
        self._output = output
        self._side = target.width
        self._pixels: dict[Path, list[Pixels]] = {}
        for number, file in enumerate(files):
            if number < KEPT:
                run = Execution(plan.seed, file.name, plan.outputs(file.name))
                made = run.run(plan.recipe.steps, read_image(file.read_bytes(), target))
                self._pixels[file] = [one.media.pixels for one in made]
            else:
                self._pixels[file] = self._pixels[files[number % KEPT]]

    def one(self, file: Path) -> None:
        simplejpeg.decode_jpeg(file.read_bytes(), "BGRX", min_height=self._side, min_width=self._side, min_factor=1)
        for number, pixels in enumerate(self._pixels[file]):
            data = simplejpeg.encode_jpeg(
                np.ascontiguousarray(pixels), quality=90, colorspace="BGRX", colorsubsampling="420"
            )
            (self._output / f"{file.stem}~{number}.jpg").write_bytes(data)
