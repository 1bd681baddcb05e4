"""Each kind of question: what the tasks hold, what is suggested, and what an annotation's result comes to.

The results are as the real server gave them for answers in a browser.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree

import pytest

from domain.labels.boxes import BoxLabel
from domain.task_types import TASK_TYPES
from domain.task_types.model import Choice
from domain.workflow.inputs import LabelingTask
from domain.workflow.states import LabelRun
from labelers.label_studio.questions import QUESTIONS, choice_of, labeling_config
from tests.support.builders.runs import any_built_manifest, any_label_run, any_task
from tests.unit.labelers.test_label_studio_job import ADA, BOB, World

URI = "s3://data-bucket/raw/faces/a.png"
GIVEN: dict[str, dict[str, Any]] = {
    "audio-transcript": {"transcript": "hello world"},
    "image-bounding-box": {},
    "image-label-verification": {"label": "open"},
    "image-multi-label": {},
    "image-single-label": {},
    "record-review": {"record": {"name": "Ada", "born": 1815, "alive": False, "note": None}},
    "text-single-label": {"source": "a $good <day>"},
}
BOXES = {
    "boundingBoxes": [{"label": "shut", "left": 100, "top": 50, "width": 80, "height": 60}],
    "inputImageProperties": {"width": 400, "height": 200},
}


def choice(*labels: str, of: str = "label", to: str = "image") -> dict[str, Any]:
    return {"from_name": of, "to_name": to, "type": "choices", "value": {"choices": list(labels)}}


def text(told: str, of: str, to: str = "audio") -> dict[str, Any]:
    return {"from_name": of, "to_name": to, "type": "textarea", "value": {"text": [told]}}


def box(label: str, *sides: float, rotation: float = 0) -> dict[str, Any]:
    value = dict(zip(("x", "y", "width", "height"), sides, strict=True))
    size = {"original_width": 400, "original_height": 200, "image_rotation": 0}
    told = {**value, "rotation": rotation, "rectanglelabels": [label]}
    return {**size, "from_name": "label", "to_name": "image", "type": "rectanglelabels", "value": told}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the task types are given to read, in place of what they make of it."""
    seen: dict[str, Any] = {}

    def remember(value: Any, labels: Any, given: Any) -> Choice:
        seen.update(value=value, given=given)
        return Choice(("seen",))

    contents = {"record-review": "record", "text-single-label": "text"}
    for kind in QUESTIONS:
        content: Any = contents.get(kind, "address")
        double = replace(TASK_TYPES["image-single-label"], name=kind, read=remember, content=content)
        monkeypatch.setitem(TASK_TYPES, kind, double)
    return seen


def started(kind: str, *rows: dict[str, Any], **task: Any) -> World:
    world = World()
    named = [{"object" if "source" in row else "source-ref": URI.replace("a.", f"{number}."), **row}
             for number, row in enumerate(rows)]  # fmt: skip
    manifest = any_built_manifest(objects=len(rows), accepted=len(rows))
    world.store.write(manifest.manifest_uri.key, "".join(f"{json.dumps(row)}\n" for row in named))
    given = {"workers_per_object": 2, "availability_seconds": 3600, **task}
    run: LabelRun = any_label_run(task=any_task(**given))
    world.labeler.start(run.model_copy(update={"task": run.task.model_copy(update={"type": kind})}), manifest)
    return world


@pytest.mark.parametrize("kind", sorted(QUESTIONS))
def test_every_kind_can_be_asked(kind: str, read: dict[str, Any]) -> None:
    world = started(kind, GIVEN[kind])
    config = ElementTree.fromstring(world.server.projects[1]["label_config"])
    assert config.find("Header").get("value") == "Is the mouth open?"  # type: ignore[union-attr]
    (task,) = world.server.tasks.values()
    assert task["meta"].get("given", {}) == GIVEN[kind]
    names = {one.get("name") for one in config.iter() if one.get("name")}
    assert {one.get("toName") for one in config.iter() if one.get("toName")} <= names


def test_a_text_and_a_record_stand_in_the_task_and_need_no_address(read: dict[str, Any]) -> None:
    assert started("text-single-label", GIVEN["text-single-label"]).server.tasks[1]["data"] == {
        "text": "a $good <day>",
        "number": 0,
    }
    fields = started("record-review", GIVEN["record-review"]).server.tasks[1]["data"]["fields"]
    assert [field["shown"] for field in fields] == ["name: Ada", "born: 1815", "alive: false", "note: null"]


