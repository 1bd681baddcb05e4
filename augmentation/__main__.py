"""The engine's command line: `run` makes a version or a host's part of one; `validate`, `plan` and
`preview` show before that what a recipe says, makes and does; `labels` turns label files into other ones; `assist`
decides a round of labeling."""

from __future__ import annotations

import argparse
import sys
import traceback
import warnings
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

from augmentation.convert import add_labels_command
from domain.text import counted

MESSAGE_LIMIT = 1024  # what SageMaker keeps of /opt/ml/output/message
Told = TypeVar("Told")


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="python -m augmentation",
        description="Makes an augmented, split, versioned data set of labeled images, clips, texts or records.",
    )
    commands = top.add_subparsers(
        dest="command", required=True, metavar="{run,validate,plan,preview,fingerprint,check,doctor,tune,assist,labels}"
    )
    _add_run(commands)
    _add_validate(commands)
    _add_plan(commands)
    _add_preview(commands)
    _add_fingerprint(commands)
    _add_check(commands)
    _add_doctor(commands)
    _add_tune(commands)
    _add_assist(commands)
    add_labels_command(commands)
    return top


def _add_run(commands: Any) -> None:
    run = commands.add_parser(
        "run",
        help="make a version of a folder of images",
        description="Makes a version of a folder of images, of clips, of texts or of records.",
    )
    _add_common(run)
    _add_labels(run)
    add = run.add_argument
    add("--output", type=Path, required=True, metavar="DIR", help="new or empty folder for the version")
    add("--known", type=Path, metavar="FILE", help="manifest.jsonl of an earlier version: keep its splits, add to it")
    _add_processes(run)
    add("--host-config", type=Path, metavar="FILE", help="SageMaker's resourceconfig.json: make only this host's part")
    add("--message-file", type=Path, metavar="FILE", help="where to write the reason of a failure for SageMaker")
    add("--dataset", metavar="NAME", help="name of the data set [default: from the input folder]")
    add("--version", metavar="NAME", help="name of the version [default: one above the earlier one's]")
    add("--label-attribute", default="label", metavar="NAME", help="key in augmented.manifest [default: label]")
    add("--fingerprints", type=Path, metavar="FILE", help="what `fingerprint` wrote: near-duplicates get one split")
    _add_embedding(run)
    made = "what `fingerprint --embed` wrote, a file or a folder: the version's embeddings are of these"
    add("--embeddings", type=Path, metavar="FILE", help=made)
    doctor = "write doctor.html and doctor.json into the version: what may be wrong with its sources"
    add("--doctor", action="store_true", help=doctor)
    seconds = "the longest that a custom step may take for one image [default: no limit]"
    add("--step-seconds", type=_at_least_one, metavar="N", help=seconds)
    add("--resume", action="store_true", help="go on where a killed run into the same folder stopped")
    add(
        "--created",
        metavar="TIME",
        help="ISO 8601 time of the version [default: now]; no report says how long it took",
    )


def _add_validate(commands: Any) -> None:
    about = "Checks a recipe. Every fault is named with file:line:column; exit code 0 if there is none, else 2."
    validate = commands.add_parser("validate", help="check a recipe and explain its faults", description=about)
    validate.add_argument("--recipe", type=Path, required=True, metavar="FILE", help="the recipe, YAML")


def _add_plan(commands: Any) -> None:
    about = "Prints how many files a run makes for each split, class and export, and about how many bytes."
    plan = commands.add_parser("plan", help="say how many files and bytes a run will make", description=about)
    _add_common(plan)
    _add_labels(plan)


def _add_labels(command: argparse.ArgumentParser) -> None:
    about = "labels.jsonl, a CSV table, or those of another tool [default: a file's first folder is its class]"
    command.add_argument("--labels", type=Path, metavar="PATH", help=about)
    loose = "without --labels, the class of files that lie in no folder [default: they are refused]"
    command.add_argument("--loose-class", metavar="NAME", help=loose)


def _add_processes(command: argparse.ArgumentParser) -> None:
    add = command.add_argument
    add(
        "--processes",
        type=_at_least_one,
        metavar="N",
        help="how many processes work at once [default: one for each core]",
    )
    add("--workers", dest="processes", type=_at_least_one, help=argparse.SUPPRESS)  # its name in 0.1


