"""Does augmentation help? `python -m bench.accuracy [--seeds 12] [--count 33 …] [--input FOLDER]`.

Each seed draws other training faces, of which one in five has its mouth open, and other faces for validation and test,
as drawn and turned and relit. Small classifiers learn of the faces as they are, of the same with the classes weighed
alike, of what the engine makes of them by recipes/lego-faces.yaml, and of as many copies by albumentations; one more
pair learns on the pretrained embedding. With --input the same on real photos, by recipes/balance.yaml: each seed draws
which photos train, validate and test. Writes .local/bench/accuracy.json, or accuracy-photos.json.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from augmentation.processes import chunked, default_processes, in_processes
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
    summarize,
    table,
)
from bench.photos import Photos
from bench.results import keep
from domain.labels.rows import LabelRow, write_labels
from scripts.draw_faces import OPEN_LABEL, draw_faces

OPEN_SHARE = 7 / 33  # as in the demo's 33 faces
VALIDATION, TEST = 60, 100
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


def made(folder: Path, recipe: str, count: int, open_mouths: int, seed: int) -> dict[str, list[Made]]:
    """Draws faces, runs the engine over them, and gives the files of each export by its name."""
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
    return by_export(folder / "out", lambda label: label == OPEN_LABEL)


def _answers(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(newline="", encoding="utf-8") as stream:
        for row in csv.DictReader(stream):
            yield row["file"], row["label"]


def training_recipe() -> str:
    """recipes/lego-faces.yaml with all faces in the training split: the test faces are drawn apart."""
    recipe = yaml.safe_load((ROOT / "recipes/lego-faces.yaml").read_text("utf-8"))
    return yaml.safe_dump({**recipe, "splits": {"train": 1, "val": 0, "test": 0}}, sort_keys=False)


def accuracy(model: LogisticRegression, faces: Faces) -> float:
    """The share of right answers if open mouths are as rare as among the training faces."""
    right = model.predict(faces.x) == faces.y
    return float(OPEN_SHARE * right[faces.y].mean() + (1 - OPEN_SHARE) * right[~faces.y].mean())


def one_seed(work: Path, count: int, seed: int, others: Mapping[str, Sequence[Made]]) -> dict[str, Any]:
    """The figures of the trainings: {arm: {"as drawn, accuracy": …}}. `others`: "validation", and the tests by name."""
    exports = made(work / f"train-{seed}", training_recipe(), count, round(count * OPEN_SHARE), 1_000 + seed)
    plain = exports.pop("resize")
    copies = [copy for some in exports.values() for copy in some]
    by_peer = peers(plain, copies, work / f"peers-{seed}", seed)
    results: dict[str, Any] = {}
    for kind, of in (("", histograms), ("embedding, ", embedded)):
        own, tests = of(plain), {name: of(some) for name, some in others.items()}
        validation = tests.pop("validation")
        arms = {
            f"{kind}plain": (own, False),
            f"{kind}plain, classes weighed": (own, True),
            f"{kind}augmented": (joined(own, of(some_copies(copies, count) if kind else copies)), False),
        }
        if by_peer is not None and not kind:
            arms["albumentations"] = joined(own, of(by_peer)), False
        for arm, (learned, balanced) in arms.items():
            model = best(learned, validation, balanced=balanced)
            results[arm] = {
                f"{test}, {name}": measure(model, faces)
                for test, faces in tests.items()
                for name, measure in (("balanced accuracy", balanced_accuracy), ("accuracy", accuracy))
            }
    return results


def held_out(work: Path, seed: int) -> dict[str, list[Made]]:
    """Faces for validation and test, drawn by the seed of the training faces: a test set of its own for each."""
    validation = made(work / f"validation-{seed}", SHIFTED, VALIDATION, VALIDATION // 2, 5_000 + seed)["resize"]
    exports = made(work / f"test-{seed}", SHIFTED, TEST, TEST // 2, 9_000 + seed)
    return {"validation": validation, "as drawn": exports["resize"], "turned and relit": exports["shifted"]}


@dataclass(frozen=True)
class Trainings:
    """Of `count` images, in a process of its own."""

    count: int
    work: Path
    photos: Photos | None

    def of_all(self, seeds: list[int]) -> list[dict[str, Any]]:
        with threadpool_limits(1):
            return [self._of(seed) for seed in seeds]

    def _of(self, seed: int) -> dict[str, Any]:
        if self.photos is not None:
            return self.photos.results(self.count, seed)
        return one_seed(self.work, self.count, seed, held_out(self.work, seed))


def _died(seed: int) -> dict[str, Any]:
    raise MemoryError(f"the process died while it trained with seed {seed}")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description="Does augmentation help?")
    parser.add_argument("--seeds", type=int, default=12, help="drawings of training images, at least 10 [default: 12]")
    parser.add_argument("--count", type=int, nargs="+", help="training images [default: 33 132; of photos 150]")
    parser.add_argument("--input", type=Path, metavar="DIR", help="photos, a folder a class, instead of drawn faces")
    parser.add_argument("--processes", type=int, default=default_processes(), help="seeds at once [default: cores]")
    options = parser.parse_args()
    if options.seeds < 10:
        parser.error(f"--seeds {options.seeds}: fewer than 10 say nothing about the spread; give 10 or more")
    report: dict[str, Any] = {"seeds": options.seeds, "by_count": {}}
    with tempfile.TemporaryDirectory(prefix="accuracy-") as temporary:
        work = Path(temporary)
        photos = Photos(options.input, work / "photos") if options.input else None
        for count in options.count or ([150] if photos else [33, 132]):
            trainings = Trainings(count, work / str(count), photos)
            results = []
            for result in in_processes(trainings.of_all, chunked(range(options.seeds), 1), options.processes, _died):
                results.append(result)
                sys.stderr.write(f"{count} training images: {len(results)} of {options.seeds} seeds\n")
            summary = summarize(results)
            report["by_count"][count] = {"summary": summary, "by_seed": results}
            sys.stdout.write("\n".join([f"{count} training images; {options.seeds} seeds; percent", *table(summary)]))
            sys.stdout.write("\n\n")
            sys.stdout.flush()
    keep("accuracy-photos" if photos else "accuracy", report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
