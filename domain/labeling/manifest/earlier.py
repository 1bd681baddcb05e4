"""Labels that people have given before: an object that has one is not asked for again, but by `relabel`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict

from domain.jsonlines import JsonLines
from domain.labeling.manifest.objects import Objects
from domain.labels.rows import LABELED, LabelRow, each_label, write_labels
from domain.task_types.model import TaskType
from domain.workflow.inputs import LabelingTask
from domain.workflow.names import digest, etags_key, labels_key, run_file_key
from domain.workflow.object_keys import relative_to
from domain.workflow.ports import ObjectStore
from domain.workflow.states import BuiltManifest, LabelRun


class RunFile(BaseModel):
    """`run.json`, written last: it says that the other files are whole, and for which question they were made.

    `question` is `question_of` its task and `asked` a time in ISO 8601, UTC; runs of versions before 0.3 have neither.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    fingerprint: str
    built: BuiltManifest
    question: str = ""
    asked: str = ""


def question_of(task: LabelingTask) -> str:
    """The same for all tasks whose answers mean the same: type, question and labels, in whichever order."""
    return digest(task.type, task.question, *sorted(task.labels))


def seen_as(etag: str, given: Mapping[str, Any], kind: TaskType) -> str:
    """What a person saw of an object, as `etags.jsonl` has it: its content, by the ETag, and what else tasks of this
    kind tell of it. Of another transcript nobody has said whether it is right."""
    told = {name: given[name] for name in kind.fields if name in given}
    return digest(etag, json.dumps(told)) if told else etag


def add_earlier(objects: Objects, run: LabelRun, store: ObjectStore) -> None:
    """Of each object the newest label that earlier runs of the data set have, asked the same question.

    An object whose content was replaced, or of which something else is told, is another one: nobody has seen it.
    """
    if run.task.relabel:
        return
    wanted = question_of(run.task)
    runs = [(file.asked, run_id) for run_id, file in _runs(run.dataset, store) if file.question == wanted]
    for _, run_id in sorted(runs):
        key = labels_key(run.dataset, run_id)
        seen = JsonLines[dict[str, str]](store.lines(etags_key(run.dataset, run_id)), f"etags.jsonl of run {run_id}")
        rows = each_label(store.lines(key), f"s3://{store.bucket}/{key}")
        objects.add_earlier(
            ((row["source_ref"], row["etag"]) for row in seen),
            ((row.source_ref, _line(row, objects.root)) for row in rows if _is_answer(row)),
        )


def _is_answer(row: LabelRow) -> bool:
    """What the machine labeled in rounds, nobody has answered."""
    return row.status == LABELED and row.machine is None


def _line(row: LabelRow, root: str) -> str:
    """The earlier run may have had another source prefix."""
    return write_labels([row.model_copy(update={"source": relative_to(row.source_ref, root)})])


def _runs(dataset: str, store: ObjectStore) -> Iterator[tuple[str, RunFile]]:
    """The runs that have collected labels."""
    for item in store.list_objects(f"labels/{dataset}/"):
        run_id = item.key.split("/")[2]
        text = store.find(run_file_key(dataset, run_id)) if item.key == labels_key(dataset, run_id) else None
        if text is not None:
            yield run_id, RunFile.model_validate_json(text)
