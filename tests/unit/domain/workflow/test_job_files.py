"""What a processing job can read is decided object by object, from the listing alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.workflow.job_files import COMPONENT_LIMIT_BYTES, input_manifest, job_files
from domain.workflow.ports import ListedObject


def reasons(*keys: str) -> dict[str, str]:
    return {item.key: reason for item, reason in job_files(ListedObject(key, 1) for key in keys)}


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("raw//a.jpg", "the key has an empty segment"),
        ("raw/../a.jpg", "the key has a '.' or '..' segment"),
        ("raw/./a.jpg", "the key has a '.' or '..' segment"),
        ("raw/a\x00.jpg", "the key has a control character"),
        ("raw/a\\b.jpg", "the key has a backslash"),
        (f"raw/{'é' * 128}/b.jpg", "a part of the key between slashes is longer than 255 bytes, and no file can be"),
        ("raw/folder/", "is a folder marker with content"),
    ],
)
def test_one_odd_key_rejects_itself_and_no_other(key: str, reason: str) -> None:
    assert reasons(key, "raw/good.jpg") == {key: reason, "raw/good.jpg": ""}


def test_a_key_that_is_the_folder_of_others_gives_way_to_them() -> None:
    found = reasons("raw/a.jpg", "raw/a.jpg.bak", "raw/a.jpg/b/c.jpg", "raw/a.jpg/d.jpg", "raw/a.jpgx")
    assert [key for key, reason in found.items() if reason] == ["raw/a.jpg"]
    assert found["raw/a.jpg"] == "is also the folder of other objects, such as those below raw/a.jpg/"


def test_a_key_is_no_folder_of_what_is_rejected_itself() -> None:
    assert not reasons("raw/a.jpg", "raw/a.jpg//b.jpg")["raw/a.jpg"]


def test_folder_markers_are_no_objects() -> None:
    assert list(job_files([ListedObject("raw/", 0), ListedObject("raw/a.jpg/", 0)])) == []
    assert not reasons("raw/a.jpg")["raw/a.jpg"]


def test_empty_and_archived_objects_cannot_be_read() -> None:
    items = [ListedObject("raw/a.jpg", 0), ListedObject("raw/b.jpg", 1, archived=True)]
    assert [reason for _, reason in job_files(items)] == [
        "is empty",
        "lies in an archive (its storage class); restore it first",
    ]


KEYS = st.lists(
    st.text(st.sampled_from("ab/.é\n"), min_size=1, max_size=8).map(lambda tail: f"raw/{tail}"),
    unique=True,
    max_size=12,
)


@given(KEYS)
def test_all_that_is_admitted_can_lie_in_one_folder(tmp_path_factory: pytest.TempPathFactory, keys: list[str]) -> None:
    root = tmp_path_factory.mktemp("job")
    admitted = [key for key, reason in reasons(*keys).items() if not reason]
    for key in admitted:
        path = root / key
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(key, encoding="utf-8")
    assert sorted(below(root)) == sorted(admitted)


def below(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()]


def test_the_longest_file_name_is_admitted() -> None:
    longest = "raw/" + "x" * COMPONENT_LIMIT_BYTES
    assert reasons(longest, longest + "x") == {longest: "", longest + "x": reasons(longest + "x")[longest + "x"]}
    assert reasons(longest + "x")[longest + "x"]


def test_the_manifest_is_json_whose_prefix_is_the_bucket() -> None:
    keys = ['raw/"quoted" é\u2028.jpg', "raw/b.jpg"]
    assert json.loads("".join(input_manifest(keys, "data-bucket"))) == [{"prefix": "s3://data-bucket/"}, *keys]
