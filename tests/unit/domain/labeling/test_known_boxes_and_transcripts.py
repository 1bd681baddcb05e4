"""Known answers of another shape than a label: boxes are held against them by F1, transcripts word by word."""

from __future__ import annotations

import json
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.labeling.answers import answer_of, votes_of
from domain.labeling.consensus import reach
from domain.labeling.gold import asked_gold
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import LabelingResult
from domain.labels.boxes import BoxLabel
from domain.labels.rows import LabelRow, read_labels, write_labels
from domain.task_types.model import Choice
from domain.workflow.inputs import LabelingTask
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.store import MemoryStore

ROOT = "s3://data-bucket/raw/faces/"


def box(left: float, label: str = "cat") -> BoxLabel:
    return BoxLabel(label=label, left=left, top=0, width=10, height=10)


def drew(*boxes: BoxLabel) -> Choice:
    return Choice(tuple(sorted({one.label for one in boxes})) or ("no object",), boxes)


def heard(text: str) -> Choice:
    return Choice(("corrected",), transcript=text)


def reached(kind: str, votes: dict[str, dict[str, Choice]], gold: dict[str, Choice], consensus: str) -> Any:
    labels = ["cat", "dog"] if kind == "image-bounding-box" else []
    fields = {"consensus": consensus, "gold": "raw/g.jsonl", "gold_floor": 0.7}
    task = LabelingTask(**any_task(type=kind, labels=labels, **fields))
    before = LabelingResult(
        {ref: answer_of(given, task) for ref, given in votes.items()},
        {ref: votes_of(given) for ref, given in votes.items()},
    )
    return reach(before, task, gold)


@pytest.mark.parametrize("consensus", ["majority", "dawid_skene"])
def test_who_draws_badly_on_known_images_does_not_count(consensus: str) -> None:
    right, one_of_two = drew(box(0), box(50)), drew(box(0), box(90))
    votes = {f"g{n}": {"ada": right, "mal": one_of_two, "moe": one_of_two} for n in range(5)}
    votes["o"] = {"ada": drew(box(7)), "mal": drew(), "moe": drew()}
    after, workers = reached("image-bounding-box", votes, {f"g{n}": right for n in range(5)}, consensus)
    assert after.answers["g0"].boxes == right.boxes
    assert after.answers["g0"].decided_by == "gold"
    assert [one.left for one in after.answers["o"].boxes] == [7]
    gold = {one.worker: one.gold for one in workers.workers}
    assert (gold["ada"].share, gold["mal"].share, gold["mal"].right, gold["mal"].of) == (1, 0.5, 5, 10)
    assert {one.worker for one in workers.workers if not one.counted} == {"mal", "moe"}


def test_known_transcripts_tell_whose_words_weigh_more() -> None:
    votes = {f"g{n}": {"ada": heard("turn left now"), "mal": heard("turn right now")} for n in range(20)}
    votes["o"] = {"ada": heard("go on"), "mal": heard("go off")}
    gold = {f"g{n}": heard("turn left now") for n in range(20)}
    after, workers = reached("audio-transcript", votes, gold, "dawid_skene")
    assert after.answers["o"].transcript == "go on"
    gold_of = {one.worker: one.gold for one in workers.workers}
    assert (gold_of["ada"].of, gold_of["ada"].share, gold_of["mal"].share) == (60, 1, pytest.approx(2 / 3, abs=1e-4))
    assert [one.worker for one in workers.workers if not one.counted] == ["mal"]


def prepared(
    task: dict[str, Any], gold: str, key: str = "raw/gold.jsonl", manifest: str = ""
) -> tuple[Any, MemoryStore]:
    ending = "wav" if task["type"] == "audio-transcript" else "jpg"
    store = MemoryStore(objects={f"raw/faces/{n:02}.{ending}": str(n) for n in range(20)})
    store.write(key, gold)
    if manifest:
        store.write("manifests/m.csv", manifest)
    given = {"manifest": "manifests/m.csv"} if manifest else {}
    run = any_label_run(task=any_task(**{**task, "gold": key}), **given)
    return prepare(run, "", store), store


def row(name: str, **fields: Any) -> LabelRow:
    return LabelRow(source=name, source_ref=ROOT + name, status="labeled", **fields)


BOXES = {"type": "image-bounding-box", "labels": ["cat", "dog"]}


def test_known_boxes_are_frozen_and_those_that_nobody_is_asked_stand_at_once() -> None:
    known = [row(f"{n:02}.jpg", labels=("cat",), label="cat", boxes=(box(n),)) for n in range(9)]
    known.append(row("09.jpg", labels=("no object",), label="no object", boxes=()))
    built, store = prepared(BOXES, write_labels(known))
    run = any_label_run(task=any_task(**BOXES, gold="raw/gold.jsonl"))
    asked = asked_gold(run, store)
    assert len(asked) == 1
    assert built.reused == 9
    ref, choice = next(iter(asked.items()))
    (wanted,) = [one for one in known if one.source_ref == ref]
    assert (choice.boxes, choice.labels) == (wanted.boxes, wanted.labels)
    reused = {one.source: one for one in read_labels(store.read("labeling/faces/run-1/reused.jsonl"))}
    assert all(reused[one.source].boxes == one.boxes for one in known if one.source_ref != ref)


def test_a_known_transcript_that_is_the_clips_own_is_accepted() -> None:
    manifest = "file,transcript\n" + "".join(f"{n:02}.wav,say {n}\n" for n in range(20))
    gold = "file,transcript\n" + "".join(f"{n:02}.wav,say  {n if n % 2 else 'no'}\n" for n in range(10))
    task = {"type": "audio-transcript", "labels": []}
    _, store = prepared(task, gold, "raw/gold.csv", manifest)
    rows = read_labels(store.read("labeling/faces/run-1/reused.jsonl"))
    assert len(rows) == 9
    for one in rows:
        number = int(one.source[:2])
        wanted = ("accepted", f"say {number}") if number % 2 else ("corrected", "say  no")
        assert (one.label, one.transcript) == wanted
    (line,) = store.read("labeling/faces/run-1/gold.jsonl").splitlines()
    assert set(json.loads(line)) == {"source_ref", "labels", "transcript"}


@pytest.mark.parametrize(
    ("task", "gold", "key", "told"),
    [
        (
            BOXES,
            "file,label\n00.jpg,cat\n",
            "raw/gold.csv",
            "'00.jpg' has no boxes; give known boxes as a labels.jsonl",
        ),
        (BOXES, write_labels([row("00.jpg", labels=("cow",), boxes=(box(0, "cow"),))]), "raw/g.jsonl", "'cow'"),
        (
            {"type": "audio-transcript", "labels": []},
            write_labels([row("00.wav", labels=("corrected",))]),
            "raw/g.jsonl",
            "'00.wav' has no transcript; give a CSV file with file,transcript",
        ),
        ({"type": "audio-transcript", "labels": []}, "file,label\na,b\n", "raw/g.csv", "there is no column transcript"),
    ],
)
def test_known_answers_of_the_wrong_shape_are_refused(task: dict[str, Any], gold: str, key: str, told: str) -> None:
    manifest = "file,transcript\n00.wav,say\n" if task["type"] == "audio-transcript" else ""
    with pytest.raises(InvalidInput, match=r"task\.gold: .*" + told):
        prepared(task, gold, key, manifest)
