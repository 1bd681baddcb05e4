"""How a scripted worker decides, without a portal."""

from __future__ import annotations

import random

import pytest

from localcloud.client.forms import IMAGE_MULTI_LABEL, TEXT_SINGLE_LABEL, Boxes
from localcloud.client.scripted_workers import ScriptedWorker, WorkerError, run_workers

LABELS = ["open", "closed", "hidden"]
ANSWERS = {f"face {number}.jpg": LABELS[number % 3] for number in range(300)}


def worker(answers: dict[str, str] | None = None, **options: float) -> ScriptedWorker:
    return ScriptedWorker("http://127.0.0.1:9", "ada@example.com", "secret", answers or ANSWERS, **options)


def choices(worker: ScriptedWorker) -> dict[str, tuple[str, bool]]:
    return {
        name: worker._chosen({"taskObject": f"s3://bucket/raw/{name}", "labels": LABELS}) for name in sorted(ANSWERS)
    }


def test_a_worker_without_errors_always_tells_the_truth():
    assert choices(worker()) == {name: (label, True) for name, label in ANSWERS.items()}


def test_an_erring_worker_errs_about_as_often_as_asked_with_another_of_the_labels():
    wrong = {name: label for name, (label, right) in choices(worker(error_rate=0.1, seed=1)).items() if not right}
    assert 15 <= len(wrong) <= 45
    assert all(label in LABELS and label != ANSWERS[name] for name, label in wrong.items())


def test_the_same_seed_errs_on_the_same_objects_and_another_seed_on_others():
    first = choices(worker(error_rate=0.3, seed=1))
    assert choices(worker(error_rate=0.3, seed=1)) == first
    assert choices(worker(error_rate=0.3, seed=2)) != first


def test_an_answer_is_found_by_any_ending_of_the_key_and_the_longest_wins():
    one = worker({"a.jpg": "open", "left/a.jpg": "closed", "raw/set/right/a.jpg": "hidden"})
    assert one.answer_for("s3://bucket/raw/set/a.jpg")[1] == "open"
    assert one.answer_for("s3://bucket/raw/set/left/a.jpg")[1] == "closed"
    assert one.answer_for("s3://bucket/raw/set/right/a.jpg")[1] == "hidden"


def test_an_object_without_an_answer_is_named():
    with pytest.raises(WorkerError, match=r"ada@example.com does not know the answer for s3://bucket/b\.jpg"):
        worker({"a.jpg": "open"}).answer_for("s3://bucket/b.jpg")


def test_workers_need_an_end():
    with pytest.raises(ValueError, match="the job's name, or the event"):
        run_workers([worker()])


BOX = {"label": "open", "left": 1, "top": 2, "width": 3, "height": 4}


@pytest.mark.parametrize(
    ("form", "truth", "filled", "wrong"),
    [
        (TEXT_SINGLE_LABEL, "open", {"crowd-classifier": {"label": "open"}}, ["closed", "hidden"]),
        (
            IMAGE_MULTI_LABEL,
            ["open", "closed"],
            {"crowd-image-classifier-multi-select": {"labels": ["open", "closed"]}},
            [["closed"], ["open"], ["open", "closed", "hidden"]],
        ),
        (
            Boxes(9, 8),
            [BOX],
            {"crowd-bounding-box": {"boundingBoxes": [BOX], "inputImageProperties": {"width": 9, "height": 8}}},
            [[]],
        ),
        (
            Boxes(9, 8),
            [],
            {"crowd-bounding-box": {"boundingBoxes": [], "inputImageProperties": {"width": 9, "height": 8}}},
            [[{"label": "open", "left": 0, "top": 0, "width": 9, "height": 8}]],
        ),
    ],
)
def test_every_form_is_filled_in_with_the_truth_or_a_mistake(form, truth, filled, wrong):
    assert form.filled(truth) == filled
    mistakes = [form.mistaken(truth, LABELS, random.Random(seed)) for seed in range(30)]
    assert all(mistake in wrong for mistake in mistakes)
    assert all(one in mistakes for one in wrong)


def test_a_text_is_its_own_name():
    assert worker({"The food/was s3://good": "open"}).answer_for("The food/was s3://good")[1] == "open"
