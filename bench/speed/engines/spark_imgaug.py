"""Spark with imgaug on two cores: a stand-in for Data Wrangler, whose image steps run imgaug on Spark.

As there, each step is a function over a column of images, and each drop-off point is computed from the files on: three
exports are three jobs of one session.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - Spark's own custom
from pyspark.sql.types import BinaryType

SIDE, VARIANTS = 224, 4


def augmenters() -> Any:
    """imgaug, in Spark's Python workers, which keep their imports between tasks."""
    import numpy

    if not hasattr(numpy, "sctypes"):  # imgaug 0.4 asks numpy 1 for it
        kinds = {"int": "bhiq", "uint": "BHIQ", "float": "efd", "complex": "FD", "others": "?"}
        types = {kind: [numpy.dtype(code).type for code in codes] for kind, codes in kinds.items()}
        setattr(numpy, "sctypes", types)  # noqa: B010 - numpy 2 does not declare it
    from imgaug import augmenters as iaa

    return iaa


def resize_crop(content: bytes) -> bytes:
    import cv2
    import numpy

    cv2.setNumThreads(1)
    image = cv2.imdecode(numpy.frombuffer(content, numpy.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise ValueError("OpenCV cannot read the file")
    side = min(image.shape[:2])
    top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
    square = image[top : top + side, left : left + side]
    return bytes(cv2.resize(square, (SIDE, SIDE), interpolation=cv2.INTER_AREA))


def step(make: Callable[[Any], Any]) -> Any:
    """An imgaug augmenter as a step of a flow: bytes of SIDE x SIDE x 3 pixels in and out."""

    def apply(data: bytes) -> bytes:
        import numpy

        pixels = numpy.frombuffer(data, numpy.uint8).reshape(SIDE, SIDE, 3)
        return bytes(numpy.ascontiguousarray(make(augmenters())(image=pixels)))

    return F.udf(apply, BinaryType()).asNondeterministic()


def write(rows: Any, output: str, export: str) -> None:
    """Writes a partition's images."""
    import cv2
    import numpy

    for row in rows:
        pixels = numpy.frombuffer(row.image, numpy.uint8).reshape(SIDE, SIDE, 3)
        name = f"{output}/{Path(row.path).stem}~{export}~{row.variant}.jpg"
        cv2.imwrite(name, pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])


class Engine:
    """One Spark session, warm, on two cores."""

    def setup(self, files: list[Path], output: Path) -> None:
        self._output = str(output)
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.memory": "4g",  # of 1 GB, large photos leave nothing, and Spark then waits for ever
            # A partition for each core: many small ones would cost Spark more than the work.
            "spark.sql.files.openCostInBytes": "0",
        }
        builder: Any = SparkSession.builder
        self._spark = builder.master("local[2]").appName("bench").config(map=settings).getOrCreate()
        self._spark.sparkContext.setLogLevel("ERROR")

    def one(self, file: Path) -> None:
        self.every([file])

    def every(self, files: list[Path]) -> None:
        content = self._spark.read.format("binaryFile").load([str(file) for file in files])
        resize = F.udf(resize_crop, BinaryType())
        small = content.select("path", resize("content").alias("image"), F.lit(0).alias("variant"))
        self._export("resize", small)
        self._export("noise", _then(small, lambda iaa: iaa.AdditiveGaussianNoise(scale=0.38 * 255, per_channel=True)))
        varied = small.withColumn("variant", F.explode(F.array([F.lit(number) for number in range(VARIANTS)])))
        for make in (
            lambda iaa: iaa.Fliplr(0.5),
            lambda iaa: iaa.Affine(rotate=(-30, 30), scale=(0.8, 1.2), mode="reflect"),
            lambda iaa: iaa.LinearContrast((0.8, 1.2)),
            lambda iaa: iaa.Add((-51, 51)),
            lambda iaa: iaa.Sometimes(0.1, iaa.Grayscale(1.0)),
        ):
            varied = _then(varied, make)
        self._export("varied", varied)

    def _export(self, name: str, images: Any) -> None:
        output = self._output
        images.foreachPartition(lambda rows: write(rows, output, name))


def _then(images: Any, make: Callable[[Any], Any]) -> Any:
    return images.withColumn("image", step(make)("image"))
