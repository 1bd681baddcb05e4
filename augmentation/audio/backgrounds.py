"""Clips of background noise: found beside the recipe before work begins, named in the step, read when drawn."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from augmentation.audio.clip import Clip, Samples
from augmentation.audio.kernels import spectrum
from augmentation.audio.reader import MAX_BYTES, read_clip
from augmentation.errors import BadFile, UsageError
from augmentation.files import read_file
from domain.recipe import Branch, OneOf, Recipe
from domain.recipe.steps.audio import BackgroundNoise
from domain.recipe.walk import steps_of

KEPT = 32  # clips that a process keeps decoded
_folders: dict[str, Path] = {}


def find_clips(folder: str, recipe_path: Path, above: Path | None = None) -> dict[str, str]:
    """Name and SHA-256 of each clip below the folder, in the order of the names; each one is read, to be sure.

    The folder lies in `above`, or without one beside the recipe.

    Raises:
        UsageError: there is no such folder, it holds no clip, or one cannot be used.
    """
    base = (above or recipe_path.parent).resolve() / folder
    if not base.is_dir():
        raise UsageError(
            f"{recipe_path}: background_noise: there is no folder {base}; put WAV or FLAC clips of noise there"
        )
    clips: dict[str, str] = {}
    for path in sorted(base.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            try:
                data = read_file(path, MAX_BYTES)
                read_clip(data)
            except (BadFile, OSError) as error:
                raise UsageError(f"{recipe_path}: background_noise: {path}: {error}") from error
            clips[path.relative_to(base).as_posix()] = hashlib.sha256(data).hexdigest()
    if not clips:
        raise UsageError(
            f"{recipe_path}: background_noise: the folder {base} is empty; put WAV or FLAC clips of noise there"
        )
    return clips


def prepared(recipe: Recipe, recipe_path: Path, above: Path | None = None) -> Recipe:
    """The recipe with the clips of its background noise, whose folders lie in `above`, or beside the recipe.

    Raises:
        UsageError: a folder, or a clip in it, is missing or cannot be used.
    """
    folders = {step.folder for _, step in steps_of(recipe.steps) if isinstance(step, BackgroundNoise)}
    if not folders:
        return recipe
    clips = {folder: find_clips(folder, recipe_path, above) for folder in sorted(folders)}
    base = (above or recipe_path.parent).resolve()
    return recipe.model_copy(update={"steps": _filled(recipe.steps, base, clips)})


def _filled(nodes: tuple[Any, ...], base: Path, clips: Mapping[str, dict[str, str]]) -> tuple[Any, ...]:
    made: list[Any] = []
    for node in nodes:
        if isinstance(node, BackgroundNoise):
            found = clips[node.folder]
            if node.clips and node.clips != found:
                raise UsageError(
                    f"background_noise: {base / node.folder} holds other clips than `clips` names; leave it out"
                )
            made.append(node.found(base / node.folder, found))
        elif isinstance(node, Branch):
            made.append(node.model_copy(update={"steps": _filled(node.steps, base, clips)}))
        elif isinstance(node, OneOf):
            ways = (way.model_copy(update={"steps": _filled(way.steps, base, clips)}) for way in node.one_of)
            made.append(node.model_copy(update={"one_of": tuple(ways)}))
        else:
            made.append(node)
    return tuple(made)


def use(step: BackgroundNoise) -> None:
    """Remembers, in this process, where the folder of a step lies."""
    if step.place is not None:
        _folders[step.folder] = step.place


def part_of(folder: str, name: str, start: float, clip: Clip) -> Samples:
    """Noise of the shape and rate of `clip`: a part from within, by the share `start`; a shorter one goes round."""
    noise = _loaded(_folders[folder] / name, clip.rate)
    frames, channels = clip.samples.shape
    starts = len(noise) - frames + 1 if frames <= len(noise) else len(noise)
    places = (min(int(start * starts), starts - 1) + np.arange(frames)) % len(noise)
    if noise.shape[1] != channels:
        noise = np.repeat(np.rint(noise.mean(axis=1, keepdims=True)).astype(np.int16), channels, axis=1)
    return np.ascontiguousarray(noise[places])


@lru_cache(maxsize=KEPT)
def _loaded(path: Path, rate: int) -> Any:
    clip = read_clip(read_file(path, MAX_BYTES))
    return spectrum.resampled(clip.samples, rate / clip.rate)
