from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from localcloud.sagemaker.container_paths import bucket_and_key, inside, mapped, relative, shard

FOLDER = Path("/state/job 1/algo-1")


@pytest.mark.parametrize(
    ("key", "prefix", "path"),
    [
        ("raw/faces/open/a.jpg", "raw/faces/", "open/a.jpg"),
        ("raw/faces/open/a.jpg", "raw/faces", "open/a.jpg"),
        ("code/engine.zip", "code/engine.zip", "engine.zip"),
        ("raw/faces-2/a.jpg", "raw/faces", "faces-2/a.jpg"),
        ("a.jpg", "", "a.jpg"),
        ("a b/ü'\".JPG", "a b/", "ü'\".JPG"),
    ],
)
def test_an_objects_path_is_what_follows_the_prefix(key, prefix, path) -> None:
    assert relative(key, prefix) == path


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/opt/ml/processing/input", f"{FOLDER}/processing/input"),
        ("--input=/opt/ml/processing/input", f"--input={FOLDER}/processing/input"),
        ("/opt/ml/a.zip:/opt/ml/b", f"{FOLDER}/a.zip:{FOLDER}/b"),
        ("/opt/ml", str(FOLDER)),
        ("/opt/mlflow", "/opt/mlflow"),
        ("/data/opt/ml/x", "/data/opt/ml/x"),
        ("s3://bucket/opt/ml/x", "s3://bucket/opt/ml/x"),
    ],
)
def test_every_path_below_opt_ml_is_mapped_and_nothing_else(text, expected) -> None:
    assert mapped(text, FOLDER) == expected


def test_mapping_goes_through_lists_and_dictionaries() -> None:
    assert mapped({"PYTHONPATH": "/opt/ml/x", "words": ["/opt/ml"]}, FOLDER) == {
        "PYTHONPATH": f"{FOLDER}/x",
        "words": [str(FOLDER)],
    }


@settings(max_examples=60, deadline=None)
@given(st.sets(st.text(min_size=1, max_size=8), max_size=40), st.integers(1, 7))
def test_shards_together_hold_every_key_once_and_differ_by_one_at_most(keys, instances) -> None:
    shards = [shard(list(keys), number, instances) for number in range(instances)]
    assert sorted(key for part in shards for key in part) == sorted(keys)
    sizes = [len(part) for part in shards]
    assert max(sizes) - min(sizes) <= 1


def test_shards_do_not_depend_on_the_order_of_the_listing() -> None:
    assert shard(["c", "a", "b"], 0, 2) == shard(["a", "b", "c"], 0, 2) == ["a", "c"]


@pytest.mark.parametrize("name", ["", "..", "../x", "a/../../x", "/etc/passwd", "a//b", "a/./b", "a\0b"])
def test_a_name_that_is_no_file_below_the_folder_is_refused(name) -> None:
    with pytest.raises(ValueError, match="cannot be a file below"):
        inside(FOLDER, name)


@settings(max_examples=60, deadline=None)
@given(st.text(min_size=1, max_size=30))
def test_a_name_that_is_accepted_stays_inside(name) -> None:
    try:
        path = inside(FOLDER, name)
    except ValueError:
        return
    assert path.is_relative_to(FOLDER)
    assert ".." not in path.parts


def test_a_uri_keeps_every_character_of_its_key() -> None:
    assert bucket_and_key("s3://photos/a b/c%20d?#.jpg") == ("photos", "a b/c%20d?#.jpg")
    assert bucket_and_key("s3://photos") == ("photos", "")
