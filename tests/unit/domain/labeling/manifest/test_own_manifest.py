"""A manifest of one's own: whom it names, what it says of them, and why some are rejected."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from domain.errors import InvalidInput, NoUsableObjects
from domain.labeling.manifest.own_manifest import csv_rows, json_rows
from domain.labeling.manifest.prepare import prepare
from domain.workflow.states import BuiltManifest
from tests.support.builders.runs import any_label_run, any_task
from tests.support.fakes.store import MemoryStore

BUCKET = "s3://data-bucket/"
ROOT = f"{BUCKET}raw/faces/"
KEY = "manifests/mine.jsonl"


TRANSCRIPTS = any_task(type="audio-transcript", labels=())


class World:
    def __init__(self, *names: str) -> None:
        self.store = MemoryStore(objects={f"raw/faces/{name}": name for name in names})

    def prepare(self, manifest: str, key: str = KEY, **fields: Any) -> BuiltManifest:
        self.store.objects[key] = manifest
        return prepare(any_label_run(**{"manifest": key, **fields}), "", self.store)

    @property
    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.store.read("labeling/faces/run-1/input.manifest").splitlines()]

    @property
    def rejected(self) -> dict[str, str]:
        rows = [json.loads(line) for line in self.store.read("labeling/faces/run-1/rejected.jsonl").splitlines()]
        return {row["source"]: row["reason"] for row in rows}


def lines(*rows: dict[str, Any]) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def test_people_are_asked_for_what_it_lists_in_its_order() -> None:
    world = World("a.jpg", "b.jpg", "c.jpg")
    built = world.prepare(lines({"source-ref": f"{ROOT}c.jpg"}, {"source-ref": f"{ROOT}a.jpg", "place": "Wien"}))
    assert world.asked == [{"source-ref": f"{ROOT}c.jpg"}, {"source-ref": f"{ROOT}a.jpg", "place": "Wien"}]
    assert (built.objects, built.accepted, built.left_out) == (2, 2, 0)


def test_its_key_may_be_given_as_a_uri() -> None:
    world = World("a.jpg")
    world.store.objects[KEY] = lines({"source-ref": f"{ROOT}a.jpg"})
    assert prepare(any_label_run(manifest=BUCKET + KEY), "", world.store).accepted == 1


def test_each_object_that_cannot_be_asked_about_has_its_own_reason() -> None:
    world = World("a.jpg", "list.csv", "twice.jpg")
    refs = ["a.jpg", "gone.jpg", "list.csv", "twice.jpg", "twice.jpg"]
    others = ["s3://elsewhere/raw/faces/x.jpg", f"{BUCKET}raw/other/x.jpg"]
    built = world.prepare(lines(*({"source-ref": ref} for ref in [*(ROOT + name for name in refs), *others])))
    assert [row["source-ref"] for row in world.asked] == [f"{ROOT}a.jpg"]
    assert world.rejected == {
        "gone.jpg": "there is no such object below the source prefix",
        "list.csv": "is not of a kind that this task type takes (.jpg, .jpeg, .png)",
        "twice.jpg": f"stands in {BUCKET}{KEY} twice, in lines 4 and 5",
        others[0]: "lies in another bucket than the data bucket data-bucket; copy it there",
        others[1]: f"lies outside the source prefix {ROOT}; give source_prefix, or a manifest of what is below it",
    }
    assert (built.objects, built.rejected) == (6, 5)


def test_a_line_that_is_too_long_for_a_manifest_is_rejected() -> None:
    world = World("a.jpg", "b.jpg")
    notes = {f"note{number}": "x" * 19_998 for number in range(4)}
    row = {"source-ref": f"{ROOT}a.jpg", **notes, "rest": ""}
    room = 100_000 - len(json.dumps(row)) - 1
    world.prepare(lines({**row, "rest": "x" * room}, {**row, "source-ref": f"{ROOT}b.jpg", "rest": "x" * (room + 1)}))
    assert len(world.asked) == 1
    assert world.rejected == {"b.jpg": "its line would have 100,001 characters; there may be 100,000"}


def test_a_field_that_no_manifest_may_have_is_a_reason() -> None:
    world = World("a.jpg", "b.jpg", "c.jpg")
    given = ({"note": "x" * 19_998}, {"note": "x" * 19_999}, {"$note": "x"})
    world.prepare(lines(*({"source-ref": f"{ROOT}{name}.jpg", **row} for name, row in zip("abc", given, strict=True))))
    assert len(world.asked) == 1
    assert world.rejected == {
        "b.jpg": "its field 'note' would have 20,001 characters; there may be 20,000",
        "c.jpg": "its field '$note' begins with $, which no field of a manifest may",
    }


def test_a_field_that_the_task_type_asks_about_must_be_there() -> None:
    world = World("a.wav", "b.wav", "c.wav")
    heard = {"source-ref": f"{ROOT}a.wav", "transcript": "Grüß Gott"}
    silent = {"source-ref": f"{ROOT}c.wav", "transcript": ""}
    world.prepare(lines(heard, {"source-ref": f"{ROOT}b.wav"}, silent), task=TRANSCRIPTS)
    assert world.asked == [heard, silent]
    assert world.rejected == {"b.wav": "a manifest must say its transcript, which audio-transcript asks about"}
    with pytest.raises(NoUsableObjects, match=r"'a\.wav' a manifest must say its transcript"):
        prepare(any_label_run(run_id="run-2", task=TRANSCRIPTS), "", world.store)


PUBLISHED = {
    "source-ref": f"{BUCKET}datasets/clips/v0001-3fa9c1/data/train/street/a.wav",
    "sound": 1,
    "sound-metadata": {"class-name": "street", "job-name": "kempelen/run-1"},
    "split": "train",
    "transcript": "Grüß Gott",
}


def test_a_published_versions_manifest_names_the_folder_and_loses_its_old_labels() -> None:
    world = World()
    world.store.objects[PUBLISHED["source-ref"].removeprefix(BUCKET)] = "sound"  # type: ignore[attr-defined]
    key = "datasets/clips/v0001-3fa9c1/augmented-train.manifest"
    built = world.prepare(lines(PUBLISHED), key, task=TRANSCRIPTS)
    wanted = {name: PUBLISHED[name] for name in ("source-ref", "split", "transcript")}
    assert (built.accepted, world.asked) == (1, [wanted])


def test_a_label_that_is_asked_about_is_the_name_of_its_class_and_one_of_the_tasks() -> None:
    world = World("a.jpg", "b.jpg")
    row = {"source-ref": f"{ROOT}a.jpg", "label": 0, "label-metadata": {"class-name": "open"}}
    other = {"source-ref": f"{ROOT}b.jpg", "label": "ajar"}
    world.prepare(lines(row, other), task=any_task(type="image-label-verification", label_attribute="checked"))
    assert world.asked == [{"source-ref": f"{ROOT}a.jpg", "label": "open"}]
    assert world.rejected == {"b.jpg": "label is 'ajar', which is none of the task's labels: ['open', 'shut']"}


@pytest.mark.parametrize("suggestion", ["open", ["open", "shut"], {"boundingBoxes": []}])
def test_what_it_suggests_goes_to_the_people_whatever_its_form(suggestion: object) -> None:
    world, row = World("a.jpg"), {"source-ref": f"{ROOT}a.jpg", "suggestion": suggestion}
    world.prepare(lines({**row, "boxes": [1, 2]}))
    assert world.asked == [row]


def test_a_table_with_semicolons_says_so() -> None:
    with pytest.raises(InvalidInput, match=r"mine\.csv, line 1: columns are separated by commas, not by semicolons"):
        World("a.jpg").prepare("file;place\na.jpg;Wien\n", "raw/lists/mine.csv")


def test_a_csv_file_names_objects_below_the_prefix_and_its_other_columns_are_fields() -> None:
    world = World("a.jpg", "sub/b, c.jpg")
    text = '\ufefffile,place,note\r\na.jpg,Wien,"two\r\n\r\nlines"\r\n\r\n"sub/b, c.jpg",Linz,\r\n'
    world.prepare(text, "raw/lists/mine.csv")
    assert world.asked == [
        {"source-ref": f"{ROOT}a.jpg", "place": "Wien", "note": "two\r\n\r\nlines"},
        {"source-ref": f"{ROOT}sub/b, c.jpg", "place": "Linz", "note": ""},
    ]


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        (KEY, "{}\n", "line 1: give the object's URI as `source-ref`, or its name below the source prefix as `file`"),
        (KEY, '{"source": "a text"}\n', "line 1: give the object's URI"),
        (KEY, '\n{"source-ref": "a.jpg"}', "line 2: source-ref: 'a.jpg' is no s3://<bucket>/<key>"),
        (KEY, '{"source-ref": "s3://data-bucket/\\ud800"}', "line 1: source-ref: .* surrogates not allowed"),
        (KEY, "[1]", r"line 1: a JSON object was expected, not \[1\]"),
        (KEY, "{", "line 1: not JSON"),
        ("raw/x.csv", "name\na.jpg\n", "line 2: give the object's URI"),
        ("raw/x.csv", "file,place\na.jpg\n", "line 2: 1 values for 2 columns"),
        ("raw/x.csv", "file,file\na.jpg,b\n", "line 1: each column needs a name of its own"),
        ("raw/x.csv", 'file\n"a.jpg\n', "line 3: not CSV"),
    ],
)
def test_what_is_no_manifest_is_refused_by_file_and_line(key: str, text: str, said: str) -> None:
    world = World("a.jpg")
    with pytest.raises(InvalidInput, match=f"s3://data-bucket/{key}, {said}"):
        world.prepare(text, key)


@pytest.mark.parametrize("rows", [csv_rows, json_rows])
def test_a_file_that_is_not_utf_8_is_refused_with_what_to_do(rows: Any) -> None:
    def broken() -> Iterator[str]:
        yield b"file\n\xff".decode()

    with pytest.raises(InvalidInput, match="x is not UTF-8; save it as such"):
        list(rows(broken(), "x"))


def test_a_manifest_that_is_not_there_or_elsewhere_is_refused() -> None:
    with pytest.raises(InvalidInput, match=f"manifest: there is no {BUCKET}{KEY}"):
        prepare(any_label_run(manifest=KEY), "", MemoryStore())
    with pytest.raises(InvalidInput, match=r"manifest: s3://elsewhere/manifests/x\.csv is outside the data bucket"):
        prepare(any_label_run(manifest="s3://elsewhere/manifests/x.csv"), "", MemoryStore())
