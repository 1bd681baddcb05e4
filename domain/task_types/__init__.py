"""What Kempelen can ask people to do: each folder here is a task type, its `TYPE`."""

from __future__ import annotations

import importlib
import pkgutil

from domain.errors import InvalidInput
from domain.task_types.model import TaskType

_FOLDERS = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.ispkg)
_FOUND: list[TaskType] = [importlib.import_module(f"{__name__}.{folder}").TYPE for folder in _FOLDERS]
TASK_TYPES = {found.name: found for found in _FOUND}


def task_type(name: str) -> TaskType:
    """The task type of this name.

    Raises:
        InvalidInput: there is no such type; the message lists those that there are.
    """
    if name not in TASK_TYPES:
        raise InvalidInput(f"task.type: {name!r} is not supported yet; supported: {', '.join(sorted(TASK_TYPES))}")
    return TASK_TYPES[name]
