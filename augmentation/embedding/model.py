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

from augmentation.embedding import lite
from augmentation.embedding.packages import lacking
from augmentation.embedding.weights import read_checkpoint, shipped_checkpoint
from augmentation.errors import UsageError
from augmentation.files import read_text
from domain.errors import InvalidInput
from domain.workflow.embedding_model import card_name, read_card

Vectors = NDArray[np.float32]
"""n x d, each row of length 1: the product of two is the cosine of the angle between them."""


@dataclass(frozen=True)
class EmbeddingModel:
    """An ONNX model whose input is n x 3 x side x side, RGB as (value - mean) / scale.

    `output` names the output that is the embedding; without it there must be one only.
    """

    content: bytes = field(repr=False)
    side: int = lite.SIDE
    mean: tuple[float, ...] = (lite.MEAN,)
    scale: tuple[float, ...] = (lite.SCALE,)
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
            raise UsageError(lacking("the embedding", "onnxruntime")) from error
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
        given = self._session.get_inputs()[0]
        step = 1 if given.shape[:1] == [1] else len(pictures)  # exported for one picture at a time
        planes = values.transpose(0, 3, 1, 2)
        try:
            batches = [planes[place : place + step] for place in range(0, len(pictures), step)]
            found = np.concatenate([self._session.run(wanted, {given.name: batch})[0] for batch in batches])
        except Exception as error:
            raise UsageError(f"the embedding's model does not take the input: {str(error).splitlines()[0]}") from error
        if len(found) != len(pictures):
            raise UsageError(f"the embedding's model gives {len(found)} vectors for {len(pictures)} pictures")
        rows = found.reshape(len(pictures), -1).astype(np.float32)
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), np.float32(1e-12)))

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "_session"}


def shipped_model() -> EmbeddingModel:
    """EfficientNet-Lite1 and 2, built in a second. Raises UsageError: their packages are not there."""
    weights = [read_checkpoint(shipped_checkpoint(network.package)) for network in lite.NETWORKS]
    try:
        return EmbeddingModel(lite.build(weights))
    except ModuleNotFoundError as error:
        raise UsageError(lacking("the embedding", "onnx")) from error


def model_of(file: Path | None) -> EmbeddingModel:
    """The shipped one, or the user's own ONNX `file` as its card beside it says (domain/workflow/embedding_model.py).

    Raises:
        UsageError: a file cannot be read, the card is wrong or one of another file, or the model does not make a vector
            of a picture; the message names the file.
    """
    if file is None:
        return shipped_model()
    beside = file.with_name(card_name(file.name))
    try:
        content, card = file.read_bytes(), read_card(read_text(beside, "model's card"), f"--embedding {beside}")
    except OSError as error:
        raise UsageError(f"--embedding {file}: cannot be read ({error.strerror})") from error
    except InvalidInput as error:
        raise UsageError(str(error)) from error
    found = hashlib.sha256(content).hexdigest()
    if found != card.sha256:
        raise UsageError(
            f"--embedding {file}: its SHA-256 is {found}, and its card says {card.sha256}; write the right one into "
            f"{beside.name}, if this is the model that you mean"
        )
    model = EmbeddingModel(content, card.side, card.mean, card.scale, card.output)
    try:
        model.embed([np.zeros((card.side, card.side, 3), np.uint8)] * 2)
    except UsageError as error:
        raise UsageError(f"--embedding {file}: {error}; what it takes and gives stands in {beside.name}") from error
    finally:
        vars(model).pop("_session", None)  # a process that is forked cannot use it
    return model
