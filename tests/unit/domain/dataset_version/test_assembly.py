"""Parts of several hosts and a parent become one version that contradicts itself nowhere."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from domain import dataset_version
from domain.dataset_version import InconsistentVersion, ParentVersion, Part, VersionContext
from domain.dataset_version.augmented_manifest import resolve
from domain.errors import NothingMade
from domain.jsonlines import dump_lines
from domain.labels.rows import LabelRow
from tests.support.builders.photos import any_label
from tests.support.builders.versions import AssembledVersion, assemble, part_of, rows_of

FACTS = {"seed": 7, "recipe_sha256": "abc", "libraries": {"numpy": "2.2.6"}}


def any_row(source: str = "a.jpg", export: str = "resize", **fields: Any) -> dict[str, Any]:
    split, label = fields.get("split", "train"), fields.get("label", "open")
    return {
        "source": source,
        "path": f"data/{split}/{label}/{source}~{export}~0~00000000.jpg",
        "split": split,
        "label": label,
        "export": export,
        "variant": 0,
        "steps": [],
        "seed": 1,
        "sha256": "00",
        "identity": f"{source}-{export}",
        "width": 8,
        "height": 8,
        **fields,
    }


def any_part(*rows: dict[str, Any], quarantine: list[dict[str, Any]] | None = None, **facts: Any) -> Part:
    return part_of(
        {
            "manifest.jsonl": dump_lines(rows),
            "quarantine.jsonl": dump_lines(quarantine or []),
            "samples.jsonl": "",
            "part.json": json.dumps({**FACTS, **facts}),
        }
    )


def any_context(
    labels: list[LabelRow], parent: ParentVersion | None = None, version: str = "v0001-aaaaaa"
) -> VersionContext:
    return VersionContext(
        dataset="faces",
        version=version,
        run_id="demo-1",
        uri=f"s3://bucket/datasets/faces/{version}/",
        created="2026-11-22T10:00:00Z",
        recipe_text="name: any\n",
        label_attribute="mouth",
        labels=labels,
        parent=parent,
    )


def lines(version: AssembledVersion, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in version.files[name].splitlines()]


OPEN, SHUT = any_label("a.jpg", "open", confidence=0.9, method="human"), any_label("b.jpg", "shut", confidence=0.6)
BOTH = (any_row("a.jpg"), any_row("b.jpg", label="shut", split="val"))


def test_files_come_in_writing_order_with_the_report_last() -> None:
    version = assemble([any_part(*BOTH)], any_context([OPEN, SHUT]))
    names = list(version.files)
    assert names[:2] == ["manifest.jsonl", "augmented.manifest"]
    assert names[-1] == "report.html"
    assert {"quarantine.jsonl", "recipe.yaml", "dataset.json"} < set(names)
    assert version.files["recipe.yaml"] == "name: any\n"


def test_one_part_or_two_in_any_order_give_the_same_files() -> None:
    context = any_context([OPEN, SHUT])
    whole = assemble([any_part(*BOTH)], context)
    assert assemble([any_part(BOTH[1]), any_part(BOTH[0]), any_part()], context) == whole


def test_rows_tell_version_confidence_and_where_the_source_lies() -> None:
    row = lines(assemble([any_part(*BOTH)], any_context([OPEN, SHUT])), "manifest.jsonl")[0]
    assert (row["version"], row["confidence"], row["method"]) == ("v0001-aaaaaa", 0.9, "human")
    assert row["source_ref"] == "s3://bucket/raw/a.jpg"


def test_the_augmented_manifest_is_ground_truths_own_form() -> None:
    version = assemble([any_part(*BOTH)], any_context([OPEN, SHUT]))
    first = lines(version, "augmented.manifest")[0]
    assert first["source-ref"] == "s3://bucket/datasets/faces/v0001-aaaaaa/data/train/open/a.jpg~resize~0~00000000.jpg"
    assert first["mouth"] == 0
    assert first["mouth-metadata"] == {
        "class-name": "open",
        "confidence": 0.9,
        "creation-date": "2026-11-22T10:00:00Z",
        "human-annotated": "yes",
        "job-name": "kempelen/demo-1",
        "type": "groundtruth/image-classification",
    }
    assert [row["split"] for row in lines(version, "augmented-val.manifest")] == ["val"]


def test_a_multi_label_task_gives_lists_of_numbers_and_a_class_map() -> None:
    several = LabelRow(
        source="a.jpg", source_ref="s3://b/a.jpg", status="labeled", labels=("hat", "beard"), confidence=0.8
    )
    one = LabelRow(source="b.jpg", source_ref="s3://b/b.jpg", status="labeled", label="hat", labels=("hat",))
    rows = any_row("a.jpg", label="beard + hat"), any_row("b.jpg", label="hat")
    first, second = lines(assemble([any_part(*rows)], any_context([several, one])), "augmented.manifest")
    assert (first["mouth"], second["mouth"]) == ([1, 0], [1])
    assert first["mouth-metadata"]["class-map"] == {"1": "hat", "0": "beard"}
    assert {row["mouth-metadata"]["type"] for row in (first, second)} == {"groundtruth/image-classification-multilabel"}


def test_summary_and_dataset_count_alike() -> None:
    version = assemble([any_part(*BOTH, any_row("a.jpg", "noisy"))], any_context([OPEN, SHUT]))
    dataset = json.loads(version.files["dataset.json"])
    assert version.summary.outputs == dataset["outputs"] == 3
    assert version.summary.splits == {"train": 2, "val": 1}
    assert version.summary.exports == dataset["exports"] == {"noisy": 1, "resize": 2}
    assert version.summary.classes == {"open": 2, "shut": 1}
    assert dataset["class_index"] == {"open": 0, "shut": 1}
    assert dataset["splits"]["train"] == {"sources": 1, "outputs": 2}
    assert dataset["libraries"] == {"numpy": "2.2.6"}


def test_every_object_of_the_labels_is_in_the_outputs_or_in_the_quarantine() -> None:
    blurred = LabelRow(source="c.jpg", source_ref="s3://b/c.jpg", status="rejected", reason="blurred")
    absent = any_label("d.jpg")
    broken = {"source": "b.jpg", "stage": "read", "reason": "the file is empty"}
    version = assemble([any_part(BOTH[0], quarantine=[broken])], any_context([OPEN, SHUT, blurred, absent]))
    assert {row["source"]: row["reason"] for row in lines(version, "quarantine.jsonl")} == {
        "b.jpg": "the file is empty",
        "c.jpg": "rejected: blurred",
        "d.jpg": "the labels name this object, but no file of that name was in the input",
    }
    assert version.summary.quarantined == 3


def child_of(labels: list[LabelRow], *rows: dict[str, Any]) -> AssembledVersion:
    first = assemble([any_part(*BOTH)], any_context([OPEN, SHUT]))
    parent = ParentVersion("v0001-aaaaaa", "s3://bucket/datasets/faces/v0001-aaaaaa/", rows_of(first))
    return assemble([any_part(*rows)], any_context(labels, parent, "v0002-bbbbbb"))


def test_a_child_takes_the_parents_rows_in_without_copying_files() -> None:
    child = child_of([OPEN, SHUT], any_row("a.jpg", "noisy"))
    rows = lines(child, "manifest.jsonl")
    assert [(row["version"], row["path"][:22]) for row in rows] == [
        ("v0001-aaaaaa", "../v0001-aaaaaa/data/t"),
        ("v0001-aaaaaa", "../v0001-aaaaaa/data/v"),
        ("v0002-bbbbbb", "data/train/open/a.jpg~"),
    ]
    assert lines(child, "augmented.manifest")[0]["source-ref"].startswith(
        "s3://bucket/datasets/faces/v0001-aaaaaa/data/"
    )
    assert json.loads(child.files["dataset.json"])["new_outputs"] == 1


def test_a_grandchild_keeps_the_paths_of_its_grandparent() -> None:
    child = child_of([OPEN, SHUT], any_row("a.jpg", "noisy"))
    parent = ParentVersion("v0002-bbbbbb", "s3://bucket/datasets/faces/v0002-bbbbbb/", rows_of(child))
    own = any_part(any_row("a.jpg", "blurred"))
    rows = lines(assemble([own], any_context([OPEN, SHUT], parent, "v0003-cccccc")), "manifest.jsonl")
    found = sorted({row["path"].split("/data/")[0] for row in rows if row["path"].startswith("../")})
    assert found == ["../v0001-aaaaaa", "../v0002-bbbbbb"]


def test_rows_whose_label_was_corrected_are_left_out() -> None:
    child = child_of([any_label("a.jpg", "shut"), SHUT], any_row("a.jpg", label="shut"))
    rows = lines(child, "manifest.jsonl")
    assert {row["label"] for row in rows if row["source"] == "a.jpg"} == {"shut"}
    assert json.loads(child.files["dataset.json"])["relabeled"] == 1


@pytest.mark.parametrize("name", ["seed", "recipe_sha256", "libraries"])
def test_parts_of_different_runs_are_not_put_together(name: str) -> None:
    with pytest.raises(InconsistentVersion, match=f"two hosts differ in {name}"):
        assemble([any_part(BOTH[0]), any_part(BOTH[1], **{name: "other"})], any_context([OPEN, SHUT]))


def test_two_outputs_of_one_name_are_refused() -> None:
    with pytest.raises(InconsistentVersion, match="2 outputs have the name data/train/open/"):
        assemble([any_part(BOTH[0], BOTH[0])], any_context([OPEN, SHUT]))


def test_a_source_in_two_splits_is_refused() -> None:
    with pytest.raises(InconsistentVersion, match=r"'a.jpg' is in train and in val|'a.jpg' is in val and in train"):
        assemble([any_part(BOTH[0], any_row("a.jpg", split="val"))], any_context([OPEN, SHUT]))


def test_a_version_of_no_parts_is_refused() -> None:
    with pytest.raises(InconsistentVersion, match="no part to assemble"):
        assemble([], any_context([]))


@pytest.mark.parametrize(
    ("quarantine", "said"),
    [
        ([], "the input holds no file"),
        (["the file is empty"] * 2, "2 in quarantine (the file is empty)"),
        (
            ["a", "b", "b", "c", "d"],
            "2 in quarantine (b); 1 in quarantine (a); 1 in quarantine (c); 5 in quarantine altogether",
        ),
    ],
)
def test_what_adds_no_output_is_no_version(quarantine: list[str], said: str) -> None:
    rows = [{"source": f"{number}.jpg", "stage": "read", "reason": reason} for number, reason in enumerate(quarantine)]
    written: list[str] = []
    with pytest.raises(NothingMade, match=re.escape(f"so there is no new version: {said}")):
        dataset_version.assemble([any_part(quarantine=rows)], any_context([]), lambda name, _: written.append(name))
    assert written == []


def test_what_adds_nothing_to_a_parent_says_that_the_parent_has_all() -> None:
    first = assemble([any_part(*BOTH)], any_context([OPEN, SHUT]))
    parent = ParentVersion("v0001-aaaaaa", "s3://bucket/datasets/faces/v0001-aaaaaa/", rows_of(first))
    with pytest.raises(NothingMade, match="no new version: the earlier version has all else"):
        assemble([any_part()], any_context([OPEN, SHUT], parent, "v0002-bbbbbb"))


@pytest.mark.parametrize(
    ("uri", "path", "found"),
    [
        ("s3://b/d/v2/", "data/x.jpg", "s3://b/d/v2/data/x.jpg"),
        ("s3://b/d/v2/", "../v1/data/x.jpg", "s3://b/d/v1/data/x.jpg"),
        ("/data/v2", "../v1/x y.jpg", "/data/v1/x y.jpg"),
    ],
)
def test_paths_are_resolved_against_the_version(uri: str, path: str, found: str) -> None:
    assert resolve(uri, path) == found


def test_both_classes_of_a_mixed_image_have_a_number() -> None:
    """Nothing else may be left of the partner."""
    soft = [{"label": "open", "weight": 0.7}, {"label": "shut", "weight": 0.3}]
    row = any_row(export="mixed", partner="b.jpg", soft_labels=soft)
    version = assemble([any_part(any_row(), row)], any_context([any_label("a.jpg", "open")]))
    assert json.loads(version.files["dataset.json"])["class_index"] == {"open": 0, "shut": 1}
    (line,) = version.files["mixed-train.manifest"].splitlines()
    assert json.loads(line)["mouth"] == [0, 1]
