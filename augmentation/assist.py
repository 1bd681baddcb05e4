"""A round of labeling on files: embeds the images, once, and decides whom to ask and what the machine labels.

The folder of a run has `assist.json` (labels, seed, settings, the place of a model of the user's own), `objects.jsonl`
(names of the images) and, round by round, `rounds/<number>/answers.jsonl`; the rounds before have left what they
decided beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from augmentation.embedding.files import embed_files
from augmentation.embedding.kept import EMBEDDINGS, Embeddings, load_embeddings, save_embeddings
from augmentation.embedding.model import model_of
from augmentation.embedding.packages import require_learning
from augmentation.errors import UsageError
from augmentation.files import read_text
from domain.errors import InvalidInput
from domain.jsonlines import dump_line, load_lines

EARLIER, UNREADABLE = "earlier.npz", "unreadable.jsonl"
FEATURES = "features.npy"
"""What is learned from, made of the embeddings: n x d, 32 bits each."""


@dataclass(frozen=True)
class AssistOptions:
    """`work` is the run's folder, `output` where what is decided goes, laid out like it. `input`, the images' folder,
    is there for the first round only."""

    work: Path
    output: Path
    round: int
    input: Path | None = None
    processes: int | None = None


def assist(options: AssistOptions) -> dict[str, Any]:
    """Decides the round, and gives its summary, which is written last.

    Raises:
        UsageError: a file is missing or no such file; or the embedding's packages are.
    """
    require_learning("a round of labeling")
    given = _json(options.work / "assist.json")
    embeddings = _embeddings(options, given.get("embedding"))
    answers = _answers(options, embeddings)
    try:
        return _decide(options, given, embeddings, answers)
    except (InvalidInput, TypeError) as error:  # a setting that is none, or out of its range
        raise UsageError(f"{options.work / 'assist.json'}: {error}") from error


def _embeddings(options: AssistOptions, own: str | None) -> Embeddings:
    """Made in the first round; read in the others. `own`: the ONNX model, below the run's folder."""
    if options.input is None:
        return load_embeddings(options.work / EMBEDDINGS)
    names = [row["source"] for row in _rows(options.work / "objects.jsonl")]
    before, model = options.work / EARLIER, model_of(options.work / own if own else None)
    earlier = load_embeddings(before) if before.exists() else None
    made = embed_files(options.input, names, model, options.processes, earlier)
    options.output.mkdir(parents=True, exist_ok=True)
    save_embeddings(options.output / EMBEDDINGS, made)
    _write(
        options.output / UNREADABLE, ({"source": name, "reason": why} for name, why in sorted(made.unreadable.items()))
    )
    read = load_embeddings(options.output / EMBEDDINGS)  # with as many digits as the later rounds read
    return replace(read, unreadable=made.unreadable)


def _answers(options: AssistOptions, embeddings: Embeddings) -> dict[str, str | None]:
    """Of the images that could be read."""
    known, file = set(embeddings.sources), options.work / "rounds" / str(options.round) / "answers.jsonl"
    rows = _rows(file) if file.exists() else iter(())  # nobody has answered yet
    return {row["source"]: row["label"] for row in rows if row["source"] in known}


def _decide(
    options: AssistOptions, given: Mapping[str, Any], embeddings: Embeddings, answers: Mapping[str, str | None]
) -> dict[str, Any]:
    from learning.rounds import next_round
    from learning.state import AssistSettings, Objects, State

    options.output.mkdir(parents=True, exist_ok=True)
    settings = AssistSettings(**given["settings"])
    state = None
    if options.round > 0:
        state = State.of(_json(options.work / "rounds" / str(options.round - 1) / "state.json"))
    objects = Objects(embeddings.sources, _features(options, embeddings), embeddings.model)
    how = objects, answers, len(given["labels"]), given["seed"], state
    made = next_round(*how, settings)
    # Whoever is asked blind is not shown what the model expects; what that is tells how far suggestions sway people.
    shown_all = next_round(*how, replace(settings, blind=0.0))
    guesses = {one.source: one.suggestion for one in shown_all.ask}
    folder = options.output / "rounds" / str(options.round)
    folder.mkdir(parents=True, exist_ok=True)
    audits = made.state.audits
    questions = [{**asdict(one), "guess": guesses[one.source], "audit": one.source in audits} for one in made.ask]
    _write(folder / "questions.jsonl", questions)
    _write(folder / "machine.jsonl", (asdict(one) for one in made.machine))
    (folder / "state.json").write_text(json.dumps(made.state.as_json()), encoding="utf-8")
    summary = {
        "round": options.round,
        "asked": len(made.ask),
        "machine": len(made.machine),
        "answers": len(answers),
        "objects": len(embeddings.sources),
        "unreadable": len(embeddings.unreadable),
        "audit": {**made.audit._asdict(), "missed": made.audit.missed},
        "settings": asdict(settings),
        "done": made.done,
    }
    (folder / "summary.json").write_text(json.dumps(summary, indent=2), encoding="utf-8")
    return summary


def _features(options: AssistOptions, embeddings: Embeddings) -> NDArray[np.float64]:
    """What takes longest for many images is done once: it does not depend on answers."""
    from learning.features import prepare_features

    kept = options.work / FEATURES
    if options.input is None and kept.exists():
        return np.asarray(np.load(kept, allow_pickle=False), np.float64)
    made = prepare_features(embeddings.vectors).astype(np.float32)
    np.save(options.output / FEATURES, made, allow_pickle=False)
    return made.astype(np.float64)


def _json(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(read_text(file, "file"))
    except ValueError as error:
        raise UsageError(f"{file}: not JSON ({error})") from error
    return found


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    return load_lines(read_text(file, "file"), str(file))


def _write(file: Path, rows: Iterable[Mapping[str, Any]]) -> None:
    file.write_text("".join(f"{dump_line(row)}\n" for row in rows), encoding="utf-8")
