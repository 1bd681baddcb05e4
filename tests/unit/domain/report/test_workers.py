"""The report says how often each worker is right, and shows first what the consensus changed."""

from __future__ import annotations

from typing import Any

from domain.labels.rows import LabelRow, Vote
from domain.labels.workers import Accuracy, WorkerFigures, Workers
from domain.report import ReportData, render
from domain.report.workers import workers_section
from tests.support.builders.runs import any_augment_run
from tests.unit.domain.augmenting.test_publication import World
from tests.unit.domain.report.test_page import any_dataset


def any_workers(**fields: Any) -> Workers:
    ada = WorkerFigures(worker="ada", accuracy=Accuracy.counted(95, 100), median_seconds=2.5)
    mal = WorkerFigures(
        worker="mal",
        accuracy=Accuracy.counted(60, 100),
        gold=Accuracy.counted(3, 6),
        confusion={"open": {"open": 40.0, "shut": 10.0}, "shut": {"open": 30.2, "shut": 20.0}},
        counted=False,
    )
    return Workers(**{"consensus": "dawid_skene", "objects": 100, "changed": 7, "workers": (ada, mal), **fields})


def disputed(name: str, confidence: float, *majority: str) -> LabelRow:
    return LabelRow(
        source=name,
        source_ref=f"s3://b/{name}",
        status="labeled",
        label="open",
        labels=("open",),
        confidence=confidence,
        votes=(Vote(worker="ada", label="open"), Vote(worker="mal", label="shut")),
        decided_by="dawid_skene",
        majority=majority or None,
    )


def test_the_least_often_right_stands_first_with_interval_speed_and_what_she_mistakes() -> None:
    page = str(workers_section(any_workers(gold_objects=12, gold_floor=0.7)))
    assert page.index("mal") < page.index("ada")
    # Wilson, 60 and 95 of 100: 0.502 to 0.691, 0.888 to 0.978
    for told in ("50 % to 69 %", "89 % to 98 %", "does not count", "50 % of 6", "2.5 s", "shut for open (30 times)"):
        assert told in page
    assert "7 images another label than most votes would have" in page
    assert "12 images had a known answer, which nobody could see; who is right on less than 70 % of them" in page


def test_words_are_counted_with_their_error_rate_and_boxes_by_f1() -> None:
    ada = WorkerFigures(worker="ada", accuracy=Accuracy.counted(90, 100), word_error_rate=0.13)
    page = str(workers_section(any_workers(counts="words", workers=(ada,)), "clip"))
    assert "<th>words</th><th>word error rate</th>" in page
    assert "<td>100</td><td>13 %</td>" in page
    assert "7 clips another answer than most votes would have" in page
    page = str(workers_section(any_workers(counts="boxes", workers=(ada,))))
    assert "<th>boxes</th>" in page
    assert "word error rate" not in page
    assert "Right is F1" in page


def test_without_figures_there_is_no_such_section() -> None:
    assert "How often each worker is right" not in workers_section(None)


def test_what_the_consensus_changed_is_shown_first_and_then_the_least_sure() -> None:
    rows = [disputed("sure.jpg", 0.99), disputed("unsure.jpg", 0.6), disputed("changed.jpg", 0.9, "shut")]
    page = render(ReportData(any_dataset(), recipe_text="name: x", labels=rows, samples=[], quarantine=[]))
    assert page.index("changed.jpg") < page.index("unsure.jpg") < page.index("sure.jpg</b>")
    assert page.count("by most votes <del>shut</del>") == 1


def test_figures_beside_the_labels_reach_the_published_report() -> None:
    world = World()
    world.store.write("labels/faces/run-1/workers.json", any_workers().model_dump_json())
    start = world.begin(any_augment_run(run_id="run-a"))
    world.store.write("labels/faces/run-1/workers.json", "changed since")
    world.work(start)
    world.publish(start)
    assert "shut for open (30 times)" in world.store.objects[f"datasets/faces/{start.version}/report.html"]