def _add_preview(commands: Any) -> None:
    preview = commands.add_parser(
        "preview", help="write a page that shows what a recipe does", description="Writes a page that shows every step."
    )
    _add_common(preview)
    preview.add_argument("--output", type=Path, required=True, metavar="FILE", help="the HTML file to write")
    preview.add_argument("--samples", type=_at_least_one, default=6, metavar="N", help="images to show [default: 6]")


def _add_fingerprint(commands: Any) -> None:
    about = "Writes a perceptual hash of each image, by which `run` keeps near-duplicates in one split."
    command = commands.add_parser("fingerprint", help="hash the images to find near-duplicates", description=about)
    command.add_argument("--input", type=Path, required=True, metavar="DIR", help="folder with the images or clips")
    command.add_argument("--output", type=Path, required=True, metavar="FILE", help="the fingerprints.jsonl to write")
    _add_processes(command)
    command.add_argument(
        "--earlier", type=Path, metavar="FILE", help="earlier fingerprints: images with the same bytes are not decoded"
    )
    embed = "write embeddings too, of the same look: beside --output, as .npz"
    command.add_argument("--embed", action="store_true", help=embed)
    before = "earlier embeddings.npz: of images with the same bytes they are taken over"
    command.add_argument("--earlier-embeddings", type=Path, metavar="FILE", help=before)
    _add_embedding(command)
    host = "SageMaker's resourceconfig.json: --output is a folder, and the file is named for this host"
    command.add_argument("--host-config", type=Path, metavar="FILE", help=host)
    command.add_argument("--message-file", type=Path, metavar="FILE", help="where to write the reason of a failure")


def _add_check(commands: Any) -> None:
    about = "Checks a finished version: files, checksums, counts, and that no source crosses splits. Exit code 0 or 1."
    check = commands.add_parser("check", help="prove that a version is whole and leaks nothing", description=about)
    check.add_argument("folder", type=Path, metavar="DIR", help="folder of the version")
    check.add_argument("--fingerprints", type=Path, metavar="FILE", help="check near-duplicates too")
    check.add_argument("--parents", type=Path, metavar="DIR", help="folder that holds the versions it grew on")


def _add_doctor(commands: Any) -> None:
    about = "Looks for labels in doubt, duplicates, outliers, and pictures that show nothing. Nothing is changed."
    command = commands.add_parser("doctor", help="find what is wrong with a data set", description=about)
    add = command.add_argument
    add("--input", type=Path, required=True, metavar="DIR", help="folder with the files")
    _add_labels(command)
    add("--output", type=Path, required=True, metavar="DIR", help="folder for index.html and doctor.json")
    add("--manifest", type=Path, metavar="FILE", help="manifest.jsonl of a version: no copies may cross its splits")
    chosen = "fixes.csv that the page saved: what is kept is told no more, and labels.jsonl is written without the rest"
    add("--fixes", type=Path, metavar="FILE", help=chosen)
    _add_embedding(command)
    _add_processes(command)
    add("--message-file", type=Path, metavar="FILE", help="where to write the reason of a failure")


def _add_tune(commands: Any) -> None:
    about = (
        "Tries recipes on your own images by nested cross-validation, and writes the one that helps as recipe.yaml, "
        "with its interval; or says that none does."
    )
    command = commands.add_parser("tune", help="find out which recipe helps, if any", description=about)
    add = command.add_argument
    add("--input", type=Path, required=True, metavar="DIR", help="folder with the images")
    _add_labels(command)
    add("--output", type=Path, required=True, metavar="DIR", help="folder for recipe.yaml, tune.json and index.html")
    add("--recipe", type=Path, metavar="FILE", help="a recipe of yours: tried too, its groups and classes hold for all")
    add("--seeds", type=_at_least_one, default=12, metavar="N", help="repetitions, each with other folds [default: 12]")
    add("--images", type=_at_least_one, default=800, metavar="N", help="the most to look at [default: 800]")
    add(
        "--minutes",
        type=_at_least_one,
        default=60,
        metavar="N",
        help="leave out what is not done by then [default: 60]",
    )
    add("--seed", type=int, default=0, metavar="N", help="the same seed gives the same result [default: 0]")
    _add_embedding(command)
    _add_processes(command)


