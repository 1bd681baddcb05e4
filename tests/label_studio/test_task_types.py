"""What people answer of texts, clips, records and earlier labels, on the real server's own page, comes back as theirs.

Single label, several labels and boxes are in the files beside.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from adapters.object_store import S3ObjectStore
from augmentation.__main__ import main
from domain.jsonlines import dump_lines, load_lines
from domain.labels.rows import write_labels
from domain.task_types.audio_transcript import ACCEPTED, CORRECTED
from domain.task_types.record_review import REJECTED
from scripts.key_morse import Sounds, key_morse
from tests.label_studio.jobs import (
    LABELS,
    Make,
    collected,
    open_first,
    run_of,
    signed_in,
    started,
    submit,
    wait_for_answer,
)
from tests.label_studio.server import Server
from tests.support.builders.photos import ROOT

LETTERS = ("The delivery came two days late, but all were kind.", "$5 <b>off</b> & never again, {{ text }}.")
RECORD = {"invoice": "2024-117", "total": 119.5, "paid": False, "note": None}


@pytest.fixture(scope="module")
def person(browser: Browser, server: Server) -> Page:
    return signed_in(browser, server)


@pytest.fixture(scope="module")
def clips(s3: Any, store: S3ObjectStore, tmp_path_factory: pytest.TempPathFactory) -> Sounds:
    """Three Morse clips below raw/clips/, and what is said to be keyed in them: of the first wrongly."""
    sounds = key_morse(tmp_path_factory.mktemp("morse"), count=3)
    for name in sounds.transcripts:
        body = (sounds.clips / name).read_bytes()
        s3.put_object(Bucket=store.bucket, Key=f"raw/clips/{name}", Body=body, ContentType="audio/wav")
    store.write("manifests/clips.csv", (sounds.clips.parent / "transcripts.csv").read_text())
    return sounds


def test_a_text_is_labeled_by_mouse_and_the_next_by_keyboard_and_both_arrive_in_a_data_set(
    labeler: Make, server: Server, store: S3ObjectStore, person: Page, tmp_path: Path
) -> None:
    letters = {f"{number}.txt": text for number, text in enumerate(LETTERS)}
    store.write_all((f"raw/letters/{name}", text) for name, text in letters.items())
    task = {"type": "text-single-label", "question": "Is it worth $5, or $text?", "workers_per_object": 1}
    ours, run = labeler(), run_of("letters", "raw/letters/", **task)
    name, manifest = started(ours, store, run)
    open_first(person, server, run, name)
    expect(person.get_by_text(LETTERS[0])).to_be_visible()
    person.get_by_text(LABELS[1]).click()
    submit(person, server, name)
    expect(person.get_by_text(LETTERS[1])).to_be_visible()
    person.keyboard.press("1")
    person.keyboard.press("Control+Enter")
    wait_for_answer(server, name, 1)
    rows = collected(ours, store, run, name, manifest)
    answers = {"0.txt": LABELS[1], "1.txt": LABELS[0]}
    assert {row.source: row.label for row in rows} == answers

    (tmp_path / "letters").mkdir()
    for letter, text in letters.items():
        (tmp_path / "letters" / letter).write_text(text)
    (tmp_path / "labels.jsonl").write_text(write_labels(rows))
    given = {"recipe": ROOT / "recipes/texts.yaml", "input": tmp_path / "letters", "labels": tmp_path / "labels.jsonl"}
    words = [str(word) for option, value in given.items() for word in (f"--{option}", value)]
    assert main(["run", *words, "--output", str(tmp_path / "version"), "--processes", "1"]) == 0
    made = load_lines((tmp_path / "version/manifest.jsonl").read_text(), "manifest.jsonl")
    assert {row["source"]: row["label"] for row in made} == answers


def test_a_transcript_is_corrected_another_accepted_and_in_a_third_nothing_is_said(
    labeler: Make, server: Server, store: S3ObjectStore, person: Page, clips: Sounds
) -> None:
    task = {"type": "audio-transcript", "question": "Is this what is keyed?", "labels": (), "workers_per_object": 1}
    ours, run = labeler(), run_of("clips", "raw/clips/", "manifests/clips.csv", **task)
    name, manifest = started(ours, store, run)
    told, keyed = list(clips.transcripts.values()), list(clips.answers.values())
    open_first(person, server, run, name)
    person.get_by_text(told[0], exact=True).hover()
    person.get_by_role("button", name="Edit Region").click()
    person.keyboard.press("Control+a")
    person.keyboard.type(keyed[0])
    submit(person, server, name)

    expect(person.get_by_text(told[1], exact=True)).to_be_visible()
    time = person.get_by_test_id("timebox-current-time").locator("input")
    expect(time).to_have_value("00:00:00:000")
    person.get_by_role("button", name="Play").click()
    expect(time).not_to_have_value("00:00:00:000")
    submit(person, server, name, 1)

    expect(person.get_by_text(told[2], exact=True)).to_be_visible()
    person.get_by_text("Nothing is said").click()
    submit(person, server, name, 2)
    rows = collected(ours, store, run, name, manifest)
    assert [(row.label, row.transcript) for row in rows] == [
        (CORRECTED, keyed[0]),
        (ACCEPTED, told[1]),
        (CORRECTED, ""),
    ]


def test_a_record_is_accepted_by_keyboard_and_corrected_field_by_field(
    labeler: Make, server: Server, store: S3ObjectStore, person: Page
) -> None:
    store.write_all((f"raw/invoices/{number}.json", json.dumps(RECORD)) for number in range(2))
    task = {"type": "record-review", "question": "Is the invoice read rightly?", "labels": (), "workers_per_object": 1}
    ours, run = labeler(), run_of("invoices", "raw/invoices/", **task)
    name, manifest = started(ours, store, run)
    open_first(person, server, run, name)
    expect(person.get_by_text("total: 119.5")).to_be_visible()
    expect(person.get_by_placeholder("The right value").first).to_be_hidden()
    for key in "1470":  # accept, of each field
        person.keyboard.press(key)
    person.keyboard.press("Control+Enter")
    wait_for_answer(server, name)

    expect(person.get_by_role("checkbox", checked=True)).to_have_count(0)
    for number, verdict in enumerate(("accept", "correct", "correct", "reject")):
        person.get_by_role("checkbox", name=verdict).nth(number).check()
    person.get_by_role("button", name="Submit current annotation").click()
    expect(person.get_by_text("Write the right value.")).to_be_visible()
    person.get_by_role("button", name="OK").click()
    expect(person.get_by_text("Write the right value.")).to_have_count(0)  # it fades, and takes clicks until then
    for place, value in ((1, "120.50"), (2, "true")):
        person.locator(f"[name=value_{place}]").fill(value)
    submit(person, server, name, 1)

    first, second = collected(ours, store, run, name, manifest)
    assert (first.label, second.label) == (ACCEPTED, REJECTED)
    assert first.record is not None
    assert second.record is not None
    assert {name: (found.verdict, found.value) for name, found in first.record.items()} == {
        name: ("accept", value) for name, value in RECORD.items()
    }
    assert [(found.verdict, found.value) for found in second.record.values()] == [
        ("accept", RECORD["invoice"]),
        ("correct", 120.5),
        ("correct", True),
        ("reject", None),
    ]


def test_an_earlier_label_is_found_right_and_another_wrong(
    labeler: Make, server: Server, store: S3ObjectStore, person: Page
) -> None:
    rows = [{"file": f"face_0{number}.jpg", "label": LABELS[number - 1]} for number in (1, 2)]
    store.write("manifests/verify.jsonl", dump_lines(rows))
    task = {"type": "image-label-verification", "question": "Does the label fit?", "workers_per_object": 1}
    ours, run = labeler(), run_of("verify", manifest="manifests/verify.jsonl", **task)
    name, manifest = started(ours, store, run)
    open_first(person, server, run, name)
    expect(person.get_by_text(f"Its label: {LABELS[0]}")).to_be_visible()
    person.get_by_role("checkbox", name="right").check()
    submit(person, server, name)
    expect(person.get_by_text(f"Its label: {LABELS[1]}")).to_be_visible()
    expect(person.get_by_role("checkbox", checked=True)).to_have_count(0)
    person.keyboard.press("2")
    person.keyboard.press("Control+Enter")
    wait_for_answer(server, name, 1)
    found = {row.source: (row.label, row.reason) for row in collected(ours, store, run, name, manifest)}
    assert found["face_01.jpg"] == (LABELS[0], None)
    assert found["face_02.jpg"] == (None, f"1 of 1 workers found the label {LABELS[1]!r} wrong")
