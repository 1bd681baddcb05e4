"""What the trainings of `bench.accuracy` learn of, and how their figures are compared."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t
from sklearn.linear_model import LogisticRegression

from augmentation.embedding.files import embed_files
from augmentation.embedding.model import shipped_model
from bench.classifier import Floats, features, logistic
from domain.jsonlines import load_lines
from learning.features import power_normalized

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-bench/bin/python"
STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1)
EMBEDDED_COPIES = 2
"""Of an image, on average, that the embedding's training sees: each costs as much as 16 histograms."""


class Faces(NamedTuple):
    """Features (n x d) and the class of each image; of faces, whether the mouth is open."""

    x: Floats
    y: NDArray[Any]


class Made(NamedTuple):
    """An image file and its class; `of` names its source."""

    path: Path
    label: Any
    of: str


def by_export(version: Path, answer: Callable[[str], Any]) -> dict[str, list[Made]]:
    """The files of a version by their export's name; `answer` makes of a label what the training learns."""
    found: dict[str, list[Made]] = {}
    for row in load_lines((version / "manifest.jsonl").read_text("utf-8"), "manifest.jsonl"):
        found.setdefault(row["export"], []).append(Made(version / row["path"], answer(row["label"]), row["source"]))
    return found


def histograms(images: Sequence[Made]) -> Faces:
    """Of oriented gradients."""
    return Faces(np.stack([features(image.path) for image in images]), np.array([image.label for image in images]))


def embedded(images: Sequence[Made], processes: int = 1) -> Faces:
    """By the pretrained embedding."""
    found = embed_files(Path("/"), [str(image.path.resolve())[1:] for image in images], shipped_model(), processes)
    if found.unreadable:
        raise OSError(f"cannot be embedded: {next(iter(found.unreadable.items()))}")
    return Faces(power_normalized(found.vectors), np.array([image.label for image in images]))


def some_copies(copies: Sequence[Made], images: int) -> list[Made]:
    """At most `EMBEDDED_COPIES` an image, as many of each class: the first ones of each source first."""
    rank: dict[str, int] = {}
    order: dict[Any, list[tuple[int, Made]]] = {}
    for copy in copies:
        rank[copy.of] = rank.get(copy.of, -1) + 1
        order.setdefault(copy.label, []).append((rank[copy.of], copy))
    each = EMBEDDED_COPIES * images // len(order)
    return [copy for own in order.values() for _, copy in sorted(own, key=lambda one: (one[0], one[1].path))[:each]]


def peers(images: Sequence[Made], copies: Sequence[Made], folder: Path, seed: int) -> list[Made] | None:
    """As many copies of each image by albumentations as `copies` has; None where it is not installed."""
    if not PEER.exists():
        sys.stderr.write("albumentations is left out: `make bench` installs it into .venv-bench\n")
        return None
    folder.mkdir(parents=True)
    made: list[Made] = []
    jobs = []
    for number, image in enumerate(images):
        count = sum(copy.of == image.of for copy in copies)
        own = [Made(folder / f"{number}-{index}.png", image.label, image.of) for index in range(count)]
        jobs.append(json.dumps({"file": str(image.path), "to": [str(copy.path) for copy in own]}))
        made += own
    script = [str(PEER), str(ROOT / "bench/peer_augmentation.py"), "--seed", str(seed)]
    environment = {"NO_ALBUMENTATIONS_UPDATE": "1"}
    subprocess.run(script, input="\n".join(jobs), text=True, check=True, env=environment)  # noqa: S603 - our own script
    return made


def balanced_accuracy(model: LogisticRegression, faces: Faces) -> float:
    """The mean over the classes of the share that is found."""
    right = model.predict(faces.x) == faces.y
    return float(np.mean([right[faces.y == label].mean() for label in np.unique(faces.y)]))


def best(train: Faces, validation: Faces, *, balanced: bool) -> LogisticRegression:
    """The strength of regularization is the one of four that is best on the validation images."""
    models = [logistic(train.x, train.y, strength, balanced=balanced) for strength in STRENGTHS]
    return max(models, key=lambda model: balanced_accuracy(model, validation))


def joined(*some: Faces) -> Faces:
    return Faces(np.concatenate([faces.x for faces in some]), np.concatenate([faces.y for faces in some]))


def paired(one: Sequence[float], other: Sequence[float]) -> dict[str, Any]:
    """Differences one - other by seed: mean, standard deviation, 95 % interval of the mean, seeds won and lost."""
    differences = [a - b for a, b in zip(one, other, strict=True)]
    mean, spread = statistics.mean(differences), statistics.stdev(differences)
    half = float(t.ppf(0.975, len(differences) - 1)) * spread / len(differences) ** 0.5
    return {
        "mean": mean,
        "stdev": spread,
        "low": mean - half,
        "high": mean + half,
        "won": sum(difference > 0 for difference in differences),
        "lost": sum(difference < 0 for difference in differences),
    }


def summarize(results: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """By test and measure: each arm's mean and spread; the augmented arm paired with each other one, and so for the
    embedding's arms."""
    summary: dict[str, Any] = {}
    for name in results[0]["augmented"]:
        values = {arm: [result[arm][name] for result in results] for arm in results[0]}
        own = "embedding, augmented"
        summary[name] = {
            "arms": {
                arm: {"mean": statistics.mean(some), "stdev": statistics.stdev(some)} for arm, some in values.items()
            },
            "augmented minus": {
                arm: paired(values["augmented"], some) for arm, some in values.items() if arm != "augmented"
            },
            "embedding, augmented minus": {
                arm: paired(values[own], some)
                for arm, some in values.items()
                if own in values and arm.startswith("embedding") and arm != own
            },
        }
    return summary


def table(summary: Mapping[str, Any]) -> Iterator[str]:
    """In percent."""
    for name, found in summary.items():
        yield name
        for arm, one in found["arms"].items():
            yield f"  {arm:<28}{100 * one['mean']:6.1f} ± {100 * one['stdev']:4.1f}"
        for kind in ("augmented minus", "embedding, augmented minus"):
            for arm, one in found[kind].items():
                interval = f"[{100 * one['low']:+.1f}, {100 * one['high']:+.1f}]"
                yield (
                    f"  {kind.replace('minus', '-')} {arm:<24}{100 * one['mean']:+6.1f} ± {100 * one['stdev']:4.1f}, "
                    f"95 % {interval:<16}better with {one['won']}, worse with {one['lost']} seeds"
                )
