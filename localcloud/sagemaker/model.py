"""SageMaker's own service model, as botocore carries it: what a request must look like and what an answer may hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

SERVICE = ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")

_TYPES: dict[str, tuple[type, ...]] = {
    "structure": (dict,),
    "map": (dict,),
    "list": (list,),
    "string": (str,),
    "integer": (int,),
    "long": (int,),
    "float": (int, float),
    "double": (int, float),
    "timestamp": (int, float, str),
    "boolean": (bool,),
    "blob": (str, bytes),
}
# SageMaker's patterns are Java's; Python's `re` has no Unicode property classes (\p{L}).
_JAVA_CLASSES = {r"\p{L}": r"\w", r"\p{M}": "", r"\p{N}": r"\d", r"\p{Z}": r"\s", r"\p{Alnum}": "a-zA-Z0-9"}
_MISPLACED_END = re.compile(r"\$\{\d+,\d+\}$")  # "(…)${1,128}" in the patterns of tags: the length is a rule of its own
_JAVA_SYMBOLS = (r"\p{S}", r"\p{P}")


def operation_model(name: str) -> OperationModel:
    """Raise botocore's OperationNotFoundError for a name that SageMaker does not have."""
    return SERVICE.operation_model(name)


@cache
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A Java pattern as Python's, or None where Python cannot express it (surrogate ranges, punctuation classes)."""
    if any(symbol in pattern for symbol in _JAVA_SYMBOLS):
        return None
    pattern = _MISPLACED_END.sub("", pattern)
    for java, python in _JAVA_CLASSES.items():
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern)
    except re.error:
        return None


def violations(shape: Any, value: Any, path: str = "") -> Iterator[str]:
    """Each way in which `value` breaks `shape`, in the words of AWS's ValidationException."""
    if not _is_of_type(shape, value):
        yield f"Value at '{path}' failed to satisfy constraint: Member must be of type {shape.type_name}"
        return
    yield from _limits(shape, value, path)
    if shape.type_name == "structure":
        yield from _structure(shape, value, path)
    elif shape.type_name == "list":
        for index, item in enumerate(value, start=1):
            yield from violations(shape.member, item, f"{path}.{index}.member")
    elif shape.type_name == "map":
        for key, item in value.items():
            yield from violations(shape.key, key, f"{path}.{key}")
            yield from violations(shape.value, item, f"{path}.{key}.member")


def _is_of_type(shape: Any, value: Any) -> bool:
    expected = _TYPES[shape.type_name]
    return isinstance(value, expected) and (bool in expected or not isinstance(value, bool))


def _structure(shape: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    for name in shape.required_members:
        if value.get(name) is None:
            yield f"Value null at '{_join(path, name)}' failed to satisfy constraint: Member must not be null"
    for name, item in value.items():
        if name not in shape.members:
            yield f"Value at '{_join(path, name)}' failed to satisfy constraint: Member is unknown to this operation"
        elif item is not None:
            yield from violations(shape.members[name], item, _join(path, name))


def _limits(shape: Any, value: Any, path: str) -> Iterator[str]:
    rules = shape.metadata
    start = f"Value '{value}' at '{path}' failed to satisfy constraint: Member must"
    if isinstance(value, str):
        if rules.get("enum") and value not in rules["enum"]:
            yield f"{start} satisfy enum value set: [{', '.join(rules['enum'])}]"
        pattern = compiled(rules["pattern"]) if rules.get("pattern") else None
        if pattern and not pattern.fullmatch(value):
            yield f"{start} satisfy regular expression pattern: {rules['pattern']}"
    sized = isinstance(value, (str, list, dict))
    size = len(value) if sized else value
    noun = "length" if sized else "value"
    if "max" in rules and size > rules["max"]:
        yield f"{start} have {noun} less than or equal to {rules['max']}"
    if "min" in rules and size < rules["min"]:
        yield f"{start} have {noun} greater than or equal to {rules['min']}"


def _join(path: str, name: str) -> str:
    member = name[:1].lower() + name[1:]
    return f"{path}.{member}" if path else member


def pruned(shape: Any, value: Any) -> Any:
    """`value` without the members that the answer's shape does not have, so that handlers may return whole records."""
    if shape is None:
        return {}
    if shape.type_name == "structure":
        known = ((name, item) for name, item in value.items() if name in shape.members and item is not None)
        return {name: pruned(shape.members[name], item) for name, item in known}
    if shape.type_name == "list":
        return [pruned(shape.member, item) for item in value]
    if shape.type_name == "map":
        return {key: pruned(shape.value, item) for key, item in value.items()}
    return value
