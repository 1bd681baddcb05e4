"""The command line of the demo; `make demo` passes its variables on through the environment."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from localcloud.client.process import LocalCloudError
from scripts.demo.audio_case import AudioDemo
from scripts.demo.folders import given_folder, new_folder, point_to
from scripts.demo.job import DEFAULT_RECIPE, DRAWN, FACES, ROOT, DemoError, Job, dataset_name, drawn_job, own_job
from scripts.demo.labeling_jobs import BACKENDS, FOR_AUDIO, known_backend
from scripts.demo.run import Demo
from scripts.label_studio_server import LabelStudioError

RUNS = ROOT / ".local/demo"


def demo(
    images: Annotated[Path | None, typer.Option(envvar="IMAGES", help="A folder of your own images.")] = None,
    answers: Annotated[Path | None, typer.Option(envvar="ANSWERS", help="A CSV file: file,label.")] = None,
    labels: Annotated[str | None, typer.Option(envvar="LABELS", help='The classes: "a,b".')] = None,
    question: Annotated[str | None, typer.Option(envvar="QUESTION", help="What the workers are asked.")] = None,
    recipe: Annotated[Path, typer.Option(envvar="RECIPE", help="An augmentation recipe.")] = DEFAULT_RECIPE,
    human: Annotated[bool, typer.Option(envvar="HUMAN", help="Label by hand.")] = False,
    backend: Annotated[str, typer.Option(envvar="BACKEND", help=f"Where people label: {' or '.join(BACKENDS)}.")] = "",
    case: Annotated[str, typer.Option(envvar="CASE", help="audio: clips, noise, transcripts to verify.")] = "",
    assist: Annotated[bool, typer.Option(envvar="ASSIST", help="Ask in rounds; a model labels the rest.")] = False,
    count: Annotated[int, typer.Option(envvar="COUNT", min=33, max=2000, help="Faces to draw.")] = FACES,
    out: Annotated[Path | None, typer.Option(envvar="OUT", help="A new folder for what the demo makes.")] = None,
) -> None:
    """Turn a folder of images into a labeled, augmented data set on the local cloud, and take everything down."""
    console = Console()
    try:
        chosen = known_backend(backend, FOR_AUDIO if case else BACKENDS)
        name = case or (DRAWN if images is None else dataset_name(images))
        folder = new_folder(RUNS, name, datetime.now().astimezone()) if out is None else given_folder(out)
        if case:
            check_case(case, images, answers, labels, question, recipe, rounds=assist)
            run: Demo = AudioDemo(console, folder, human=human, backend=chosen)
        else:
            job = prepare(folder, images, answers, labels, question, recipe, human=human, count=count)
            folder.mkdir(parents=True, exist_ok=True)
            run = Demo(console, folder, job, human=human, backend=chosen, assist=assist)
        run.run()
        if out is None:
            point_to(RUNS / "latest", folder)
    except (DemoError, LabelStudioError, LocalCloudError) as error:
        console.print(f"[bold red]The demo failed.[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        raise typer.Exit(1) from error
    except OSError as error:
        place = error.filename or "the disk"
        console.print(f"[bold red]The demo failed.[/] {escape(f'{place}: {error.strerror}')}", soft_wrap=True)
        raise typer.Exit(1) from error


def check_case(case: str, *own: object, rounds: bool = False) -> None:
    """Refuses a case that there is not, and options of another one."""
    if case != "audio":
        raise DemoError(f"CASE={case}: there is only CASE=audio; without it faces are labeled, or your own IMAGES.")
    if rounds:
        raise DemoError(
            "CASE=audio with ASSIST=1: people are asked in rounds about images only; leave one of them out."
        )
    if any(given not in (None, DEFAULT_RECIPE) for given in own):
        raise DemoError("CASE=audio brings its own clips, question and recipes: leave out what describes your images.")


def prepare(
    folder: Path,
    images: Path | None,
    answers: Path | None,
    labels: str | None,
    question: str | None,
    recipe: Path,
    *,
    human: bool,
    count: int = FACES,
) -> Job:
    """The job that the options describe: one's own images, or the drawn faces."""
    if not recipe.is_file():
        raise DemoError(f"RECIPE={recipe} is not a file.")
    if images is not None:
        return own_job(images, answers, labels, question, recipe, human=human)
    if answers is not None or labels is not None:
        raise DemoError("ANSWERS and LABELS describe your own images: give IMAGES=<folder> too.")
    return drawn_job(folder / "input", recipe, human=human, count=count)


if __name__ == "__main__":
    typer.run(demo)
