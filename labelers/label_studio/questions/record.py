"""A record: a verdict on each of its fields, and the right value where it is wrong."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from domain.workflow.inputs import LabelingTask
from labelers.label_studio.questions.model import Part, Question, choices, chosen, nothing, written

_VERDICTS = ("accept", "correct", "reject")
_AT = "{{idx}}"


def _ask(_task: LabelingTask) -> str:
    """Each task says which fields there are."""
    how = {
        "choice": "single",
        "showInline": "true",
        "required": "true",
        "requiredMessage": "Give each field a verdict.",
    }
    verdicts = choices(f"verdict_{_AT}", f"field_{_AT}", _VERDICTS, None, **how)
    return (
        f'  <Repeater on="$fields" indexFlag="{_AT}">\n'
        f'  <Text name="field_{_AT}" value="$fields[{_AT}].shown"/>\n{verdicts}'
        f'  <View visibleWhen="choice-selected" whenTagName="verdict_{_AT}" whenChoiceValue="correct">\n'
        f'    <TextArea name="value_{_AT}" toName="field_{_AT}" rows="1" editable="true" maxSubmissions="1"'
        ' placeholder="The right value" required="true" requiredMessage="Write the right value."/>\n'
        "  </View>\n"
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
    if len(verdicts) != 1 or (verdicts[0] == "correct" and told is None):
        return None
    return {"verdict": verdicts[0], "value": _in_kind(told or "", value)}


def _in_kind(told: str, value: Any) -> Any:
    """What is written in place of a number is one, if it can be."""
    try:
        return json.loads(told) if isinstance(value, bool | int | float) else told
    except ValueError:
        return told


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


RECORD = Question(_ask, _data, _value, nothing)
