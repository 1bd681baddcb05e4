"""Does augmentation help? A small classifier of the sample faces: `python -m bench.accuracy [--seeds 12] [--count 33]`.

Each seed draws other training faces, of which one in five has its mouth open, and trains three times: on the faces as
they are, on the same with the classes weighed alike, and on what the engine makes of them by recipes/lego-faces.yaml.
The same drawn faces test all three, once as drawn and once turned and relit. The strength of regularization is
the one of four that is best on validation faces, for each training anew. Writes .local/bench/accuracy.json.
"""

from __future__ import annotations

import argparse
import csv
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import yaml
from numpy.typing import NDArray
from scipy.stats import t
from sklearn.linear_model import LogisticRegression

from augmentation.run.run import RunOptions, run
from bench.classifier import Floats, features, logistic
from bench.results import keep
from domain.jsonlines import load_lines
from domain.labels.rows import LabelRow, write_labels
from scripts.draw_faces import OPEN_LABEL, draw_faces

ROOT = Path(__file__).resolve().parent.parent
STRENGTHS = (1e-4, 1e-3, 1e-2, 1e-1)
OPEN_SHARE = 7 / 33  # as in the demo's 33 faces
SHIFTED = """
name: shifted
splits: {train: 1, val: 0, test: 0}
steps:
  - {op: resize_crop, width: 224, height: 224}
  - export: resize
  - branch: shifted
    steps:
      - {op: rotate, degrees: [-20, 20]}
      - {op: brightness_contrast, brightness: [-0.3, 0.3], contrast: [-0.3, 0.3]}
      - export: shifted
"""


class Faces(NamedTuple):
    """Features (n x 1,764) and whether the mouth is open."""

    x: Floats
    y: NDArray[np.bool_]


def made(folder: Path, recipe: str, count: int, open_mouths: int, seed: int) -> dict[str, Faces]:
    """Draws faces, runs the engine over them, and gives the features of each export by its name."""
    answers = folder / "answers.csv"
    draw_faces(folder / "in", answers, count=count, open_mouths=open_mouths, seed=seed)
    rows = []
    for path, label in _answers(answers):
        rows.append(LabelRow(source=path, source_ref=path, status="labeled", label=label, labels=(label,)))
    (folder / "labels.jsonl").write_text(write_labels(rows), encoding="utf-8")
    (folder / "recipe.yaml").write_text(recipe, encoding="utf-8")
    recipe_file, labels = folder / "recipe.yaml", folder / "labels.jsonl"
    run(
        RunOptions(
            recipe=recipe_file, input=folder / "in", labels=labels, output=folder / "out", seed=seed, processes=1
        )
    )
    found: dict[str, list[tuple[Floats, bool]]] = {}
    for row in load_lines((folder / "out/manifest.jsonl").read_text("utf-8"), "manifest.jsonl"):
        pair = features(folder / "out" / row["path"]), row["label"] == OPEN_LABEL
        found.setdefault(row["export"], []).append(pair)
    return {
        export: Faces(np.stack([x for x, _ in some]), np.array([y for _, y in some])) for export, some in found.items()
    }


