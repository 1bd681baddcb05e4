"""A record: a verdict on each of its fields, and the right value where it is wrong."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from domain.workflow.inputs import LabelingTask
from labelers.label_studio.questions.model import Part, Question, choices, chosen, nothing, written

_VERDICTS = ("accept", "correct", "reject")
_AT = "{{idx}}"


def _ask(_task: LabelingTask) -> str:
    """Each task says which fields there are."""
    verdicts = choices(f"verdict_{_AT}", f"field_{_AT}", _VERDICTS, choice="single", required="true", showInline="true")
    return (
        f'  <Repeater on="$fields" indexFlag="{_AT}">\n'
        f'  <Text name="field_{_AT}" value="$fields[{_AT}].shown"/>\n{verdicts}'
        f'  <TextArea name="value_{_AT}" toName="field_{_AT}" rows="1" editable="true" maxSubmissions="1"'
        ' placeholder="The right value, if it is to be corrected"/>\n'
        "  </Repeater>\n"
    )


def _data(_address: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"fields": [{"shown": f"{name}: {_shown(value)}"} for name, value in given["record"].items()]}


def _value(parts: Sequence[Part], given: Mapping[str, Any]) -> Any:
    """None where a field has no verdict, or is to be corrected and no right value is written."""
    fields = {
        name: _verdict(chosen(parts, f"verdict_{place}"), written(parts, f"value_{place}"), value)
        for place, (name, value) in enumerate(given["record"].items())
    }
    return None if None in fields.values() else {"fields": fields}


def _verdict(verdicts: Sequence[str], told: str | None, value: Any) -> dict[str, Any] | None:
    """As our own page's element decides: a correction that changes nothing accepts."""
    if list(verdicts) == ["accept"]:
        return {"verdict": "accept", "value": value}
    if list(verdicts) == ["reject"]:
        return {"verdict": "reject", "value": None}
    if list(verdicts) != ["correct"] or told is None:
        return None
    if told == _shown(value).strip():
        return {"verdict": "accept", "value": value}
    corrected = _number(told) if isinstance(value, int | float) and not isinstance(value, bool) else told
    if corrected is None:
        return None
    return {"verdict": "accept" if corrected == value else "correct", "value": corrected}


def _number(told: str) -> float | None:
    try:
        number = float(told)
    except ValueError:
        return None
    if not math.isfinite(number):
        return None
    return int(number) if number.is_integer() else number


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


RECORD = Question(_ask, _data, _value, nothing)
