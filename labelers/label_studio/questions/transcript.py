"""What is said in a clip: the transcript that there is, to be left as it is or corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.workflow.inputs import LabelingTask
from labelers.label_studio.questions.model import Part, Question, choices, chosen, of_text, written

_TRANSCRIPT, _SILENCE, _NOTHING = "transcript", "silence", "Nothing is said"


def _ask(_task: LabelingTask) -> str:
    return (
        '  <Audio name="audio" value="$audio"/>\n'
        '  <Header size="5" value="To correct the text, point at it and press the pencil."/>\n'
        f'  <TextArea name="{_TRANSCRIPT}" toName="audio" rows="3" editable="true" maxSubmissions="1"/>\n'
        + choices(_SILENCE, "audio", [_NOTHING], choice="multiple")
    )


def _data(address: str, _given: Mapping[str, Any]) -> dict[str, Any]:
    return {"audio": address}


def _value(parts: Sequence[Part], given: Mapping[str, Any]) -> Any:
    """None where nothing is written and nobody says that nothing is said."""
    told = "" if chosen(parts, _SILENCE) else written(parts, _TRANSCRIPT)
    if told is None:
        return None
    accepted = told == str(given[_TRANSCRIPT]).strip()
    return {"verdict": "accept" if accepted else "correct", _TRANSCRIPT: told}


def _suggest(_task: LabelingTask, given: Mapping[str, Any]) -> list[Part]:
    there = str(given.get(_TRANSCRIPT, "")).strip()
    return [of_text(there, _TRANSCRIPT, "audio")] if there else []


TRANSCRIPT = Question(_ask, _data, _value, _suggest)
