"""What the demo is asked to do: which images, which question, who knows the answers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from domain.errors import InvalidInput, InvalidRecipe
from domain.labels.answers import read_answers
from domain.recipe.fit import Wanted, read_fitting_recipe
from domain.task_types import task_type
from domain.text import composed
from domain.workflow.object_keys import is_hidden
from scripts.draw_faces import draw_faces

ROOT = Path(__file__).resolve().parent.parent.parent
DEFAULT_RECIPE = ROOT / "recipes/lego-faces.yaml"
TASK = "image-single-label"
DRAWN = "lego-faces"
FACES, OPEN_MOUTHS = 33, 7
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


def drawn_job(folder: Path, recipe: Path, *, human: bool, count: int = FACES) -> Job:
    """The default job: 33 faces drawn from a fixed seed, 7 of them with an open mouth; of more, as large a part."""
    images, answers, labels = folder / "images", folder / "answers.csv", ("mouth open", "mouth not open")
    check_recipe(recipe, labels)
    draw_faces(images, answers, count=count, open_mouths=count * OPEN_MOUTHS // FACES)
    known = None if human else answers_for(answers, images)
    return Job(DRAWN, images, "Is the mouth open?", labels, known, recipe)


def own_job(
    images: Path, answers: Path | None, labels: str | None, question: str | None, recipe: Path, *, human: bool
) -> Job:
    """A job over somebody's own images; refuses what could not end well."""
    if not images.is_dir():
        raise DemoError(f"IMAGES={images} is not a folder. Name a folder that holds .jpg, .jpeg or .png files.")
    if not image_paths(images):
        raise DemoError(f"IMAGES={images} holds no .jpg, .jpeg or .png file.")
    known = None if human else answers_for(answers, images) if answers else folder_answers(images)
    if known == {}:
        raise DemoError(
            "The scripted workers need to know the answers: give ANSWERS=<csv with the columns file,label>, "
            "sort the images into folders that are named after their class, or label them yourself with HUMAN=1."
        )
    chosen = parse_labels(labels, known)
    if known is not None:
        refuse_unknown_labels(known, chosen)
    check_recipe(recipe, chosen)
    return Job(dataset_name(images), images, question or "Which label fits the image best?", chosen, known, recipe)


def dataset_name(images: Path) -> str:
    """The folder's name, in the letters that a data set's name has."""
    return re.sub(r"[^a-z0-9]+", "-", images.resolve().name.lower()).strip("-")[:40].strip("-") or "images"


def check_recipe(recipe: Path, labels: tuple[str, ...]) -> None:
    """Refuse a recipe that the workflow would refuse, in the first second."""
    try:
        read_fitting_recipe(recipe.read_text("utf-8"), str(recipe), Wanted(task_type(TASK).medium, labels))
    except (InvalidRecipe, UnicodeDecodeError) as error:
        raise DemoError(f"RECIPE={recipe} cannot be used.\n{error}") from error


def parse_labels(labels: str | None, answers: dict[str, str] | None) -> tuple[str, ...]:
    """The labels of `LABELS="a,b"`, or else those of the answers in order of first appearance."""
    given = labels.split(",") if labels else list(answers.values()) if answers else []
    chosen = tuple(dict.fromkeys(composed(label.strip()) for label in given if label.strip()))
    if len(chosen) < 2:
        raise DemoError(f'At least two labels are needed, found {list(chosen)}. Give LABELS="first,second".')
    return chosen


def answers_for(file: Path, images: Path) -> dict[str, str]:
    """Label by path below `images`, from a CSV file with the columns `file` and `label`."""
    if not file.is_file():
        raise DemoError(f"ANSWERS={file} is not a file. Give a CSV file with the columns file,label.")
    try:
        with file.open(encoding="utf-8", newline="") as lines:
            answers = read_answers(lines, f"ANSWERS={file}")
    except InvalidInput as error:
        raise DemoError(str(error)) from error
    except UnicodeDecodeError as error:
        raise DemoError(f"ANSWERS={file} is not UTF-8. Save it as UTF-8 text.") from error
    paths = image_paths(images)
    missing = [path for path in paths if composed(path) not in answers]
    if missing:
        raise DemoError(
            f"ANSWERS={file} has no line for {len(missing)} of {len(paths)} images, "
            f"such as {', '.join(missing[:SHOWN_IN_ERRORS])}. Add them, or label by hand with HUMAN=1."
        )
    return {path: answers[composed(path)] for path in paths}


def folder_answers(images: Path) -> dict[str, str]:
    """Each image's first folder as its label; nothing if one of them lies in no folder."""
    paths = image_paths(images)
    return {path: composed(path.split("/", 1)[0]) for path in paths} if all("/" in path for path in paths) else {}


def image_paths(images: Path) -> list[str]:
    """Of the files that people would be shown."""
    return [path.relative_to(images).as_posix() for path in sorted(images.rglob("*")) if is_image(path, images)]


def refuse_unknown_labels(answers: dict[str, str], labels: tuple[str, ...]) -> None:
    """Refuse answers that no worker could choose."""
    unknown = sorted({label for label in answers.values() if label not in labels})
    if unknown:
        raise DemoError(
            f"ANSWERS has labels that LABELS lacks: {unknown[:SHOWN_IN_ERRORS]}. LABELS are {list(labels)}."
        )


def is_image(path: Path, images: Path) -> bool:
    """Whether people would be shown this file, judged by its name."""
    ending = path.suffix.lower() in task_type(TASK).endings
    return ending and path.is_file() and not is_hidden(path.relative_to(images).as_posix())
