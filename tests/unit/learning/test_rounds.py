"""Who is asked what next: the same for the same answers, never without an audit, never over a person's label."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import binomtest

from domain.errors import InvalidInput
from learning.audit import Audit
from learning.features import prepare_features
from learning.rounds import Answers, next_round
from learning.state import AssistSettings, Objects, Round, State

SETTINGS = AssistSettings(target=0.95, minimum=60, first_per_class=20, batch_share=0.1, least_sure=0.5)
COUNT, OVERLAP = 300, 40  # objects, and how many of them lie between the classes


@cache
def two_classes() -> tuple[Objects, dict[str, str]]:
    """300 objects, apart but for 40 that lie between the classes, where the answer is a coin's."""
    rng = np.random.default_rng(5)
    vectors, side = rng.normal(0, 1, (COUNT, 6)), rng.integers(0, 2, COUNT)
    vectors[:, 0] += np.where(np.arange(COUNT) < OVERLAP, 0, 12 * side - 6)
    names = [f"{i:03}.jpg" for i in range(COUNT)]
    return Objects(names, prepare_features(vectors), "digest"), dict(
        zip(names, np.where(side, "cat", "dog").tolist(), strict=True)
    )


def answered(made: Round, answers: Answers, truth: dict[str, str]) -> dict[str, str | None]:
    return {**answers, **{one.source: truth[one.source] for one in made.ask}}


@cache
def rounds(count: int = 99, settings: AssistSettings = SETTINGS) -> tuple[list[Round], dict[str, str | None]]:
    objects, truth = two_classes()
    answers, made = dict[str, str | None](), [next_round(objects, {}, 2, 7, None, settings)]
    while len(made) < count and not made[-1].done:
        answers = answered(made[-1], answers, truth)
        made.append(next_round(objects, answers, 2, 7, made[-1].state, settings))
    return made, answers


def test_each_object_is_asked_once_or_labeled_by_the_machine() -> None:
    made, answers = rounds()
    assert made[-1].done
    machine = {one.source for one in made[-1].machine}
    assert machine.isdisjoint(answers)
    assert machine | set(answers) == set(two_classes()[0].sources)
    assert len(made[-1].state.asked) == len(set(made[-1].state.asked)) == len(answers)


def test_the_machine_labels_what_is_easy_and_people_what_is_not() -> None:
    made, answers = rounds()
    truth = two_classes()[1]
    assert len(made[-1].machine) > COUNT / 2
    wrong = sum(one.label != truth[one.source] for one in made[-1].machine)
    assert binomtest(wrong, len(made[-1].machine), 1 - SETTINGS.target, alternative="greater").pvalue > 0.05
    between, apart = list(truth)[:OVERLAP], list(truth)[OVERLAP:]
    assert np.mean([one in answers for one in between]) > 1.5 * np.mean([one in answers for one in apart])


def test_a_machine_label_says_what_it_stands_on() -> None:
    label = rounds()[0][-1].machine[0]
    assert label.model == "digest"
    assert label.accuracy >= SETTINGS.target
    assert 0.5 < label.threshold <= label.confidence <= 1


def test_the_same_whatever_the_order_of_the_answers_and_after_a_pause() -> None:
    made, answers = rounds(4)
    objects, _ = two_classes()
    kept = State.of(json.loads(json.dumps(made[-2].state.as_json())))
    shuffled = dict(sorted(answers.items(), key=lambda pair: pair[0][::-1]))
    assert next_round(objects, shuffled, 2, 7, kept, SETTINGS) == made[-1]
    assert next_round(objects, answers, 2, 8, kept, SETTINGS).ask != made[-1].ask


def test_first_a_random_share_is_asked_and_nothing_suggested() -> None:
    (first,), _ = rounds(1)
    assert len(first.ask) == 40
    assert all(one.random and one.suggestion is None for one in first.ask)
    objects, _ = two_classes()
    assert len(next_round(objects, {}, 50, 7, None, SETTINGS).ask) == COUNT  # 300 at most, of 300