def _add_assist(commands: Any) -> None:
    about = "Decides a round of labeling: whom to ask, and what the machine labels. The workflow `assist` calls it."
    command = commands.add_parser("assist", help="decide a round of labeling", description=about)
    add = command.add_argument
    kept = "the run's folder: assist.json, objects.jsonl, rounds/<N>/answers.jsonl, and what earlier rounds decided"
    add("--work", type=Path, required=True, metavar="DIR", help=kept)
    add("--round", type=_number, required=True, metavar="N", help="the round, from 0")
    add("--input", type=Path, metavar="DIR", help="folder with the images, to be embedded: in the first round")
    add("--output", type=Path, required=True, metavar="DIR", help="where what is decided goes, laid out like --work")
    _add_processes(command)
    add("--host-config", type=Path, metavar="FILE", help=argparse.SUPPRESS)  # tells where the container's files are
    add("--message-file", type=Path, metavar="FILE", help="where to write the reason of a failure")


def _add_embedding(command: argparse.ArgumentParser) -> None:
    own = "an ONNX model of yours, with its card beside it [default: the one that is shipped]"
    command.add_argument("--embedding", type=Path, metavar="FILE", help=own)


def _add_common(command: argparse.ArgumentParser) -> None:
    command.add_argument("--recipe", type=Path, required=True, metavar="FILE", help="the recipe, YAML")
    command.add_argument("--input", type=Path, required=True, metavar="DIR", help="folder with the files")
    allow = "run the recipe's `custom` steps: code with all the rights of this process"
    command.add_argument("--allow-custom", action="store_true", help=allow)
    above = "folder that holds the folders of background noise [default: the recipe's]"
    command.add_argument("--backgrounds", type=Path, metavar="DIR", help=above)
    command.add_argument(
        "--seed", type=int, default=0, metavar="N", help="the same seed draws the same values [default: 0]"
    )


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 1 or more")
    return int(text)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of 0 or more")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    options = parser().parse_args(arguments)
    message_file: Path | None = getattr(options, "message_file", None)
    warnings.formatwarning = lambda message, *_, **__: f"warning: {message}\n"  # for people: no module, no line of code
    from augmentation.errors import UsageError  # after parsing: --help must not wait for numpy
    from augmentation.failures import EXIT_FAILED, EXIT_USAGE, Failure, failure_of

    try:
        return COMMANDS[options.command](options)
    except UsageError as error:
        _report_failure(str(error), message_file)
        return EXIT_USAGE
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the last stop: SageMaker must learn any reason
        failure = failure_of(error, options)
        if failure is None:
            traceback.print_exc()
            failure = Failure(f"{type(error).__name__}: {error}", EXIT_FAILED)
        _report_failure(failure.reason, message_file)
        return failure.exit_code


def _run(options: argparse.Namespace) -> int:
    from augmentation.run.run import RunOptions, run

    result = run(_told(RunOptions, options), show_progress=True, examine=_examine() if options.doctor else None)
    done = result.part
    quarantined = done.quarantined if result.version is None else result.version.quarantined  # labels without a file
    _say(f"{counted(done.sources, 'file')} read, {done.outputs:,} made, {quarantined:,} in quarantine")
    for sentence in result.version.warnings if result.version else ():
        _say(f"warning: {sentence}")
    if result.version is not None:
        _say(f"Report: {options.output / 'report.html'}")
    return 0


def _told(kind: type[Told], options: argparse.Namespace) -> Told:
    """The options that this command has; what it does not have keeps its default."""
    names = (field.name for field in fields(kind))  # type: ignore[arg-type] # a dataclass
    return kind(**{name: getattr(options, name) for name in names if hasattr(options, name)})


def _examine() -> Any:
    """The doctor, imported where he is asked for only."""
    from augmentation.doctor.step import examine

    return examine


def _validate(options: argparse.Namespace) -> int:
    from augmentation.input.recipe_file import load_recipe
    from domain.recipe import chains

    recipe, _ = load_recipe(options.recipe)
    _say(f"{options.recipe} is a valid recipe; it exports {', '.join(chains(recipe))}")
    return 0


def _plan(options: argparse.Namespace) -> int:
    from augmentation.input.preparation import Options
    from augmentation.preview.forecast import as_table, forecast

    sys.stdout.write(as_table(forecast(_told(Options, options))))
    return 0


