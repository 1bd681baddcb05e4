"""The input manifest: what people are asked about, and the reason for everything else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import ManifestTooLarge
from domain.labeling.input_manifest import MAX_BYTES, build_manifest, categories_document, read_manifest
from domain.workflow.ports import ListedObject

IMAGES = (".jpg", ".jpeg", ".png")
PREFIX = "raw/faces/"
keys = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
listings = st.lists(
    st.builds(ListedObject, keys.map(lambda name: PREFIX + name), st.integers(0, 2 * MAX_BYTES)),
    unique_by=lambda item: item.key,
)


def built(*names: str, size: int = 9) -> tuple[list[str], dict[str, str]]:
    manifest = build_manifest([ListedObject(PREFIX + name, size) for name in names], "b", PREFIX, IMAGES)
    return [item.source for item in manifest.accepted], {item.source: item.reason for item in manifest.rejected}


def test_images_are_accepted_whatever_the_case_of_their_extension() -> None:
    names = ["a.jpg", "B.JPEG", "c.PnG", "sub folder/ü 'x' \"y\".Jpg"]
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


def test_more_items_than_one_job_takes_are_refused_with_advice() -> None:
    listing = [ListedObject(f"{PREFIX}{number}.jpg", 9) for number in range(4)]
    assert len(build_manifest(listing, "b", PREFIX, IMAGES, max_items=4).accepted) == 4
    with pytest.raises(ManifestTooLarge, match=r"more than 3 objects.*split it over several prefixes"):
        build_manifest(listing, "b", PREFIX, IMAGES, max_items=3)


def test_rejected_objects_do_not_count_against_the_limit() -> None:
    listing = [ListedObject(f"{PREFIX}{number}.csv", 9) for number in range(9)]
    assert len(build_manifest(listing, "b", PREFIX, IMAGES, max_items=1).rejected) == 9


@given(listings)
def test_every_object_is_accepted_or_rejected_once_and_survives_the_files(listing: list[ListedObject]) -> None:
    manifest = build_manifest(listing, "b", PREFIX, IMAGES)
    names = [item.source for item in (*manifest.accepted, *manifest.rejected)]
    markers = [item.key for item in listing if item.key.endswith("/") and item.size == 0]
    assert sorted([PREFIX + name for name in names] + markers) == sorted(item.key for item in listing)
    assert all(item.reason for item in manifest.rejected)
    again = read_manifest(manifest.manifest_text(), manifest.rejected_text(), "b", PREFIX)
    assert again == manifest


@given(listings)
def test_the_manifest_is_one_short_json_object_a_line_in_any_readers_eyes(listing: list[ListedObject]) -> None:
    manifest = build_manifest(listing, "b", PREFIX, IMAGES)
    lines = manifest.manifest_text().splitlines()
    assert [json.loads(line) for line in lines] == [{"source-ref": item.source_ref} for item in manifest.accepted]
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
    [line] = build_manifest([ListedObject(PREFIX + name, 9)], "b", PREFIX, IMAGES).manifest_text().splitlines()
    assert len(line) < 10_000