def _answers(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            yield row["file"], row["label"]


def training_recipe() -> str:
    """recipes/lego-faces.yaml with all faces in the training split: the test faces are drawn apart."""
    recipe = yaml.safe_load((ROOT / "recipes/lego-faces.yaml").read_text("utf-8"))
    return yaml.safe_dump({**recipe, "splits": {"train": 1, "val": 0, "test": 0}}, sort_keys=False)


def balanced_accuracy(model: LogisticRegression, faces: Faces) -> float:
    """The mean of the shares of open and of closed mouths that are found."""
    right = model.predict(faces.x) == faces.y
    return float((right[faces.y].mean() + right[~faces.y].mean()) / 2)


def accuracy(model: LogisticRegression, faces: Faces) -> float:
    """The share of right answers if open mouths are as rare as among the training faces."""
    right = model.predict(faces.x) == faces.y
    return float(OPEN_SHARE * right[faces.y].mean() + (1 - OPEN_SHARE) * right[~faces.y].mean())


def best(train: Faces, validation: Faces, *, balanced: bool) -> LogisticRegression:
    models = [logistic(train.x, train.y, strength, balanced=balanced) for strength in STRENGTHS]
    return max(models, key=lambda model: balanced_accuracy(model, validation))


def one_seed(work: Path, count: int, seed: int, validation: Faces, tests: Mapping[str, Faces]) -> dict[str, Any]:
    """The figures of the three trainings: {arm: {"as drawn, accuracy": …}}."""
    exports = made(work / f"train-{seed}", training_recipe(), count, round(count * OPEN_SHARE), 1_000 + seed)
    plain = exports["resize"]
    everything = Faces(
        np.concatenate([faces.x for faces in exports.values()]), np.concatenate([faces.y for faces in exports.values()])
    )
    arms = {
        "plain": best(plain, validation, balanced=False),
        "plain, classes weighed": best(plain, validation, balanced=True),
        "augmented": best(everything, validation, balanced=False),
    }
    return {
        arm: {
            f"{test}, {name}": measure(model, faces)
            for test, faces in tests.items()
            for name, measure in (("balanced accuracy", balanced_accuracy), ("accuracy", accuracy))
        }
        for arm, model in arms.items()
    }


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
    """By test and measure: each arm's mean and spread, and the augmented arm paired with each of the other two."""
    summary: dict[str, Any] = {}
    for name in results[0]["augmented"]:
        values = {arm: [result[arm][name] for result in results] for arm in results[0]}
        summary[name] = {
            "arms": {
                arm: {"mean": statistics.mean(some), "stdev": statistics.stdev(some)} for arm, some in values.items()
            },
            "augmented minus": {
                arm: paired(values["augmented"], some) for arm, some in values.items() if arm != "augmented"
            },
        }
    return summary


def table(count: int, seeds: int, summary: Mapping[str, Any]) -> str:
    lines = [f"{count} training faces, {round(count * OPEN_SHARE)} with an open mouth; {seeds} seeds; percent"]
    for name, found in summary.items():
        lines.append(name)
        for arm, one in found["arms"].items():
            lines.append(f"  {arm:<24}{100 * one['mean']:6.1f} ± {100 * one['stdev']:4.1f}")
        for arm, one in found["augmented minus"].items():
            interval = f"[{100 * one['low']:+.1f}, {100 * one['high']:+.1f}]"
            lines.append(
                f"  augmented - {arm:<24}{100 * one['mean']:+6.1f} ± {100 * one['stdev']:4.1f}, 95 % {interval:<16}"
                f"better with {one['won']}, worse with {one['lost']} seeds"
            )
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description="Does augmentation help?")
    parser.add_argument("--seeds", type=int, default=12, help="drawings of training faces, at least 10 [default: 12]")
    parser.add_argument("--count", type=int, default=[33, 132], nargs="+", help="training faces [default: 33 132]")
    options = parser.parse_args()
    if options.seeds < 10:
        parser.error(f"--seeds {options.seeds}: fewer than 10 say nothing about the spread; give 10 or more")
    report: dict[str, Any] = {"seeds": options.seeds, "by_count": {}}
    with tempfile.TemporaryDirectory(prefix="accuracy-") as temporary:
        work = Path(temporary)
        held_out = made(work / "validation", SHIFTED, 150, 75, 501)["resize"]
        exports = made(work / "test", SHIFTED, 300, 150, 502)
        tests = {"as drawn": exports["resize"], "turned and relit": exports["shifted"]}
        for count in options.count:
            folder = work / str(count)
            results = [one_seed(folder, count, seed, held_out, tests) for seed in range(options.seeds)]
            summary = summarize(results)
            report["by_count"][count] = {"summary": summary, "by_seed": results}
            sys.stdout.write(table(count, options.seeds, summary) + "\n\n")
            sys.stdout.flush()
    keep("accuracy", report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