def _preview(options: argparse.Namespace) -> int:
    from augmentation.input.preparation import Options
    from augmentation.preview.page import preview

    shown = preview(_told(Options, options), options.output, options.samples)
    _say(f"{counted(shown, 'image')} shown in {options.output}")
    return 0


def _fingerprint(options: argparse.Namespace) -> int:
    from augmentation.input.fingerprints import comparable, write_fingerprints
    from augmentation.input.sources import find_sources

    output: Path = options.output
    if options.host_config is not None:
        from augmentation.input.host import Host

        output = output / f"{Host.of(options.host_config).name}.jsonl"
    earlier, files = comparable(options.earlier) if options.earlier else [], find_sources(options.input)
    embed = _embed(options, output) if options.embed else None
    count = write_fingerprints(options.input, files, output, options.processes, earlier, embed)
    _say(f"{counted(count, 'image')} in {output}")
    return 0


def _embed(options: argparse.Namespace, output: Path) -> Any:
    """What the pass is to embed; nothing, with a word, where the packages are missing and no model was named."""
    from augmentation.embedding.model import model_of
    from augmentation.errors import UsageError
    from augmentation.input.look import Embed

    try:
        model = model_of(options.embedding)
    except UsageError as error:
        if options.embedding is not None:
            raise
        _say(f"warning: no embeddings: {error}")
        return None
    earlier = [options.earlier_embeddings] if options.earlier_embeddings else []
    return Embed(model, output.with_suffix(".npz"), earlier)


def _check(options: argparse.Namespace) -> int:
    from augmentation.check import problems_of

    found = 0
    for problem in problems_of(options.folder, options.fingerprints, options.parents):
        found += 1
        _say(problem)
    _say(f"{options.folder}: {counted(found, 'problem') if found else 'whole, and nothing crosses splits'}")
    return 1 if found else 0


def _doctor(options: argparse.Namespace) -> int:
    from augmentation.doctor.doctor import PAGE, DoctorOptions, doctor

    found = {kind: count for kind, count in doctor(_told(DoctorOptions, options)).items() if count}
    told = ", ".join(f"{kind.replace('_', ' ')} {count:,}" for kind, count in found.items())
    _say(f"{told or 'nothing was found'}; the page: {options.output / PAGE}")
    return 0


def _tune(options: argparse.Namespace) -> int:
    from augmentation.tune.result import PAGE
    from augmentation.tune.tune import TuneOptions, tune

    found = tune(_told(TuneOptions, options), show_progress=True)
    mean, low, high = (100 * found["gain"][name] for name in ("mean", "low", "high"))
    gain = f"choosing a recipe gains {mean:+.1f} points, 95 % interval {low:+.1f} to {high:+.1f}"
    verdict = f"use {found['recommended']}" if found["helps"] else "no recipe helps: none is recommended"
    _say(f"{verdict}; {gain}; the page: {options.output / PAGE}")
    return 0


def _assist(options: argparse.Namespace) -> int:
    from augmentation.assist import AssistOptions, assist

    decided = assist(_told(AssistOptions, options))
    asked, machine = counted(decided["asked"], "image"), counted(decided["machine"], "image")
    _say(f"round {decided['round']}: {asked} to ask, {machine} labeled by the machine")
    return 0


def _labels(options: argparse.Namespace) -> int:
    from augmentation.convert import convert

    _say(convert(options))
    return 0


COMMANDS = {
    "run": _run,
    "validate": _validate,
    "plan": _plan,
    "preview": _preview,
    "fingerprint": _fingerprint,
    "check": _check,
    "doctor": _doctor,
    "tune": _tune,
    "assist": _assist,
    "labels": _labels,
}


def _say(line: str) -> None:
    sys.stderr.write(line.encode("utf-8", "backslashreplace").decode() + "\n")


def _report_failure(reason: str, message_file: Path | None) -> None:
    _say(f"error: {reason}")
    if message_file is None:
        return
    try:
        message_file.parent.mkdir(parents=True, exist_ok=True)
        message_file.write_text(reason[:MESSAGE_LIMIT], encoding="utf-8", errors="backslashreplace")
    except OSError as error:  # the same full disk, often; the reason above counts
        _say(f"cannot write {message_file}: {error.strerror or error}")


if __name__ == "__main__":
    sys.exit(main())
