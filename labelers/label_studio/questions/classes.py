"""One label or several, of an image or a text; and whether an earlier label is right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.workflow.inputs import LabelingTask
from labelers.label_studio.questions.model import ANSWER, Part, Question, choices, chosen, nothing, of_choices

_IMAGE = '  <Image name="image" value="$image"/>\n'
_TEXT = '  <Text name="text" value="$text"/>\n'
_VERDICTS = ("right", "wrong")


def _image(address: str, _given: Mapping[str, Any]) -> dict[str, Any]:
    return {"image": address}


def _text(_address: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"text": str(given["source"])}


def _labeled_image(address: str, given: Mapping[str, Any]) -> dict[str, Any]:
    return {"image": address, "earlier": str(given["label"])}


def _one(parts: Sequence[Part], _given: Mapping[str, Any]) -> Any:
    labels = chosen(parts, ANSWER)
    return {"label": labels[0]} if len(labels) == 1 else None


def _several(parts: Sequence[Part], _given: Mapping[str, Any]) -> Any:
    return {"labels": chosen(parts, ANSWER)}


def _suggested(given: Mapping[str, Any]) -> list[str]:
    found = given.get("suggestion")
    return [str(label) for label in found] if isinstance(found, list) else [] if found is None else [str(found)]


def _class_of(shown: str, body: str, data: Any) -> Question:
    def ask(task: LabelingTask) -> str:
        how = {"choice": "single", "required": "true", "showInline": "true"}
        return choices(ANSWER, shown, task.labels, task.label_descriptions, **how) + body

    def suggest(task: LabelingTask, given: Mapping[str, Any]) -> list[Part]:
        labels = _suggested(given)
        return [of_choices(labels, ANSWER, shown)] if len(labels) == 1 and labels[0] in task.labels else []

    return Question(ask, data, _one, suggest)


def _ask_several(task: LabelingTask) -> str:
    how = {"choice": "multiple", "showInline": "true"}
    return choices(ANSWER, "image", task.labels, task.label_descriptions, **how) + _IMAGE


def _suggest_several(task: LabelingTask, given: Mapping[str, Any]) -> list[Part]:
    labels = _suggested(given)
    return [of_choices(labels, ANSWER, "image")] if labels and set(labels) <= set(task.labels) else []


def _ask_verdict(_task: LabelingTask) -> str:
    verdicts = choices(ANSWER, "image", _VERDICTS, choice="single", required="true", showInline="true")
    return f'  <Header size="5" value="Its label: $earlier"/>\n{verdicts}{_IMAGE}'


ONE_OF_IMAGE = _class_of("image", _IMAGE, _image)
ONE_OF_TEXT = _class_of("text", _TEXT, _text)
SEVERAL_OF_IMAGE = Question(_ask_several, _image, _several, _suggest_several, empty=True)
IS_IT_RIGHT = Question(_ask_verdict, _labeled_image, _one, nothing)
