"""How many fewer objects are people asked about? `python -m bench.assist --input FOLDER [--seeds 12] [--wrong 0.05]`.

The class folders of FOLDER are the answers of people, a share `--wrong` of them another class at random. Each seed
labels all images in rounds (`learning.rounds`), and once more asking in random order with the same rule. Embeddings are
kept in .local/bench. Writes .local/bench/assist.json: `asked`, `machine` and `machine_accuracy` are means over the
seeds, the latter over those in which the machine labeled any, against the folders.
"""

from __future__ import annotations

import argparse
import hashlib
import math
import statistics
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import t
from threadpoolctl import threadpool_limits

from augmentation.embedding.files import Embeddings, embed_files, load_embeddings, save_embeddings
from augmentation.embedding.model import shipped_model
from augmentation.errors import UsageError
from augmentation.image.medium import ENDINGS
from augmentation.processes import default_processes
from bench.results import FOLDER, keep
from learning.features import prepare_features
from learning.rounds import next_round
from learning.state import AssistSettings, Objects, State


@dataclass(frozen=True)
class Outcome:
    """Shares of all objects; accuracies are None if the machine labeled nothing."""

    asked: float
    machine: float
    machine_accuracy: float | None
    estimated_accuracy: float | None
    rounds: int
    withdrawn: float
    seconds: float


def simulate(
    objects: Objects, truth: Sequence[str], seed: int, settings: AssistSettings, wrong: float = 0.0
) -> Outcome:
    """Labels all objects as people do whose answers are `truth`, but for a share `wrong`."""
    began, right = time.perf_counter(), dict(zip(objects.sources, truth, strict=True))
    classes = sorted(set(truth))
    people, answers, state = _people(right, classes, wrong, seed), dict[str, str | None](), State()
    while True:
        made = next_round(objects, answers, len(classes), seed, state, settings)
        if made.done:
            break
        answers.update((one.source, people[one.source]) for one in made.ask)
        state = made.state
    hits = [one.label == right[one.source] for one in made.machine]
    return Outcome(
        len(answers) / len(right),
        len(made.machine) / len(right),
        statistics.fmean(hits) if hits else None,
        made.machine[0].accuracy if made.machine else None,
        made.state.round - 1,
        len(made.state.withdrawn) / len(right),
        time.perf_counter() - began,
    )


def _people(right: Mapping[str, str], classes: Sequence[str], wrong: float, seed: int) -> dict[str, str]:
    rng = np.random.default_rng([seed, 1])
    return {
        source: str(rng.choice([one for one in classes if one != label])) if rng.random() < wrong else label
        for source, label in right.items()
    }


def interval(values: Sequence[float]) -> list[float]:
    """The mean's 95 % interval by Student's t; of fewer than two values the mean alone."""
    mean = statistics.fmean(values)
    if len(values) < 2:
        return [mean, mean]
    margin = float(t.ppf(0.975, len(values) - 1)) * statistics.stdev(values) / math.sqrt(len(values))
    return [mean - margin, mean + margin]


def summarize(outcomes: Sequence[Outcome], target: float) -> dict[str, Any]:
    """Means, intervals, and the share of the seeds in which the machine's labels were worse than the rule promised."""
    summary: dict[str, Any] = {"outcomes": [asdict(one) for one in outcomes]}
    for name in ("asked", "machine", "machine_accuracy", "estimated_accuracy", "rounds", "withdrawn", "seconds"):
        values = [value for one in outcomes if (value := getattr(one, name)) is not None]
        summary[name] = statistics.fmean(values) if values else None
        summary[f"{name}_interval"] = interval(values) if values else None
    accuracies = [one.machine_accuracy for one in outcomes if one.machine_accuracy is not None]
    summary["below_target"] = sum(value < target for value in accuracies) / len(outcomes)
    return summary


def embedded(folder: Path, names: Sequence[str]) -> tuple[Embeddings, float]:
    """Embeddings as they were kept, or made and kept; and how many seconds that took."""
    began, model = time.perf_counter(), shipped_model()
    key = hashlib.sha256(f"{folder.resolve()} {model.digest}".encode()).hexdigest()[:16]
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = FOLDER / f"embeddings-{key}.npz"
    made = embed_files(folder, names, model, earlier=load_embeddings(kept) if kept.exists() else None)
    for name, reason in made.unreadable.items():
        print(f"left out: {name}: {reason}", file=sys.stderr)  # noqa: T201
    if not made.sources:
        raise UsageError(f"--input {folder}: none of its {len(names)} images can be read")
    save_embeddings(kept, made)
    return load_embeddings(kept), time.perf_counter() - began


