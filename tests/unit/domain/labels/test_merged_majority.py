"""What most votes would have given is merged too, and is no other label once both have one name."""

from __future__ import annotations

from domain.labels.merged import merged
from domain.labels.rows import LabelRow


def decided(majority: str) -> LabelRow:
    row = {"source": "a", "source_ref": "s3://b/a", "status": "labeled", "label": "cat", "labels": ("cat",)}
    return LabelRow(**row, decided_by="dawid_skene", majority=(majority,))


def test_the_majority_is_merged_as_the_label_is() -> None:
    same, other = merged([decided("kitten"), decided("puppy")], {"kitten": "cat", "puppy": "dog"})
    assert same.majority is None
    assert other.majority == ("dog",)
