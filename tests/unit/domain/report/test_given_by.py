"""The report says who gave the labels of a run in rounds, with what was measured and how little that may be."""

from __future__ import annotations

from typing import Any

from domain.labels.assisted import Assisted, Share
from domain.report import ReportData, render
from domain.report.given_by import given_by_section
from tests.support.builders.runs import any_augment_run
from tests.unit.domain.augmenting.test_publication import World
from tests.unit.domain.report.test_page import any_dataset


def any_assisted(**fields: Any) -> Assisted:
    return Assisted(
        **{
            "rounds": 4,
            "asked": 27,
            "earlier": 0,
            "person": 0,
            "consensus": 27,
            "machine": 6,
            "unlabeled": 0,
            "rejected": 0,
            "target": 0.9,
            "minimum": 16,
            "accuracy": 0.9594,
            "threshold": 0.8826,
            "model": "c225",
            "audit": Share.counted(3, 3),
            "withdrawn": 0,
            "suggested": Share.counted(8, 10),
            "blind": Share.counted(0, 0),
            **fields,
        }
    )


def test_who_gave_the_labels_is_told_with_intervals() -> None:
    page = str(given_by_section(any_assisted()))
    # Wilson, 3 of 3 and 8 of 10: 0.438 to 1, 0.490 to 0.943
    for told in (
        "People were asked about 27 of 33 images, in 4 rounds",
        "labeled 6.",
        "100 % (3 of 3; 95 % interval 44 % to 100 %)",
        "80 % (8 of 10; 95 % interval 49 % to 94 %)",
        "not measured",
        "c225",
    ):
        assert told in page
    assert "one person" not in page, "nobody gave a label alone"


def test_a_machine_that_labeled_nothing_says_what_it_lacked() -> None:
    page = str(given_by_section(any_assisted(machine=0, accuracy=None, threshold=None, model="", minimum=200)))
    assert "It was not sure enough of any: it must have 200 answers at least, and be right for 90 %." in page
    assert "estimated to have" not in page


def test_a_run_that_was_stopped_and_labels_of_before_are_told() -> None:
    page = str(given_by_section(any_assisted(machine=0, accuracy=None, stopped=True, earlier=5, withdrawn=3)))
    assert "no label of the machine is used" in page
    assert "5 images had a label from an earlier run" in page
    assert "3 images" in page


def test_a_run_that_asked_all_at_once_has_no_such_section() -> None:
    assert str(given_by_section(None)) == ""


def test_the_section_is_in_the_report_and_in_its_contents() -> None:
    page = render(ReportData(any_dataset(), "name: any", [], [], [], assisted=any_assisted()))
    assert '<a href="#who-gave-the-labels">' in page
    assert '<section id="who-gave-the-labels">' in page


def test_figures_beside_the_labels_reach_the_published_report() -> None:
    world = World()
    world.store.write("labels/faces/run-1/assist.json", any_assisted().model_dump_json())
    start = world.begin(any_augment_run(run_id="run-a"))
    world.store.write("labels/faces/run-1/assist.json", "changed since")
    world.work(start)
    world.publish(start)
    assert "asked about 27 of 33 images" in world.store.objects[f"datasets/faces/{start.version}/report.html"]
