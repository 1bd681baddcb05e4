"""A model that makes a vector of a picture, run by onnxruntime."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from augmentation.embedding import lite0
from augmentation.embedding.weights import read_checkpoint, shipped_checkpoint
from augmentation.errors import UsageError

Vectors = NDArray[np.float32]
"""n x d, each row of length 1: the product of two is the cosine of the angle between them."""


@dataclass(frozen=True)
class EmbeddingModel:
    """An ONNX model whose input is n x 3 x side x side, RGB as (value - mean) / scale.

    `output` names the output that is the embedding; without it there must be one only.
    """

    content: bytes = field(repr=False)
    side: int = lite0.SIDE
    mean: tuple[float, ...] = (lite0.MEAN,)
    scale: tuple[float, ...] = (lite0.SCALE,)
    output: str = ""

    @cached_property
    def digest(self) -> str:
        """Of all that the vectors depend on."""
        told = f"{self.side} {self.mean} {self.scale} {self.output}"
        return hashlib.sha256(self.content + told.encode()).hexdigest()

    @cached_property
    def _session(self) -> Any:
        """Made where it is used: a process that is forked cannot use its parent's."""
        try:
            import onnxruntime
        except ModuleNotFoundError as error:
            raise UsageError("embeddings need onnxruntime: `make setup` brings it") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # a process a core
        options.log_severity_level = 3
        try:
            return onnxruntime.InferenceSession(self.content, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own exceptions have no base of their own
            raise UsageError(f"the embedding's model cannot be used: {str(error).splitlines()[0]}") from error

    def embed(self, pictures: Sequence[NDArray[np.uint8]]) -> Vectors:
        """`pictures`: side x side x 3 each, RGB. Raises UsageError: the model has no such input or output."""
        pixels = np.stack(pictures).astype(np.float32)
        values = (pixels - np.asarray(self.mean, np.float32)) / np.asarray(self.scale, np.float32)
        names = [one.name for one in self._session.get_outputs()]
        if self.output not in names and (self.output or len(names) > 1):
            raise UsageError(
                f"the embedding's model has the outputs {', '.join(names)}; say which one is the embedding"
            )
        wanted = [self.output or names[0]]
        try:
            (found,) = self._session.run(wanted, {self._session.get_inputs()[0].name: values.transpose(0, 3, 1, 2)})
        except Exception as error:
            raise UsageError(f"the embedding's model does not take the input: {str(error).splitlines()[0]}") from error
        rows = found.reshape(len(pictures), -1).astype(np.float32)
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12)))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_session"}


def shipped_model() -> EmbeddingModel:
    """EfficientNet-Lite0, built in half a second. Raises UsageError: its packages are not there."""
    weights = read_checkpoint(shipped_checkpoint())
    try:
        return EmbeddingModel(lite0.build(weights))
    except ModuleNotFoundError as error:
        raise UsageError("embeddings need onnx: `make setup` brings it") from error


def model_of(file: Path | None, **how: Any) -> EmbeddingModel:
    """The shipped one, or the user's own; `how` as in EmbeddingModel. Raises UsageError."""
    if file is None:
        return shipped_model()
    try:
        return EmbeddingModel(file.read_bytes(), **how)
    except OSError as error:
        raise UsageError(f"--embedding {file}: cannot be read ({error.strerror})") from error
