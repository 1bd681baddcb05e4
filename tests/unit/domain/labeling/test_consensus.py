"""What the votes of a job come to by how often each worker is right, and beside known answers."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from domain.errors import InvalidInput
from domain.labeling.answers import answer_of, choice_of, votes_of
from domain.labeling.collect import collect
from domain.labeling.consensus import BELOW_FLOOR, is_weighed, reach
from domain.labeling.manifest.input_manifest import Manifest, SourceObject
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import Answer, LabelingResult
from domain.labeling.rows import label_rows
from domain.labels.asking import doubtful
from domain.labels.rows import Vote, read_labels, write_labels
from domain.labels.workers import Workers
from domain.task_types.model import Choice
from domain.workflow.inputs import LabelingTask
from domain.workflow.states import CollectRequest, LabelingProgress
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.labeler import MemoryLabeler
from tests.support.fakes.ledger import MemoryLedger
from tests.support.fakes.store import MemoryStore

ROOT = "s3://data-bucket/raw/faces/"
OBJECTS = [f"{number:02}.jpg" for number in range(40)]
RIGHT = {name: ("open", "shut")[number % 2] for number, name in enumerate(OBJECTS)}


def task(**fields: Any) -> LabelingTask:
    return LabelingTask(**any_task(**{"consensus": "dawid_skene", **fields}))


def result_of(votes: dict[str, dict[str, Choice]], told: LabelingTask, **fields: Any) -> LabelingResult:
    """As a back end gives it."""
    return LabelingResult(
        {ref: answer_of(given, told) for ref, given in votes.items()},
        {ref: votes_of(given) for ref, given in votes.items()},
        **fields,
    )


def careless(name: str) -> str:
    """Says the same as the other careless worker, and is wrong on every second object."""
    return "open" if OBJECTS.index(name) % 4 < 2 else "shut"


def given_by(name: str) -> dict[str, Choice]:
    """Two careful workers answer the first twenty together, and two who guess together; later one careful and both."""
    said = {"ada": RIGHT[name], "eve": RIGHT[name], "mal": careless(name), "moe": careless(name)}
    here = OBJECTS.index(name)
    names = ("ada", "eve", ("mal", "moe")[here % 2]) if here < 28 else ("ada", "mal", "moe")
    return {worker: Choice((said[worker],)) for worker in names}


VOTES = {ROOT + name: given_by(name) for name in OBJECTS}


def test_two_who_guess_alike_do_not_outvote_one_who_has_been_right() -> None:
    before = result_of(VOTES, task())
    after, workers = reach(before, task(), {})
    wrong = [name for name in OBJECTS if before.answers[ROOT + name].label != RIGHT[name]]
    assert len(wrong) == 6
    assert {name: after.answers[ROOT + name].label for name in OBJECTS} == RIGHT
    changed = after.answers[ROOT + wrong[0]]
    assert (changed.decided_by, changed.majority) == ("dawid_skene", before.answers[ROOT + wrong[0]].chosen)
    assert 0.5 < (changed.confidence or 0) < 1
    assert after.answers[ROOT + OBJECTS[0]].majority is None
    assert (workers.changed, workers.objects) == (6, 40)


def test_figures_of_a_worker_are_those_of_the_truth() -> None:
    _, workers = reach(result_of(VOTES, task(), seconds={"ada": (2.0, 3.0, 9.0)}), task(), {})
    found = {one.worker: one for one in workers.workers}
    truth = sum(careless(name) == RIGHT[name] for name in OBJECTS if "mal" in VOTES[ROOT + name])
    assert found["mal"].accuracy.right == pytest.approx(truth, abs=1)
    assert found["mal"].accuracy.low < truth / found["mal"].accuracy.of < found["mal"].accuracy.high
    assert found["ada"].accuracy.share > 0.95
    assert found["ada"].median_seconds == 3.0
    assert found["eve"].median_seconds is None
    assert sum(sum(row.values()) for row in found["ada"].confusion.values()) == pytest.approx(40, abs=0.2)
    assert found["ada"].confusion["open"]["open"] > 19


def test_every_label_of_several_is_a_question_of_its_own() -> None:
    told = task(type="image-multi-label", labels=["hat", "beard", "glasses"])
    votes = {
        f"o{number}": {
            "ada": Choice(("hat",)),
            "eve": Choice(("hat", "glasses") if number == 3 else ("hat",)),
            "mal": Choice(("hat", "beard")),
        }
        for number in range(12)
    }
    after, workers = reach(result_of(votes, told), told, {})
    assert {answer.chosen for answer in after.answers.values()} == {("hat",)}
    assert all(answer.majority is None and 0.9 < (answer.confidence or 0) < 1 for answer in after.answers.values())
    shares = {one.worker: one.accuracy.share for one in workers.workers}
    assert shares["mal"] == pytest.approx(2 / 3, abs=0.02)
    assert shares["eve"] == pytest.approx(35 / 36, abs=0.02)


def test_a_verified_label_is_right_or_wrong_by_who_says_so() -> None:
    told = task(type="image-label-verification", labels=["cat", "dog"])
    votes = {
        f"o{n:02}": {"ada": Choice(("cat",)), "eve": Choice(("cat",)), "mal": Choice((), wrong="cat")} for n in range(9)
    }
    votes |= {f"p{n:02}": {"ada": Choice((), wrong="dog"), "eve": Choice((), wrong="dog")} for n in range(9)}
    after, _ = reach(result_of(votes, told), told, {})
    assert after.answers["o00"].label == "cat"
    assert (after.answers["p00"].label, after.answers["p00"].decided_by) == (None, "dawid_skene")
    assert "more likely wrong" in after.answers["p00"].reason
    (row,) = label_rows(Manifest([SourceObject("p00", "p00")]), after, told, "Completed")
    assert (row.status, row.decided_by, row.confidence) == ("unlabeled", "dawid_skene", after.answers["p00"].confidence)
    assert doubtful([row], 0.9, 5) == doubtful([], 0.9, 5)  # that it is wrong is sure enough


def test_what_a_machine_has_labeled_stays() -> None:
    by_machine = Answer("open", 0.9, "machine")
    result = LabelingResult({"o": by_machine}, {"o": (Vote(worker="ada", label="shut"),)})
    assert reach(result, task(), {})[0].answers["o"] is by_machine


def test_a_vote_becomes_the_choice_that_it_was_made_of() -> None:
    for choice in (Choice(("a",)), Choice(("a", "b")), Choice(()), Choice(("accepted",), transcript="hi")):
        (vote,) = votes_of({"w": choice})
        assert choice_of(vote) == choice


GOLD = {ROOT + name: Choice((RIGHT[name],)) for name in OBJECTS[:12]}


@pytest.mark.parametrize("consensus", ["majority", "dawid_skene"])
def test_known_answers_stand_and_who_is_below_the_floor_does_not_count(consensus: str) -> None:
    told = task(consensus=consensus, gold="raw/gold.csv", gold_floor=0.7)
    after, workers = reach(result_of(VOTES, told), told, GOLD)
    assert all(
        (after.answers[ref].chosen, after.answers[ref].decided_by) == (right.labels, "gold")
        for ref, right in GOLD.items()
    )
    found = {one.worker: one for one in workers.workers}
    assert {name for name, one in found.items() if not one.counted} == {"mal", "moe"}
    assert (found["mal"].gold.right, found["mal"].gold.of, found["ada"].gold.share) == (3, 6, 1)
    assert {name: after.answers[ROOT + name].label for name in OBJECTS} == RIGHT
    marked = {vote.worker for given in after.votes.values() for vote in given if not vote.counted}
    assert marked == {"mal", "moe"}
    assert after.answers[ROOT + OBJECTS[20]].decided_by == (None if consensus == "majority" else consensus)


def test_a_few_known_objects_set_nobody_aside() -> None:
    told = task(gold="raw/gold.csv", gold_floor=0.7)
    _, workers = reach(result_of(VOTES, told), told, dict(list(GOLD.items())[:8]))
    assert all(one.counted for one in workers.workers)


def test_an_object_of_which_no_vote_counts_has_no_label() -> None:
    told = task(gold="raw/gold.csv", gold_floor=0.9)
    votes = VOTES | {"alone": {"mal": Choice(("open",))}}
    after, _ = reach(result_of(votes, told), told, GOLD)
    assert (after.answers["alone"].chosen, after.answers["alone"].reason) == ((), BELOW_FLOOR)


def collected(told: dict[str, Any], gold: str = "") -> tuple[MemoryStore, Any]:
    """A whole run over forty objects, as the functions go through it."""
    store = MemoryStore(
        objects={f"raw/faces/{name}": name for name in OBJECTS} | ({"raw/gold.csv": gold} if gold else {})
    )
    run = any_label_run(task=any_task(**told))
    labeler = MemoryLabeler(result_of(VOTES, run.task), "Completed")
    manifest = prepare(run, "", store)
    job = labeler.start(run, manifest)
    progress = LabelingProgress(status="Completed", finished=True)
    return store, collect(
        CollectRequest(run=run, manifest=manifest, job=job, progress=progress), labeler, store, MemoryLedger()
    )


def test_without_being_told_so_nothing_is_other_than_before() -> None:
    assert not is_weighed(LabelingTask(**any_task()))
    store, _ = collected({})
    text = store.read("labels/faces/run-1/labels.jsonl")
    assert "decided_by" not in text
    assert "counted" not in text
    assert not store.exists("labels/faces/run-1/workers.json")
    assert text == write_labels(read_labels(text))


def test_a_run_writes_who_decided_and_its_workers() -> None:
    store, output = collected({"consensus": "dawid_skene"})
    rows = {row.source: row for row in read_labels(store.read("labels/faces/run-1/labels.jsonl"))}
    assert {name: rows[name].label for name in OBJECTS} == RIGHT
    assert {row.decided_by for row in rows.values()} == {"dawid_skene"}
    assert output.classes == {"open": 20, "shut": 20}
    workers = Workers.model_validate_json(store.read("labels/faces/run-1/workers.json"))
    assert [one.worker for one in workers.workers] == ["ada", "eve", "mal", "moe"]


def csv_of(names: list[str], **other: str) -> str:
    return "file,label\n" + "".join(f"{name},{other.get(name.split('.')[0], RIGHT[name])}\n" for name in names)


def asked(store: MemoryStore) -> list[str]:
    lines = store.read("labeling/faces/run-1/input.manifest").splitlines()
    return [json.loads(line)["source-ref"] for line in lines]


def test_gold_is_mixed_in_by_its_share_and_the_rest_has_its_label_unasked() -> None:
    store, output = collected({"gold": "raw/gold.csv", "gold_share": 0.1}, csv_of(OBJECTS[:20]))
    kept = [json.loads(line)["source_ref"] for line in store.read("labeling/faces/run-1/gold.jsonl").splitlines()]
    assert len(kept) == 2  # of 20 others and 2, 9 %
    assert set(kept) < {ROOT + name for name in OBJECTS[:20]}
    assert len(asked(store)) == 22
    assert all("gold" not in line for line in store.read("labeling/faces/run-1/input.manifest").splitlines())
    assert (output.counts.labeled, output.reused) == (40, 18)
    rows = {row.source: row for row in read_labels(store.read("labels/faces/run-1/labels.jsonl"))}
    assert {name for name in OBJECTS if rows[name].decided_by == "gold"} == set(OBJECTS[:20])
    assert all(rows[name].label == RIGHT[name] for name in OBJECTS[:20])


def test_gold_that_nobody_is_asked_about_keeps_its_group() -> None:
    lines = "".join(f"{name},patient {number % 4}\n" for number, name in enumerate(OBJECTS))
    store = MemoryStore(objects={f"raw/faces/{name}": name for name in OBJECTS})
    store.write("raw/gold.csv", csv_of(OBJECTS[:20]))
    store.write("manifests/m.csv", f"file,group\n{lines}")
    prepare(any_label_run(task=any_task(gold="raw/gold.csv"), manifest="manifests/m.csv"), "", store)
    rows = read_labels(store.read("labeling/faces/run-1/reused.jsonl"))
    assert {row.group for row in rows} == {f"patient {number}" for number in range(4)}


def test_labels_of_an_earlier_run_can_be_known_answers() -> None:
    store, _ = collected({})
    run = any_label_run(run_id="run-2", task=any_task(question="Another?", gold="labels/faces/run-1/labels.jsonl"))
    assert prepare(run, "", store).reused == 39  # all are known; one at least is asked


@pytest.mark.parametrize(
    ("gold", "told"),
    [
        ("", "there is no s3://data-bucket/raw/gold.csv"),
        ("file,label\nelsewhere.jpg,open\n", "none of the 1 objects of raw/gold.csv is one of the run's"),
        ("file,label\n00.jpg,ajar\n", "'00.jpg' has the label 'ajar', which is none of the task's: open, shut"),
        ("file,label\n00.jpg,\n", "raw/gold.csv, line 2: the label is missing"),
        ("file,label\n", "raw/gold.csv has no object with a label"),
    ],
)
def test_a_wrong_file_of_known_answers_is_refused_before_anybody_is_asked(gold: str, told: str) -> None:
    with pytest.raises(InvalidInput, match=r"task\.gold: .*" + told):
        collected({"gold": "raw/gold.csv"}, gold)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"gold_floor": 0.5}, "gold_floor: how often a worker is right is told by known answers: give gold too"),
        ({"gold": "secret/gold.csv"}, "known answers are read only below raw/"),
        ({"gold": "raw/gold.txt"}, "known answers are read only below raw/"),
        ({"gold": "raw/g.csv", "gold_share": 0.9}, "task.gold_share: Input should be less than or equal to 0.5"),
        ({"consensus": "best"}, "task.consensus: Input should be 'majority' or 'dawid_skene'"),
        (
            {"type": "record-review", "labels": [], "gold": "raw/g.csv"},
            "task.gold: known answers are there for labels, boxes and transcripts, not for record-review yet",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_once(fields: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidInput, match=told):
        any_label_run(task=any_task(**fields))


def test_the_order_of_the_votes_changes_nothing() -> None:
    names = list(VOTES)
    random.Random(1).shuffle(names)
    turned = {ref: dict(reversed(VOTES[ref].items())) for ref in names}
    one, other = (reach(result_of(votes, task()), task(), {}) for votes in (VOTES, turned))
    assert one[1] == other[1]
    assert one[0].answers == other[0].answers
