"""Runs the user's own functions, if the run allows it, and checks what they return.

The functions are found before work begins; processes inherit them, or find them again by the same Python path.
"""

from __future__ import annotations

import importlib
import inspect
import os
import random
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from augmentation.errors import CustomStepFailed, UsageError
from augmentation.image.frame import Frame, Pixels
from augmentation.image.reading.limits import MAX_PIXELS
from augmentation.image.time_limit import TookTooLong, is_limited, limited
from augmentation.image.transform import Filter
from augmentation.seeds import numpy_rng
from augmentation.values import Values
from domain.recipe import Recipe
from domain.recipe.steps.custom import Custom, customs_of

TRACEBACK_LIMIT = 4000  # characters of a traceback's end that go into a quarantine row
Function = Callable[..., Any]


def admit(recipe: Recipe, recipe_path: Path, *, allowed: bool) -> None:
    """Finds the functions of all custom steps; does nothing for a recipe without any.

    Raises:
        UsageError: the run does not allow custom code, or a module, function or parameter does not fit.
    """
    steps = list(customs_of(recipe.steps))
    if not steps:
        return
    if not allowed:
        names = ", ".join(sorted({step.custom for step in steps}))
        raise UsageError(
            f"{recipe_path}: the recipe runs code of its own ({names}); read that code, and if you trust it, "
            "add --allow-custom"
        )
    folder = str(recipe_path.resolve().parent)
    if folder not in sys.path:
        sys.path.append(folder)  # last: a file beside the recipe must not stand in for a library
    for step in steps:
        _check(step, recipe_path)


def _check(step: Custom, recipe_path: Path) -> None:
    where = f"{recipe_path}: custom step {step.custom}"
    try:
        with limited():
            function = find(step.custom)
    except TookTooLong as error:
        raise UsageError(f"{where}: importing its module did not end: {error}") from error
    except (Exception, SystemExit) as error:  # importing runs any code
        raise UsageError(
            f"{where}: {type(error).__name__}: {error}; the module is looked for on the Python path and in "
            f"{recipe_path.resolve().parent}"
        ) from error
    try:
        inspect.signature(function).bind(None, None, **step.arguments)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{where}: it cannot be called as function(image, rng, **parameters): {error}") from error


@lru_cache(maxsize=256)
def find(name: str) -> Function:
    """The function that `module:function` names.

    Raises:
        ImportError, AttributeError, TypeError: there is no such module or function, or it cannot be called.
    """
    module, _, attribute = name.partition(":")
    importlib.invalidate_caches()
    function = getattr(importlib.import_module(module), attribute)
    if not callable(function):
        raise TypeError(f"{attribute!r} is no function but {type(function).__name__}")
    return function  # type: ignore[no-any-return]


def _draw(step: Custom, rng: random.Random) -> Values:
    return {"custom": step.custom, "parameters": step.arguments, "rng_seed": rng.getrandbits(48)}


def _apply(frame: Frame, values: Values) -> Frame:
    name = values["custom"]
    image = np.asarray(cv2.cvtColor(frame.pixels, cv2.COLOR_BGRA2RGB), np.uint8)  # a copy: it may be written into
    rng = numpy_rng(values["rng_seed"])
    parameters = deepcopy(values["parameters"])  # so may these, and the next image is to have the recipe's
    try:
        with limited(), _as_before():
            found = _plain(find(name)(image, rng, **parameters))
    except TookTooLong as error:
        raise CustomStepFailed(f"{name} did not end: {error}") from error
    except BaseException as error:  # whatever it raises is the trouble of this image only
        if isinstance(error, KeyboardInterrupt) and not is_limited():
            raise  # a person's, at a laptop
        raise CustomStepFailed(f"{name} raised\n{_told(error)}") from error
    pixels = np.asarray(cv2.cvtColor(_checked(found, name), cv2.COLOR_RGB2BGRA), np.uint8)
    if pixels.shape == frame.pixels.shape:
        return frame._replace(pixels=pixels)
    return Frame.whole(pixels)


@contextmanager
def _as_before() -> Iterator[None]:
    """What the function changes of the process, and what would change other images by accident, is put back: the folder
    that paths begin in, and what numpy does about overflows. A copy of the process that it made and left goes no
    further: it would take other images' work. Whoever wants to harm the run still can; see docs/security.md."""
    process, folder = os.getpid(), os.getcwd()
    try:
        with np.errstate():
            yield
    finally:
        if os.getpid() != process:
            os._exit(1)
        os.chdir(folder)


def _plain(found: Any) -> Any:
    """An array of numpy's own class, without the methods of one that is derived from it; anything else by its name."""
    return np.array(found, subok=False) if isinstance(found, np.ndarray) else str(type(found).__name__)


def _told(error: BaseException) -> str:
    """The end of its traceback. To say what it is may run code of its own, too."""
    try:
        with limited():
            text = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    except BaseException:  # noqa: BLE001 - see above
        return f"{type(error).__name__}, which cannot be shown"
    return text[-TRACEBACK_LIMIT:].rstrip()


def _checked(found: Any, name: str) -> Pixels:
    if not isinstance(found, np.ndarray):
        got = found
    elif found.dtype != np.uint8 or found.ndim != 3 or found.shape[2] != 3 or 0 in found.shape:
        got = f"{found.dtype} of the shape {found.shape}"
    elif found.shape[0] * found.shape[1] > MAX_PIXELS:
        got = f"{found.shape[1]:,} x {found.shape[0]:,} pixels, more than {MAX_PIXELS:,}"
    else:
        return np.ascontiguousarray(found)
    raise CustomStepFailed(f"{name} returned {got}; an image is a uint8 array of height x width x 3")


TRANSFORM = Filter(Custom, _draw, _apply)