@pytest.mark.parametrize(
    ("kind", "given", "result"),
    [
        ("image-single-label", {"suggestion": "shut"}, choice("shut")),
        ("image-single-label", {"label": "shut"}, None),
        ("image-single-label", {"suggestion": "none of them"}, None),
        ("image-single-label", {}, None),
        ("image-multi-label", {"suggestion": ["open", "shut"]}, choice("open", "shut")),
        ("text-single-label", {"source": "a", "suggestion": "shut"}, choice("shut", to="text")),
        ("image-bounding-box", {"suggestion": BOXES}, box("shut", 25, 25, 20, 30)),
        ("image-bounding-box", {"suggestion": {**BOXES, "inputImageProperties": {"width": 0, "height": 200}}}, None),
        ("audio-transcript", {"transcript": "hello world"}, text("hello world", "transcript")),
        ("audio-transcript", {"transcript": ""}, None),
        ("image-label-verification", {"label": "open"}, None),
    ],
)
def test_what_is_known_of_an_object_is_suggested_and_no_vote(
    kind: str, given: dict[str, Any], result: Any, read: dict[str, Any]
) -> None:
    world = started(kind, given)
    (task,) = world.server.tasks.values()
    suggested = [{"model_version": "kempelen", "result": [result]}] if result else []
    assert task.get("predictions", []) == suggested
    assert world.labeler.progress(world.server.projects[1]["title"]).labeled == 0


def test_suggestions_that_were_made_annotations_in_one_stroke_are_no_votes() -> None:
    world = started("image-single-label", {"suggestion": "shut"}, workers_per_object=1)
    world.server.annotate(0, ADA, "shut", parent_prediction=1, lead_time=None)
    name = world.server.projects[1]["title"]
    assert not world.labeler.progress(name).finished
    world.server.annotate(0, BOB, "shut", parent_prediction=1, lead_time=2.5)  # she looked, and agreed
    assert world.labeler.progress(name).finished
    run = any_label_run(task=any_task(workers_per_object=1))
    result = world.labeler.result(run, name, any_built_manifest(objects=1, accepted=1))
    assert [vote.suggested for votes in result.votes.values() for vote in votes] == [("shut",)]


@pytest.mark.parametrize(
    ("kind", "result", "value"),
    [
        ("text-single-label", [choice("open", to="text")], {"label": "open"}),
        ("image-label-verification", [choice("wrong")], {"label": "wrong"}),
        ("image-multi-label", [], {"labels": []}),
        ("image-multi-label", [choice("open", "shut")], {"labels": ["open", "shut"]}),
        ("audio-transcript", [text("hello world", "transcript")], {"verdict": "accept", "transcript": "hello world"}),
        ("audio-transcript", [text("Hello", "transcript")], {"verdict": "correct", "transcript": "Hello"}),
        (
            "audio-transcript",
            [text("hello world", "transcript"), choice("Nothing is said", of="silence", to="audio")],
            {"verdict": "correct", "transcript": ""},
        ),
    ],
)
def test_an_answer_is_what_our_own_page_gives(
    kind: str, result: list[dict[str, Any]], value: Any, read: dict[str, Any]
) -> None:
    assert choice_of(result, kind, ("open", "shut"), GIVEN[kind]) == Choice(("seen",))
    assert read == {"value": value, "given": GIVEN[kind]}


def test_a_record_has_a_verdict_on_each_field(read: dict[str, Any]) -> None:
    given = GIVEN["record-review"]
    verdicts = ("accept", "correct", "correct", "reject")
    result = [choice(one, of=f"verdict_{place}", to=f"field_{place}") for place, one in enumerate(verdicts)]
    assert choice_of(result, "record-review", (), given) is None  # to be corrected, and nothing written
    result += [text("1816", "value_1", "field_1"), text("true", "value_2", "field_2")]
    assert choice_of(result, "record-review", (), given)
    fields = read["value"]["fields"]
    assert list(fields) == list(given["record"])
    assert [fields[name]["verdict"] for name in fields] == list(verdicts)
    assert (fields["born"]["value"], fields["alive"]["value"]) == (1816, True)
    assert choice_of(result[1:], "record-review", (), given) is None


def test_boxes_come_in_pixels_and_none_is_an_answer() -> None:
    read = choice_of([box("shut", 25, 25, 20, 30)], "image-bounding-box", ("open", "shut"), {})
    assert read == Choice(("shut",), (BoxLabel(label="shut", left=100, top=50, width=80, height=60),))
    assert choice_of([], "image-bounding-box", ("open", "shut"), {}) == Choice(("no object",), ())
    assert choice_of([box("other", 1, 1, 1, 1)], "image-bounding-box", ("open", "shut"), {}) is None
    assert choice_of([choice("open")], "image-bounding-box", ("open", "shut"), {}) is None


def test_a_turned_box_gives_the_upright_one_around_it_within_the_image() -> None:
    """A quarter turn about its first corner lays 80 x 60 pixels to the corner's left; half lies outside."""
    read = choice_of([box("open", 10, 25, 20, 30, rotation=90)], "image-bounding-box", ("open",), {})
    assert read is not None
    assert read.boxes == (BoxLabel(label="open", left=0, top=50, width=40, height=80),)


@pytest.mark.parametrize("kind", ["image-single-label", "text-single-label", "audio-transcript"])
def test_an_empty_annotation_is_no_answer_where_one_is_wanted(kind: str, read: dict[str, Any]) -> None:
    assert choice_of([], kind, ("open", "shut"), GIVEN[kind]) is None
    assert not read


def test_a_kind_that_it_cannot_ask_is_refused() -> None:
    task = LabelingTask(**any_task()).model_copy(update={"type": "video-frames"})
    with pytest.raises(Exception, match=r"video-frames.*cannot be asked in Label Studio; it can be: audio"):
        labeling_config(task)
