"""`labels.jsonl` of version 0.1 is read for one version more, and says so."""

from __future__ import annotations

import json
import warnings

import pytest

from domain.labeling.manifest.input_manifest import read_manifest
from domain.labels.rows import LabelRow, read_labels, write_labels

NEW = LabelRow(source="a/b.jpg", source_ref="s3://bucket/raw/a/b.jpg", status="labeled", label="open", labels=("open",))
OLD = {"object": NEW.source, "source": NEW.source_ref, "status": "labeled", "label": "open", "labels": ["open"]}


def test_a_row_of_version_0_1_is_the_same_row_and_the_reader_says_what_will_end() -> None:
    with pytest.warns(FutureWarning, match=r"old\.jsonl: .*`source_ref` now; version 0\.3 will refuse the old names"):
        assert read_labels(json.dumps(OLD), "old.jsonl") == [NEW]


def test_what_is_written_has_the_new_names_alone_and_is_read_in_silence() -> None:
    text = write_labels([NEW])
    assert list(json.loads(text))[:2] == ["source", "source_ref"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_labels(text) == [NEW]


def test_a_label_called_object_is_no_old_name() -> None:
    row = NEW.model_copy(update={"label": "object", "labels": ("object",)})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_labels(write_labels([row])) == [row]


def test_rejections_that_a_run_of_version_0_1_wrote_are_read() -> None:
    old = json.dumps({"object": "x.csv", "source": "s3://bucket/raw/x.csv", "reason": "is no image"})
    (found,) = read_manifest([], [old], "bucket", "raw/").rejected
    assert (found.source, found.source_ref) == ("x.csv", "s3://bucket/raw/x.csv")
