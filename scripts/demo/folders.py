"""A folder of its own for each run: what one run made, labels of people among it, no other run touches."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from scripts.demo.job import DemoError


def new_folder(runs: Path, dataset: str, now: datetime) -> Path:
    """`<runs>/<time>-<data set>`, with a number where that is there already. It is not made."""
    first = runs / f"{now:%Y-%m-%d-%H%M%S}-{dataset}"
    folder, number = first, 1
    while folder.exists():
        number += 1
        folder = first.with_name(f"{first.name}-{number}")
    return folder


def given_folder(folder: Path) -> Path:
    """The folder that a person chose; it must not hold anything yet."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise DemoError(f"OUT={folder} is there already, and nothing in it is overwritten. Name a new folder.")
    return folder


def point_to(link: Path, folder: Path) -> None:
    """Makes `link` a link to the folder beside it; what stands there and is no link is left alone."""
    if link.is_symlink():
        link.unlink()
    if not link.exists():
        link.symlink_to(folder.name)
