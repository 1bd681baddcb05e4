"""docs/labeling.md says of every member of CreateLabelingJob whether it is there, and of nothing else in its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore.session

PAGE = Path(__file__).parents[3] / "docs" / "labeling.md"
ROW = re.compile(r"^\| `([A-Z][\w.]+)` \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)


def members(shape: Any, before: str = "") -> Iterator[str]:
    for name, member in shape.members.items():
        if member.type_name == "structure":
            yield from members(member, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def test_every_member_has_its_row() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    told = [row[0] for row in ROW.findall(PAGE.read_text("utf-8"))]
    assert told == list(members(model.operation_model("CreateLabelingJob").input_shape))


def test_every_answer_is_one_of_three() -> None:
    rows = ROW.findall(PAGE.read_text("utf-8"))
    assert all(re.match(r"(yes|refused: |not yet)", cell) for row in rows for cell in row[1:])