def class_files(folder: Path) -> list[str]:
    """Paths below `folder` of the images in its class folders. Raises UsageError: no two classes."""
    if not folder.is_dir():
        raise UsageError(f"--input {folder}: is no folder")
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.glob("*/**/*")
        if path.suffix.lower() in ENDINGS and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if len({_label(name) for name in names}) < 2:
        raise UsageError(f"--input {folder}: needs a folder with images for each of at least two classes")
    return names


def _label(name: str) -> str:
    return name.split("/", 1)[0]


def measured(folder: Path, seeds: int, wrong: float, settings: AssistSettings) -> dict[str, Any]:
    embeddings, embedding_seconds = embedded(folder, class_files(folder))
    began = time.perf_counter()
    objects = Objects(embeddings.sources, prepare_features(embeddings.vectors), embeddings.model)
    truth = [_label(name) for name in embeddings.sources]
    feature_seconds = time.perf_counter() - began
    began = time.perf_counter()
    ours = _each_seed(objects, truth, seeds, settings, wrong)
    random = _each_seed(objects, truth, seeds, replace(settings, least_sure=0.0), wrong)
    return {
        "objects": len(truth),
        "classes": len(set(truth)),
        "seeds": seeds,
        "wrong": wrong,
        "settings": asdict(settings),
        "embedding_seconds": embedding_seconds,
        "feature_seconds": feature_seconds,
        "simulation_seconds": time.perf_counter() - began,
        **summarize(ours, settings.target),
        "random_order": summarize(random, settings.target),
    }


def _each_seed(
    objects: Objects, truth: Sequence[str], seeds: int, settings: AssistSettings, wrong: float
) -> list[Outcome]:
    one = partial(_seeded, objects, truth, settings, wrong)
    with ProcessPoolExecutor(default_processes(), initializer=threadpool_limits, initargs=(1,)) as pool:
        return list(pool.map(one, range(seeds)))


def _seeded(objects: Objects, truth: Sequence[str], settings: AssistSettings, wrong: float, seed: int) -> Outcome:
    return simulate(objects, truth, seed, settings, wrong)


def told(result: Mapping[str, Any]) -> str:
    lines = [
        f"{result['objects']:,} images, {result['classes']} classes, {result['seeds']} seeds;"
        f" embedding {result['embedding_seconds']:.1f} s, features {result['feature_seconds']:.1f} s,"
        f" all seeds {result['simulation_seconds']:.1f} s"
    ]
    for title, arm in (("least sure first", result), ("random order", result["random_order"])):
        lines.append(
            f"{title}: asked {_share(arm, 'asked')}, by machine {_share(arm, 'machine')},"
            f" of which right {_share(arm, 'machine_accuracy')} (estimated {_share(arm, 'estimated_accuracy')});"
            f" below the target in {arm['below_target']:.0%} of the seeds; {arm['rounds']:.1f} rounds,"
            f" {arm['seconds']:.1f} s a seed"
        )
    return "\n".join(lines)


def _share(arm: Mapping[str, Any], name: str) -> str:
    if arm[name] is None:
        return "none"
    if len(arm["outcomes"]) < 2:
        return f"{arm[name]:.2%}"
    low, high = arm[f"{name}_interval"]
    return f"{arm[name]:.2%} [{max(low, 0):.2%}, {min(high, 1):.2%}]"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m bench.assist", description="Who is asked, and what the machine labels."
    )
    parser.add_argument("--input", type=Path, required=True, help="a folder of class folders, which are the answers")
    parser.add_argument("--seeds", type=_positive, default=12)
    parser.add_argument("--wrong", type=_rate, default=0.0, help="the share of people's answers that are wrong")
    parser.add_argument("--target", type=_rate, default=AssistSettings().target, help="the machine's accuracy")
    options = parser.parse_args(arguments)
    try:
        result = measured(options.input, options.seeds, options.wrong, AssistSettings(target=options.target))
    except UsageError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 2
    keep("assist", result)
    print(told(result))  # noqa: T201
    return 0


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return value


def _rate(text: str) -> float:
    value = float(text)
    if not 0 <= value < 1:
        raise argparse.ArgumentTypeError("a share from 0 to below 1")
    return value


if __name__ == "__main__":
    sys.exit(main())
