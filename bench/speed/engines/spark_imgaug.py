"""Spark with imgaug on two cores: a stand-in for Data Wrangler, whose image steps run imgaug on Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession


def work_off(path: str, output: str) -> int:
    """Runs in Spark's Python workers, which keep their imports between tasks."""
    import cv2
    import numpy

    if not hasattr(numpy, "sctypes"):  # imgaug 0.4 asks numpy 1 for it
        kinds = {"int": "bhiq", "uint": "BHIQ", "float": "efd", "complex": "FD", "others": "?"}
        types = {kind: [numpy.dtype(code).type for code in codes] for kind, codes in kinds.items()}
        setattr(numpy, "sctypes", types)  # noqa: B010 - numpy 2 does not declare it
    from imgaug import augmenters as iaa

    cv2.setNumThreads(1)
    image = cv2.imread(path)
    if image is None:
        raise OSError(f"{path}: OpenCV cannot read it")
    side = min(image.shape[:2])
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    small = cv2.resize(image[top : top + side, left : left + side], (224, 224), interpolation=cv2.INTER_AREA)
    noise: Any = iaa.AdditiveGaussianNoise(scale=0.38 * 255, per_channel=True)
    varied: Any = iaa.Sequential(
        [
            iaa.Fliplr(0.5),
            iaa.Affine(rotate=(-30, 30), scale=(0.8, 1.2), mode="reflect"),
            iaa.LinearContrast((0.8, 1.2)),
            iaa.Add((-51, 51)),
            iaa.Grayscale(1.0) if hash(path) % 10 == 0 else iaa.Identity(),
        ]
    )
    for number, pixels in enumerate([small, noise(image=small), *(varied(image=small) for _ in range(4))]):
        cv2.imwrite(f"{output}/{Path(path).stem}~{number}.jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])
    return 1


class Engine:
    """One Spark session, warm; each call distributes the files over both cores."""

    def setup(self, files: list[Path], output: Path) -> None:
        self._output = str(output)
        builder: Any = SparkSession.builder
        session = builder.master("local[2]").config("spark.ui.enabled", "false").appName("bench").getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        self._spark = session.sparkContext

    def one(self, file: Path) -> None:
        self.every([file])

    def every(self, files: list[Path]) -> None:
        output = self._output
        names = self._spark.parallelize([str(file) for file in files], 4)
        names.map(lambda name: work_off(name, output)).sum()
