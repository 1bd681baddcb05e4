"""The file with a run's custom steps: what it may be called, and which modules a job can import from it.

The job has its image's Python, not the functions': what a name says of that is judged here, before a machine starts.
"""

from __future__ import annotations

import ast
import io
import re
import struct
import sys
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

PYTHON, GLIBC = (3, 10), (2, 28)
"""Of the job's image: IMAGE_PYTHON and IMAGE_PLATFORM in scripts/build_assets.py; tests compare them."""
LIMIT_BYTES = 20 * 1024 * 1024
_METADATA_BYTES = 1024 * 1024
NAME_LIMIT = 100  # an argument of a job, in which the file's path stands, has at most 256 characters
_WHEEL = re.compile(r"([A-Za-z0-9_.]+)-([A-Za-z0-9_.+!]+)(-\d\w*)?-([\w.]+)-([\w.]+)-([\w.]+)\.whl", re.ASCII)
_CLAUSE = re.compile(r"(~=|==|!=|<=|>=|<|>)\s*(\d+)(?:\.(\d+))?")
_ENDINGS = ("/__init__.py", ".py", ".cpython-310-x86_64-linux-gnu.so", ".abi3.so", ".so")
# What zipfile raises of damaged files, besides its own.
_UNZIP_ERRORS = (EOFError, OSError, RuntimeError, ValueError, struct.error, zipfile.BadZipFile, zlib.error)
_OURS = {"PIL", "augmentation", "cv2", "domain", "numpy", "pydantic", "simplejpeg", "soundfile", "yaml"}
# Of Python 3.10, and no longer of the functions' Python, which cannot name them.
_GONE = {"asynchat", "asyncore", "audioop", "cgi", "chunk", "crypt", "distutils", "imghdr", "imp", "pipes", "uu"}


class BadCode(Exception):  # noqa: N818 - its text is a sentence of the error about the field `code`
    """The file cannot be given to a job; the text goes on from the file's name."""


class Wheel(NamedTuple):
    """The parts of a wheel's name: https://packaging.python.org/specifications/binary-distribution-format/"""

    name: str
    version: str
    pythons: tuple[str, ...]
    abis: tuple[str, ...]
    platforms: tuple[str, ...]


def code_name_problem(name: str) -> str | None:
    """Why no job can have a file of this name as its code, or None."""
    if len(name) > NAME_LIMIT:
        return f"{name!r} is longer than {NAME_LIMIT} characters"
    if name.endswith(".py"):
        if not re.fullmatch(r"[A-Za-z_]\w*\.py", name, re.ASCII):
            return f"{name!r} cannot be imported: call it like my_steps.py"
        return None
    if not name.endswith(".whl"):
        return f"{name!r} is neither a .py file nor a wheel (.whl)"
    wheel = wheel_of(name)
    return _unfit(name, wheel) if wheel else f"{name!r} is no name of a wheel, like my_steps-1.0-py3-none-any.whl"


def wheel_of(name: str) -> Wheel | None:
    found = _WHEEL.fullmatch(name)
    if not found:
        return None
    pythons, abis, platforms = (tuple(found[part].split(".")) for part in (4, 5, 6))
    return Wheel(found[1], found[2], pythons, abis, platforms)


def modules_of(name: str, data: bytes) -> Mapping[str, ast.Module | None]:
    """The modules that a job can import from the file, each with its syntax where it was read.

    Raises:
        BadCode: it does not parse, is no wheel, needs another Python, or stands in for a module that the job has.
    """
    if len(data) > LIMIT_BYTES:
        raise BadCode(f"has {len(data):,} bytes; at most {LIMIT_BYTES:,} are taken")
    modules = {name.removesuffix(".py"): _parsed(data)} if name.endswith(".py") else _of_wheel(data)
    taken = sys.stdlib_module_names | _GONE | _OURS
    for module in sorted({module.partition(".")[0] for module in modules} & taken):
        raise BadCode(f"holds a module {module}, and the job has another one of that name: rename it")
    return modules


