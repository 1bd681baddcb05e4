"""What the demo is asked to do: which images, which question, who knows the answers."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from scripts.draw_faces import draw_faces

ROOT = Path(__file__).resolve().parent.parent.parent
DEFAULT_RECIPE = ROOT / "recipes/lego-faces.yaml"
# Ground Truth shows only JPEG and PNG; anything else in the folder is uploaded too, and rejected with a reason.
IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png")
SHOWN_IN_ERRORS = 5


class DemoError(Exception):
    """The demo cannot go on; the message says what was wrong, where, and what to do."""


@dataclass(frozen=True)
class Job:
    """One labeling question over one folder of images.

    `answers` maps a file's path below `images` to its label, for the scripted workers; None when a person labels.
    """

    dataset: str
    images: Path
    question: str
    labels: tuple[str, ...]
    answers: dict[str, str] | None
    recipe: Path

    @property
    def files(self) -> list[Path]:
        """Every file of the folder, sorted: what is uploaded."""
        return sorted(path for path in self.images.rglob("*") if path.is_file())


def drawn_job(folder: Path, recipe: Path, *, human: bool) -> Job:
    """The default job: 33 faces drawn from a fixed seed, 7 of them with an open mouth."""
    images, answers = folder / "images", folder / "answers.csv"
    draw_faces(images, answers)
    labels = ("mouth open", "mouth not open")
    known = None if human else read_answers(answers, images)
    return Job("lego-faces", images, "Is the mouth open?", labels, known, recipe)


def own_job(
    images: Path, answers: Path | None, labels: str | None, question: str | None, recipe: Path, *, human: bool
) -> Job:
    """A job over somebody's own images; refuses what could not end well."""
    if not images.is_dir():
        raise DemoError(f"IMAGES={images} is not a folder. Name a folder that holds .jpg, .jpeg or .png files.")
    if not any(path.suffix.lower() in IMAGE_SUFFIXES for path in images.rglob("*")):
        raise DemoError(f"IMAGES={images} holds no .jpg, .jpeg or .png file.")
    if answers is None and not human:
        raise DemoError(
            "The scripted workers need to know the answers: give ANSWERS=<csv with the columns file,label>, "
            "or HUMAN=1 to label the images yourself."
        )
    known = None if human or answers is None else read_answers(answers, images)
    chosen = parse_labels(labels, known)
    if known is not None:
        refuse_unknown_labels(known, chosen)
    name = re.sub(r"[^a-z0-9]+", "-", images.resolve().name.lower()).strip("-")[:40].strip("-") or "images"
    return Job(name, images, question or "Which label fits the image best?", chosen, known, recipe)


def parse_labels(labels: str | None, answers: dict[str, str] | None) -> tuple[str, ...]:
    """The labels of `LABELS="a,b"`, or else those of the answers in order of first appearance."""
    given = labels.split(",") if labels else list(answers.values()) if answers else []
    chosen = tuple(dict.fromkeys(label.strip() for label in given if label.strip()))
    if len(chosen) < 2:
        raise DemoError(f'At least two labels are needed, found {list(chosen)}. Give LABELS="first,second".')
    return chosen


def read_answers(file: Path, images: Path) -> dict[str, str]:
    """Label by path below `images`, from a CSV file with the columns `file` and `label`."""
    if not file.is_file():
        raise DemoError(f"ANSWERS={file} is not a file. Give a CSV file with the columns file,label.")
    with file.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        if not {"file", "label"} <= set(reader.fieldnames or ()):
            raise DemoError(
                f"ANSWERS={file}: the first line must name the columns file,label, not {reader.fieldnames}."
            )
        answers = {row["file"].strip(): row["label"].strip() for row in reader if row["file"]}
    paths = [path.relative_to(images).as_posix() for path in sorted(images.rglob("*")) if is_image(path)]
    missing = [path for path in paths if path not in answers]
    if missing:
        raise DemoError(
            f"ANSWERS={file} has no line for {len(missing)} of {len(paths)} images, "
            f"such as {missing[:SHOWN_IN_ERRORS]}. Add them, or label by hand with HUMAN=1."
        )
    return {path: answers[path] for path in paths}


def refuse_unknown_labels(answers: dict[str, str], labels: tuple[str, ...]) -> None:
    """Refuse answers that no worker could choose."""
    unknown = sorted({label for label in answers.values() if label not in labels})
    if unknown:
        raise DemoError(
            f"ANSWERS has labels that LABELS lacks: {unknown[:SHOWN_IN_ERRORS]}. LABELS are {list(labels)}."
        )


def is_image(path: Path) -> bool:
    """Whether Ground Truth would show this file, judged by its name."""
    return path.is_file() and path.suffix.lower() in IMAGE_SUFFIXES
