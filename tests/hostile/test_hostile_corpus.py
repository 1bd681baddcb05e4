"""Three hundred files of the hostile corpus; `make hostile` runs five thousand."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.corpus import write_corpus
from tests.hostile.run import Outcome, run_corpus
from tests.support.builders.photos import tree


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    return run_corpus(tmp_path_factory.mktemp("hostile"), 300, seed=7)


def test_every_promise_about_bad_input_is_kept(outcome: Outcome) -> None:
    assert outcome.problems() == [], outcome.summary()


def test_every_file_is_in_the_data_set_or_in_quarantine_with_a_reason(outcome: Outcome) -> None:
    assert len(outcome.files) == len(outcome.reasons) == 300
    assert 60 < sum(1 for reason in outcome.reasons.values() if reason) < 240


def test_the_memory_of_the_largest_process_stays_below_its_cap(outcome: Outcome) -> None:
    assert 40 < outcome.peak_mb <= outcome.cap_mb


def test_the_bomb_of_twelve_kilobytes_is_refused_by_its_header(outcome: Outcome) -> None:
    assert outcome.reasons["open/bomb 100 Mpx.png"].startswith("a decompression bomb: 12,")


def test_a_broken_promise_is_noticed(outcome: Outcome) -> None:
    lost = dict(list(outcome.reasons.items())[1:])
    assert any(problem.startswith("lost: ") for problem in _with(outcome, reasons=lost).problems())
    assert any("the cap is" in problem for problem in _with(outcome, cap_mb=1.0).problems())
    assert any("the bound is" in problem for problem in _with(outcome, slowest=(99.0, "a.jpg")).problems())
    assert any("exit code" in problem for problem in _with(outcome, exit_code=-11).problems())


def _with(outcome: Outcome, **changes: object) -> Outcome:
    return Outcome(**{**outcome.__dict__, **changes})  # type: ignore[arg-type]


def test_the_same_seed_makes_the_same_corpus(tmp_path: Path) -> None:
    one, other = (write_corpus(tmp_path / name, 150, seed=3) for name in ("one", "other"))
    assert one == other
    for name in ("one", "other"):
        (tmp_path / name / "sparse.jpg").unlink()
        (tmp_path / name / "device.jpg").unlink()
    assert tree(tmp_path / "one") == tree(tmp_path / "other")
