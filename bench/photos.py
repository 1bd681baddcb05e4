"""The arms of `bench.accuracy` on real photos: a folder with a folder for each class."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from augmentation.processes import default_processes
from augmentation.run.run import RunOptions, run
from bench.arms import (
    ROOT,
    Faces,
    Made,
    balanced_accuracy,
    best,
    by_export,
    embedded,
    histograms,
    joined,
    peers,
    some_copies,
)

PLAIN = """
name: plain
splits: {train: 1, val: 0, test: 0, near_duplicates: ignore}
output: {format: png}
steps: [{op: resize_crop, width: 224, height: 224}, {export: plain}]
"""
VALIDATION, TEST = 150, 300
ENDINGS = (".jpg", ".jpeg", ".png", ".webp")


def training_recipe() -> str:
    """recipes/balance.yaml with all photos in the training split: the others are drawn apart."""
    recipe = yaml.safe_load((ROOT / "recipes/balance.yaml").read_text("utf-8"))
    splits = {"train": 1, "val": 0, "test": 0, "near_duplicates": "ignore"}
    return yaml.safe_dump({**recipe, "splits": splits}, sort_keys=False)


def made(
    work: Path, photos: Path, names: Sequence[str], recipe: str, seed: int, processes: int = 1
) -> dict[str, list[Made]]:
    """What the engine makes of these photos, by export."""
    for name in names:
        link = work / "in" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to((photos / name).resolve())
    (work / "recipe.yaml").write_text(recipe, encoding="utf-8")
    output = work / "out"
    run(RunOptions(recipe=work / "recipe.yaml", input=work / "in", output=output, seed=seed, processes=processes))
    return by_export(output, str)


def drawn(names: Sequence[str], count: int, seed: int) -> tuple[list[str], list[str], list[str]]:
    """Training, validation and test: a draw of this seed, each class in proportion as far as it goes."""
    order = list(names)
    random.Random(seed).shuffle(order)  # noqa: S311 - repeatable on purpose
    rank: dict[str, int] = {}
    place: dict[str, float] = {}
    total = {label: sum(name.split("/")[0] == label for name in names) for label in {n.split("/")[0] for n in names}}
    for name in order:
        label = name.split("/")[0]
        rank[label] = rank.get(label, 0) + 1
        place[name] = rank[label] / (total[label] + 1)
    order.sort(key=place.__getitem__)
    validation = min(VALIDATION, (len(order) - count) // 2)
    return order[:count], order[count : count + validation], order[count + validation :][:TEST]


class Photos:
    """`results` gives the arms of each seed."""

    def __init__(self, folder: Path, work: Path) -> None:
        files = (path for path in sorted(folder.glob("*/*")) if path.suffix.lower() in ENDINGS)
        names = [path.relative_to(folder).as_posix() for path in files]
        self._folder, self._work = folder, work
        self._plain = {one.of: one for one in made(work / "all", folder, names, PLAIN, 0, default_processes())["plain"]}
        self.names = list(self._plain)
        every = [self._plain[name] for name in self.names]
        self._at = {name: place for place, name in enumerate(self.names)}
        self._histograms, self._embedded = histograms(every), embedded(every, default_processes())

    def results(self, count: int, seed: int) -> dict[str, Any]:
        """Balanced accuracy of each arm, with `count` training photos."""
        train, validation, test = drawn(self.names, count, seed)
        work = self._work / f"{count}-{seed}"
        copies = made(work, self._folder, train, training_recipe(), 1_000 + seed)["raised"]
        plain = [self._plain[name] for name in train]
        by_peer = peers(plain, copies, work / "peers", seed)
        models = {}
        for kind, all_features, of in (("", self._histograms, histograms), ("embedding, ", self._embedded, embedded)):
            own, held, asked = (self._some(all_features, names) for names in (train, validation, test))
            some = some_copies(copies, count) if kind else copies
            arms = {
                f"{kind}plain": (own, False),
                f"{kind}plain, classes weighed": (own, True),
                f"{kind}augmented": (joined(own, of(some)), False),
            }
            if by_peer is not None and not kind:
                arms["albumentations"] = joined(own, of(by_peer)), False
            for arm, (learned, balanced) in arms.items():
                models[arm] = balanced_accuracy(best(learned, held, balanced=balanced), asked)
        return {arm: {"photos, balanced accuracy": value} for arm, value in models.items()}

    def _some(self, faces: Faces, names: Sequence[str]) -> Faces:
        places = [self._at[name] for name in names]
        return Faces(faces.x[places], faces.y[places])