def test_half_of_a_batch_is_least_sure_and_half_random() -> None:
    ask = rounds(2)[0][1].ask
    assert [one.random for one in ask] == [False] * 15 + [True] * 15


def test_a_tenth_is_asked_blind_and_the_rest_with_the_probes_label() -> None:
    objects, truth = two_classes()
    answers = {source: truth[source] for source in list(truth)[:60]}
    asks = next_round(objects, answers, 2, 7, None, replace(SETTINGS, rounds=0, minimum=999)).ask
    blind = sum(one.suggestion is None for one in asks)
    assert 12 <= blind <= 36  # binomial, n = 240, p = 0.1: 2.6 deviations on each side
    assert np.mean([one.suggestion == truth[one.source] for one in asks if one.suggestion]) > 0.95


def test_nothing_is_labeled_before_the_least_number_of_answers() -> None:
    made, _ = rounds(99, replace(SETTINGS, minimum=130))
    labeling = [len(one.state.asked) - len(one.ask) for one in made if one.machine]
    assert min(labeling) >= 130


def test_some_of_what_the_machine_would_label_is_asked_and_audited() -> None:
    made, answers = rounds()
    audits = made[-1].state.audits
    assert made[-1].audit == Audit(len(audits), sum(answers[one] != label for one, label in audits.items()), 0.95)
    assert len(audits) >= SETTINGS.audit_least
    assert set(audits) <= set(made[-1].state.random) & set(answers)


def test_a_missed_audit_withdraws_the_rounds_labels_and_people_are_asked() -> None:
    made, _ = rounds()
    before = next(one for one in made if len(one.machine) > COUNT / 3)
    objects, truth = two_classes()
    known = {source: truth[source] for source in before.state.asked}
    other = {source: "dog" if label == "cat" else "cat" for source, label in list(known.items())[:4]}
    state = replace(before.state, audits=other)  # four labels of the machine that people contradict
    after = next_round(objects, known, 2, 7, state, SETTINGS)
    assert after.audit.missed
    assert set(after.state.withdrawn) == {one.source for one in before.machine}
    assert {one.source for one in after.machine}.isdisjoint(after.state.withdrawn)
    while not after.done:
        known.update((one.source, truth[one.source]) for one in after.ask)
        after = next_round(objects, known, 2, 7, after.state, SETTINGS)
    assert set(after.state.withdrawn) <= set(known)


def test_all_that_is_left_is_asked_after_the_last_round() -> None:
    made, _ = rounds(99, replace(SETTINGS, minimum=999, rounds=3))
    assert [len(one.ask) for one in made] == [40, 30, 30, 200, 0]


def test_what_people_could_not_label_is_left_alone() -> None:
    made, answers = rounds(4)
    objects, _ = two_classes()
    answers = {**answers, made[-1].ask[0].source: None}
    after = next_round(objects, answers, 2, 7, made[-1].state, SETTINGS)
    touched = {one.source for one in after.ask} | {one.source for one in after.machine}
    assert made[-1].ask[0].source not in touched


def test_one_class_alone_and_no_objects_fit_nothing() -> None:
    objects, truth = two_classes()
    cats = {source: label for source, label in list(truth.items())[:100] if label == "cat"}
    made = next_round(objects, cats, 2, 7, None, SETTINGS)
    assert not made.machine
    assert len(made.ask) == 30 or len(cats) < 40
    assert next_round(Objects([], np.zeros((0, 6)), "digest"), {}, 2, 7).done


def test_bad_input_is_named() -> None:
    objects, _ = two_classes()
    with pytest.raises(InvalidInput, match=r"x\.jpg: has an answer but no embedding"):
        next_round(objects, {"x.jpg": "cat"}, 2, 7)
    with pytest.raises(InvalidInput, match="2 rows of features for 1 objects"):
        Objects(["a"], np.zeros((2, 3)), "digest")
    with pytest.raises(InvalidInput, match=r"blind 1\.5"):
        AssistSettings(blind=1.5)
