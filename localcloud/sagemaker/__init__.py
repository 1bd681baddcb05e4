"""SageMaker of the local cloud. `load` imports the modules that hold the operations; each registers its own."""

from __future__ import annotations

import importlib

# One line for each module that registers operations with `localcloud.sagemaker.api.operation`.
OPERATION_MODULES = (
    "localcloud.sagemaker.tags",
    "localcloud.sagemaker.studio",
    "localcloud.sagemaker.processing",
    "localcloud.ground_truth.operations",
)


def load() -> None:
    """Import every module of operations."""
    for name in OPERATION_MODULES:
        importlib.import_module(name)
