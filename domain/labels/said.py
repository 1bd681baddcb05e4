"""What an answer says, so that two can be compared: labels in any order, a transcript to the letter, all fields."""

from __future__ import annotations

from typing import Literal

from domain.jsonlines import dump_line
from domain.labels.records import field_rows
from domain.labels.rows import LabelRow, Vote

Asked = Literal["labels", "boxes", "transcript", "record"]


def asked_of(row: LabelRow) -> Asked:
    """What its workers were asked for; a transcript that came with a clip was not asked for."""
    for vote in row.votes:
        if vote.record is not None:
            return "record"
        if vote.transcript is not None:
            return "transcript"
        if vote.boxes is not None:
            return "boxes"
    return "labels"


def said(one: Vote | LabelRow, asked: Asked) -> str:
    """Equal for answers that say the same. Of boxes only the classes are compared: two people never draw alike."""
    if asked == "record" and one.record is not None:
        return dump_line(dict(sorted(field_rows(one.record).items())))
    if asked == "transcript" and one.transcript is not None:
        return one.transcript
    return " + ".join(sorted(one.labels or filter(None, [one.label]))) or "none"


def is_disputed(row: LabelRow) -> bool:
    """Whether its workers did not all say the same."""
    asked = asked_of(row)
    return len({said(vote, asked) for vote in row.votes}) > 1
