"""Makes the labeling back ends that a stage has; nobody else makes one."""

from __future__ import annotations

import importlib
from collections.abc import Sequence

from domain.errors import InvalidSettings
from domain.labeling.port import BACKENDS, Labeler, Listener
from domain.workflow.ports import ObjectStore


def make_labeler(name: str, deployed: Sequence[str], store: ObjectStore) -> Labeler:
    """The back end in `labelers/<name>/backend.py`: its `make(store)` reads the environment that it needs.

    Raises:
        InvalidSettings: there is no such back end or the stage does not have it, or a variable of its own is missing.
    """
    if name not in BACKENDS:
        raise InvalidSettings(f"LABELERS: there is no labeling back end {name!r}; there are {', '.join(BACKENDS)}")
    if name not in deployed:
        raise InvalidSettings(
            f"LABELERS: this stage has no labeling back end {name!r} (any more), only {', '.join(deployed)}; deploy it "
            "again with that one"
        )
    labeler: Labeler = importlib.import_module(f"labelers.{name}.backend").make(store)
    return labeler


def make_listener(name: str, store: ObjectStore) -> Listener:
    """What listens for the back end's server, as `make_listener(store)` of the same module makes it.

    Raises:
        InvalidSettings: a variable is missing.
    """
    listener: Listener = importlib.import_module(f"labelers.{name}.backend").make_listener(store)
    return listener
