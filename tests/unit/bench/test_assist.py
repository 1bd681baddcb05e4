"""What the benchmark reports is what its simulated people and the machine did."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from augmentation.errors import UsageError
from bench.assist import Outcome, class_files, interval, main, simulate, summarize
from learning.features import prepare_features
from learning.state import AssistSettings, Objects

EASY = AssistSettings(target=0.95, minimum=40, first_per_class=20)


def apart(count: int) -> tuple[Objects, list[str]]:
    rng = np.random.default_rng(0)
    side = rng.integers(0, 2, count)
    vectors = rng.normal(0, 1, (count, 6)) + 6 * np.column_stack([side] * 6)
    return Objects([str(i) for i in range(count)], prepare_features(vectors), "digest"), [
        "ab"[one] for one in side.tolist()
    ]


def test_what_is_easy_is_mostly_labeled_by_the_machine() -> None:
    outcome = simulate(*apart(200), seed=1, settings=EASY)
    assert outcome.machine_accuracy == 1
    assert outcome.machine > 0.5
    assert outcome.asked + outcome.machine == pytest.approx(1)


def test_people_who_are_wrong_often_leave_the_machine_nothing() -> None:
    assert simulate(*apart(120), seed=1, settings=EASY, wrong=0.4).asked == 1


def test_means_intervals_and_misses_are_over_the_seeds() -> None:
    outcomes = [Outcome(0.2, 0.8, accuracy, 0.99, 5, 0.0, 1.0) for accuracy in (1.0, 0.98, 0.995)]
    outcomes.append(Outcome(1.0, 0.0, None, None, 9, 0.0, 1.0))
    found = summarize(outcomes, 0.99)
    assert found["asked"] == pytest.approx(0.4)
    assert found["machine_accuracy"] == pytest.approx((1.0 + 0.98 + 0.995) / 3)
    assert found["below_target"] == 1 / 4


def test_the_interval_is_students() -> None:
    values = [0.4, 0.5, 0.45, 0.7]
    expected = ttest_1samp(values, 0).confidence_interval(0.95)
    assert interval(values) == pytest.approx([expected.low, expected.high])
    assert interval([0.5]) == [0.5, 0.5]


def test_images_are_those_in_class_folders(tmp_path: Path) -> None:
    for name in ("cat/1.jpg", "cat/deep/2.PNG", "dog/3.jpg", "dog/.4.jpg", "dog/notes.txt", "loose.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert class_files(tmp_path) == ["cat/1.jpg", "cat/deep/2.PNG", "dog/3.jpg"]


def test_a_folder_without_classes_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "cat").mkdir()
    (tmp_path / "cat/1.jpg").touch()
    with pytest.raises(UsageError, match="at least two classes"):
        class_files(tmp_path)
    assert main(["--input", str(tmp_path / "none")]) == 2
    assert "is no folder" in capsys.readouterr().err
