"""The input manifest: what people are asked about, and the reason for everything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ManifestTooLarge
from domain.jsonlines import dump_lines
from domain.labeling.manifest.input_manifest import SourceObject, categories_document, line_of, read_manifest
from domain.labeling.manifest.inventory import MAX_BYTES, add_listing
from domain.labeling.manifest.objects import Objects
from domain.labeling.manifest.prepare import prepare
from domain.task_types import task_type
from domain.workflow.ports import ListedObject
from tests.support.builders.runs import any_label_run
from tests.support.fakes.store import MemoryStore

ROOT = "s3://data-bucket/raw/faces/"
PREFIX = "raw/faces/"
keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
listings = st.lists(
    st.builds(ListedObject, keys.map(lambda name: PREFIX + name), st.integers(0, 2 * MAX_BYTES)),
    unique_by=lambda item: item.key,
)


def sorted_out(listing: list[ListedObject]) -> tuple[list[str], list[SourceObject]]:
    """URIs of what people are asked for, and what is rejected."""
    with Objects(ROOT) as objects:
        add_listing(objects, listing, task_type("image-single-label"))
        objects.settle()
        objects.accept(objects.open())
        return [ref for ref, _ in objects.accepted()], list(objects.rejected())


def built(*names: str, size: int = 9) -> tuple[list[str], dict[str, str]]:
    accepted, rejected = sorted_out([ListedObject(PREFIX + name, size) for name in names])
    return [ref.removeprefix(ROOT) for ref in accepted], {item.source: item.reason for item in rejected}


def test_images_are_accepted_whatever_the_case_of_their_extension() -> None:
    names = ["B.JPEG", "a.jpg", "c.PnG", "sub folder/ü 'x' \"y\".Jpg"]
    assert built(*names) == (names, {})


@pytest.mark.parametrize("name", ["features.csv", "a.gif", "jpg", "a.jpg.txt", "a.webp", "a.tiff"])
def test_what_is_no_image_is_rejected_and_not_fatal(name: str) -> None:
    accepted, rejected = built("a.jpg", name)
    assert accepted == ["a.jpg"]
    assert rejected == {name: "is not of a kind that this task type takes (.jpg, .jpeg, .png)"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("../b.jpg", "the key has a '.' or '..' segment"),
        ("x/../../b.jpg", "the key has a '.' or '..' segment"),
        ("./b.jpg", "the key has a '.' or '..' segment"),
        ("a\n.jpg", "the key has a control character"),
        ("a\x00.jpg", "the key has a control character"),
        ("a\x85.jpg", "the key has a control character"),
        ("a\\b.jpg", "the key has a backslash"),
        ("/b.jpg", "the key has an empty segment"),
        ("x//b.jpg", "the key has an empty segment"),
        ("é" * 600 + ".jpg", "the key is longer than 1024 bytes"),
    ],
)
def test_a_hostile_key_is_rejected_with_its_reason(name: str, reason: str) -> None:
    assert built(name) == ([], {name: reason})


def test_size_decides_with_the_limit_itself_allowed() -> None:
    assert built("a.jpg", size=0)[1] == {"a.jpg": "is empty"}
    assert built("a.jpg", size=MAX_BYTES)[0] == ["a.jpg"]
    [reason] = built("a.jpg", size=MAX_BYTES + 1)[1].values()
    assert reason == "has 40.0 MB; Ground Truth takes at most 40 MB"


def test_folder_markers_are_no_objects_unless_they_hold_something() -> None:
    assert built("", "sub/", size=0) == ([], {})
    assert built("sub/", size=3)[1] == {"sub/": "is a folder marker with content"}


def test_one_object_that_is_the_folder_of_others_gives_way() -> None:
    accepted, rejected = built("a.jpg", "a.jpg!.jpg", "a.jpg/b.jpg", "c.jpg", "c.jpg//d.jpg", "e.jpg0.jpg", "e.jpg")
    assert accepted == ["a.jpg!.jpg", "a.jpg/b.jpg", "c.jpg", "e.jpg", "e.jpg0.jpg"]
    assert rejected["a.jpg"] == "is also the folder of other objects, such as those below raw/faces/a.jpg/"
    assert list(rejected) == ["a.jpg", "c.jpg//d.jpg"]


def test_more_objects_than_one_job_takes_are_refused_with_advice() -> None:
    names = [f"raw/faces/{number}.jpg" for number in range(4)] + [f"raw/faces/{number}.csv" for number in range(9)]
    store = MemoryStore(objects=dict.fromkeys(names, "x"))
    with pytest.raises(ManifestTooLarge, match=r"more than 3 objects.*split it over several prefixes"):
        prepare(any_label_run(), "", store, 3)
    assert prepare(any_label_run(), "", store, 4).rejected == 9


@given(listings)
def test_every_object_is_accepted_or_rejected_once_and_survives_the_files(listing: list[ListedObject]) -> None:
    accepted, rejected = sorted_out(listing)
    names = [*(ref.removeprefix(ROOT) for ref in accepted), *(item.source for item in rejected)]
    markers = [item.key for item in listing if item.key.endswith("/") and item.size == 0]
    assert sorted([PREFIX + name for name in names] + markers) == sorted(item.key for item in listing)
    assert all(item.reason for item in rejected)
    texts = "".join(line_of(ref, {}) for ref in accepted), dump_lines(map(vars, rejected))
    again = read_manifest(*(text.split("\n") for text in texts), "data-bucket", PREFIX)
    for _ in range(2):
        assert [item.source_ref for item in again.accepted] == accepted
        assert list(again.rejected) == rejected


@given(listings)
def test_the_manifest_is_one_short_json_object_a_line_in_any_readers_eyes(listing: list[ListedObject]) -> None:
    accepted, _ = sorted_out(listing)
    lines = "".join(line_of(ref, {}) for ref in accepted).splitlines()
    assert [json.loads(line) for line in lines] == [{"source-ref": ref} for ref in accepted]
    assert all(len(line) <= 100_000 for line in lines)


def test_the_categories_file_has_ground_truths_form() -> None:
    assert categories_document(["open", "shut"]) == {
        "document-version": "2018-11-28",
        "labels": [{"label": "open"}, {"label": "shut"}],
    }


@pytest.mark.parametrize("character", ["x", "é", "😀", '"'])
def test_the_longest_key_stays_far_below_ground_truths_limit_for_a_line(character: str) -> None:
    folder = character * (240 // len(character.encode())) + "/"
    name = folder * ((1024 - len(PREFIX) - 5) // len(folder.encode())) + "x.jpg"
    [ref] = sorted_out([ListedObject(PREFIX + name, 9)])[0]
    assert len(line_of(ref, {})) < 10_000
