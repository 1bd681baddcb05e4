"""Boxes, transcripts and records by the weight of those who gave them."""

from __future__ import annotations

import json
import random
from math import log
from typing import Any

import pytest

from domain.labeling.answers import answer_of, votes_of
from domain.labeling.consensus import reach
from domain.labeling.manifest.input_manifest import Manifest, SourceObject
from domain.labeling.port import LabelingResult
from domain.labeling.rows import label_rows
from domain.labeling.weighing import weighed
from domain.labels.boxes import BoxLabel
from domain.labels.records import FieldVerdict
from domain.labels.rows import label_lines, read_labels
from domain.task_types import task_type
from domain.task_types.model import Choice
from domain.workflow.inputs import LabelingTask
from tests.support.builders.runs import any_task

Choices = dict[str, dict[str, Choice]]


def box(left: float, label: str = "cat") -> BoxLabel:
    return BoxLabel(label=label, left=left, top=0, width=10, height=10)


def drew(*boxes: BoxLabel) -> Choice:
    return Choice(tuple(sorted({one.label for one in boxes})) or ("no object",), boxes)


def heard(text: str, label: str = "corrected") -> Choice:
    return Choice((label,), transcript=text)


def found(**fields: Any) -> Choice:
    record = {name: FieldVerdict(verdict="correct", value=value) for name, value in fields.items()}
    return Choice(("corrected",), record=record)


def come_to(kind: str, choices: Choices, **fields: Any) -> tuple[LabelingResult, Any, LabelingTask]:
    labels = ["cat", "dog"] if kind == "image-bounding-box" else []
    task = LabelingTask(**any_task(type=kind, labels=labels, consensus="dawid_skene", **fields))
    before = LabelingResult(
        {ref: answer_of(given, task) for ref, given in choices.items()},
        {ref: votes_of(given) for ref, given in choices.items()},
    )
    return (*reach(before, task, {}), task)


def drawn_job() -> Choices:
    """Ada and Eve draw what is there; Mal and Moe miss every second thing, and now and then see one that is not there.
    In the last five images one who is careful is alone with two who are not."""
    job: Choices = {}
    for number in range(25):
        right, careless = drew(box(number), box(100)), drew(box(number), box(200)) if number % 2 else drew(box(number))
        who = ("ada", "eve", ("mal", "moe")[number % 2]) if number < 20 else ("ada", "mal", "moe")
        job[f"o{number:02}"] = {name: right if name in ("ada", "eve") else careless for name in who}
    return job


def test_one_who_has_been_right_draws_against_two_who_have_not() -> None:
    job = drawn_job()
    after, workers, task = come_to("image-bounding-box", job)
    majority = {ref: len(answer_of(given, task).boxes or ()) for ref, given in job.items()}
    assert [majority[f"o{number}"] for number in range(20, 25)] == [1, 2, 1, 2, 1]
    assert all([one.left for one in answer.boxes or ()] == [int(ref[1:]), 100] for ref, answer in after.answers.items())
    assert {answer.decided_by for answer in after.answers.values()} == {"weighed_votes"}
    assert workers.changed == 5
    figures = {one.worker: one.accuracy for one in workers.workers}
    assert (figures["ada"].share, figures["ada"].right, figures["ada"].of) == (1, 50, 50)
    moe = [image for image, given in job.items() if "moe" in given]
    hers = sum(len(job[image]["moe"].boxes or ()) for image in moe)
    assert figures["moe"].share == pytest.approx(2 * len(moe) / (hers + 2 * len(moe)), abs=1e-4)
    assert workers.counts == "boxes"


def test_each_box_has_its_confidence_and_the_least_sure_decision_is_that_of_the_whole() -> None:
    job = {"o": {"a": drew(box(0), box(50)), "b": drew(box(1), box(50)), "c": drew(box(2))}}
    outcomes, weights = weighed(job, task_type("image-bounding-box").weighed)
    outcome = outcomes["o"]
    # F1 of a and b is 1, that of c 2 / 3; with ten answers of 0.85 before them: 10.5 / 12 twice, and 9.5 / 11.5.
    assert weights == pytest.approx({"a": log(7), "b": log(7), "c": log(9.5 / 2)})
    share = 2 * log(7) / (2 * log(7) + log(9.5 / 2))
    assert outcome.box_confidences == (1.0, pytest.approx(share, abs=1e-4))
    assert outcome.confidence == pytest.approx(share)
    assert [one.left for one in outcome.choice.boxes] == [1, 50]


def test_rows_bear_the_confidence_of_each_box_and_are_read_again() -> None:
    after, _, task = come_to("image-bounding-box", drawn_job())
    rows = list(label_rows(Manifest([SourceObject("o00", "o00")]), after, task, "Completed"))
    (line,) = label_lines(rows)
    assert json.loads(line)["box_confidences"] == [1.0, pytest.approx(0.8, abs=0.1)]
    assert read_labels(line) == rows


def test_one_worker_alone_is_believed_without_confidence() -> None:
    outcomes, _ = weighed({"o": {"a": drew(box(0))}}, task_type("image-bounding-box").weighed)
    assert (outcomes["o"].choice, outcomes["o"].confidence, outcomes["o"].box_confidences) == (drew(box(0)), 0, (0.0,))