def has_name(module: ast.Module, name: str) -> bool:
    """Whether the module may hold this name: what `import *` or a `__getattr__` brings is not known."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
    return bool(found & {name, "*", "__getattr__"})


def _parsed(data: bytes) -> ast.Module:
    try:
        return ast.parse(data, feature_version=PYTHON)
    except SyntaxError as error:
        raise BadCode(f"is no Python {_dotted(PYTHON)}: line {error.lineno}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise BadCode(f"is no Python: {error}") from error


def _of_wheel(data: bytes) -> dict[str, ast.Module | None]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            metadata = [name for name in names if re.fullmatch(r"[^/]+\.dist-info/METADATA", name)]
            if len(metadata) != 1:
                raise BadCode("is no wheel: it has no .dist-info/METADATA")
            with archive.open(metadata[0]) as file:  # no more of it: a small file can unpack to a large one
                _check_python(file.read(_METADATA_BYTES).decode("utf-8", "replace"))
    except _UNZIP_ERRORS as error:
        raise BadCode(f"is no wheel: {error}") from error
    modules = filter(None, map(_module, names))
    return dict.fromkeys(modules)


def _module(path: str) -> str | None:
    """The dotted name of the module in this file of a wheel, or None."""
    parts = PurePosixPath(path).parts
    if parts and parts[0].endswith(".data") and parts[1:2] in (("purelib",), ("platlib",)):
        parts = parts[2:]
    inner = "/".join(parts)
    ending = next((ending for ending in _ENDINGS if inner.endswith(ending)), None)
    stem = inner.removesuffix(ending).split("/") if ending else []
    return ".".join(stem) if stem and all(part.isidentifier() for part in stem) else None


def _check_python(metadata: str) -> None:
    """https://packaging.python.org/specifications/core-metadata/#requires-python; pip looks at the rest."""
    found = re.search(r"^Requires-Python:(.*)$", metadata.partition("\n\n")[0], re.MULTILINE | re.IGNORECASE)
    for operator, major, minor in _CLAUSE.findall(found[1]) if found else ():
        asked = (int(major), int(minor)) if minor else (int(major),)
        own = PYTHON[: len(asked)]
        fits = {
            "~=": own[0] == asked[0] and own >= asked,
            "==": own == asked,
            "!=": True,
            "<=": own <= asked,
            ">=": own >= asked,
            "<": own < asked,
            ">": own >= asked,
        }[operator]
        if not fits:
            raise BadCode(f"needs Python {found[1].strip() if found else ''}, and the job has Python {_dotted(PYTHON)}")


def _unfit(name: str, wheel: Wheel) -> str | None:
    """By its tags, each of which may name several: https://packaging.python.org/specifications/platform-compatibility-tags/"""
    own = _dotted(PYTHON)
    if not any(_takes_python(python, wheel.abis) for python in wheel.pythons):
        return f"{name!r} is for {'.'.join(wheel.pythons)}-{'.'.join(wheel.abis)}, and the job has Python {own} (cp310)"
    if not any(map(_takes_platform, wheel.platforms)):
        return (
            f"{name!r} is for {'.'.join(wheel.platforms)}, and the job runs on Linux, x86_64, with glibc "
            f"{_dotted(GLIBC)} (any, or manylinux_2_28_x86_64 and older)"
        )
    return None


def _takes_python(tag: str, abis: tuple[str, ...]) -> bool:
    found = re.fullmatch(r"(py|cp)3(\d*)", tag)
    if not found:
        return False
    minor = int(found[2]) if found[2] else 0
    if found[1] == "py":
        return minor <= PYTHON[1] and "none" in abis
    return (minor == PYTHON[1] and bool({"none", "cp310", "abi3"} & set(abis))) or (
        minor <= PYTHON[1] and "abi3" in abis
    )


def _takes_platform(tag: str) -> bool:
    if tag in ("any", "linux_x86_64", "manylinux1_x86_64", "manylinux2010_x86_64", "manylinux2014_x86_64"):
        return True
    found = re.fullmatch(r"manylinux_(\d+)_(\d+)_x86_64", tag)
    return found is not None and (int(found[1]), int(found[2])) <= GLIBC


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