def test_of_two_who_differ_neither_is_believed_more_for_it() -> None:
    job = {f"o{n}": {"a": drew(box(0), box(50)), "b": drew(box(0))} for n in range(30)}
    outcomes, weights = weighed(job, task_type("image-bounding-box").weighed)
    assert weights["a"] == weights["b"]
    assert all(outcome.choice == drew(box(0)) and outcome.confidence == 0.5 for outcome in outcomes.values())


def test_words_are_voted_on_by_who_hears_well() -> None:
    job: Choices = {
        f"o{n:02}": {"a": heard("turn the light off"), "b": heard("turn the light off"), "c": heard("turn a right off")}
        for n in range(8)
    }
    job["p"] = {"a": heard("switch it on now"), "c": heard("switch is on now"), "d": heard("switch is on now")}
    job["q"] = {"a": heard("say it", "accepted"), "b": heard("say  it"), "c": heard("say")}
    for n in range(8):
        job[f"r{n}"] = {"a": heard("one two"), "b": heard("one two"), "d": heard("none too")}
    after, workers, _ = come_to("audio-transcript", job)
    assert after.answers["p"].transcript == "switch it on now"
    # Words that are right, with ten of 0.85 before them: a 62.5 of 64, c 28.5 of 48, d 11.5 of 30, which is below half.
    weights = [log(9 * right / wrong) for right, wrong in ((62.5, 1.5), (28.5, 19.5), (11.5, 18.5))]
    share = weights[0] / sum(weights)
    assert after.answers["p"].confidence == pytest.approx(share, abs=1e-4)
    assert (after.answers["q"].transcript, after.answers["q"].label) == ("say it", "accepted")
    figures = {one.worker: one for one in workers.workers}
    assert figures["a"].word_error_rate == 0
    # c is wrong in two of four words eight times, in one of four once, and leaves one of two out.
    assert figures["c"].word_error_rate == pytest.approx(18 / 38, abs=1e-4)
    assert (figures["c"].accuracy.right, figures["c"].accuracy.of) == (20, 38)
    assert (workers.counts, workers.changed) == ("words", 1)


def test_what_nobody_wrote_as_a_whole_is_a_correction() -> None:
    job = {"o": {"a": heard("so that is it"), "b": heard("so this is it"), "c": heard("so this was it", "accepted")}}
    job["o"]["a"] = heard("oh this is it")
    outcome = weighed(job, task_type("audio-transcript").weighed)[0]["o"]
    assert outcome.choice == heard("so this is it")


def test_fields_of_a_record_are_voted_on_one_by_one() -> None:
    job = {
        f"o{n:02}": {"a": found(x=1, y="b"), "b": found(x=1, y="b"), "c": found(x=2, y="b"), "d": found(x=2, y="c")}
        for n in range(9)
    }
    job["p"] = {"a": found(x=1, y="b"), "c": found(x=2, y="b"), "d": found(x=2, y=" b ")}
    job |= {f"q{n}": {"a": found(x=3, y="z"), "b": found(x=3, y="z"), "d": found(x=4, y="z")} for n in range(4)}
    after, workers, task = come_to("record-review", job)
    assert after.answers["o00"].record == found(x=1, y="b").record
    assert answer_of(job["o00"], task).reason == "no majority of the workers agrees on 'x'"
    assert after.answers["q0"].record == found(x=3, y="z").record
    assert answer_of(job["p"], task).record == found(x=2, y="b").record
    assert workers.counts == "fields"
    assert {one.worker: one.accuracy.share for one in workers.workers}["a"] > 0.9


@pytest.mark.parametrize("kind", ["image-bounding-box", "audio-transcript"])
def test_whatever_the_order_and_the_names_the_same_comes_of_it(kind: str) -> None:
    job = drawn_job()
    if kind == "audio-transcript":
        words = {ref: {who: " ".join(str(one.left) for one in own.boxes or ()) for who, own in given.items()}
                 for ref, given in job.items()}  # fmt: skip
        job = {ref: {who: heard(text) for who, text in given.items()} for ref, given in words.items()}
    names = dict(zip(("ada", "eve", "mal", "moe"), ("z", "c", "b", "a"), strict=True))
    refs = list(job)
    random.Random(3).shuffle(refs)
    turned = {ref: {names[who]: job[ref][who] for who in reversed(job[ref])} for ref in refs}
    how = task_type(kind).weighed
    (one, weights), (other, their_weights) = weighed(job, how), weighed(turned, how)
    assert one.keys() == other.keys()
    assert all(one[ref].choice == other[ref].choice for ref in job)
    assert all(one[ref].confidence == pytest.approx(other[ref].confidence) for ref in job)
    assert {names[who]: weight for who, weight in weights.items()} == pytest.approx(their_weights)


def test_what_all_say_is_certain() -> None:
    for kind, choice in {
        "image-bounding-box": drew(box(0), box(40, "dog")),
        "audio-transcript": heard("hello there"),
        "record-review": found(x=1),
    }.items():
        outcome = weighed({"o": dict.fromkeys("abc", choice)}, task_type(kind).weighed)[0]["o"]
        assert (outcome.choice, outcome.confidence) == (choice, 1)
