"""What a project's description tells of its job: the server keeps no other text for us."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from domain.errors import LabelingJobConflict
from domain.workflow.inputs import Payload
from domain.workflow.s3_uri import S3Uri
from domain.workflow.states import BuiltManifest, LabelRun

_MARK = "kempelen: "


class Note(Payload):
    """Whose the job is, when it is over, and what an answer is. Times in seconds since 1970.

    `execution` made the job; `stopped` is when it was stopped; `type` is the task's.
    """

    dataset: str
    run_id: str
    execution: str
    manifest_uri: S3Uri
    objects: int
    needed: int
    type: str
    labels: tuple[str, ...]
    expires: float
    stopped: float | None = None

    def written(self) -> str:
        """For people, and a last line for ourselves."""
        told = (
            f"Made by Kempelen for the data set {self.dataset}, run {self.run_id}. Please leave the next line as it is."
        )
        return f"{told}\n{_MARK}{self.model_dump_json()}"

    def is_of(self, run: LabelRun, manifest: BuiltManifest) -> bool:
        mine = (run.dataset, run.run_id, manifest.manifest_uri)
        return (self.dataset, self.run_id, self.manifest_uri) == mine


def note_of(project: dict[str, Any]) -> Note:
    """Raises LabelingJobConflict: the project is not ours, or its note was changed."""
    lines = [line for line in str(project.get("description") or "").splitlines() if line.startswith(_MARK)]
    try:
        return Note.model_validate_json(lines[-1].removeprefix(_MARK) if lines else "")
    except ValidationError as error:
        raise LabelingJobConflict(
            f"project {project['id']} of Label Studio has the name of this run's job, {project['title']}, but not the "
            f"line {_MARK.strip()!r} in its description that Kempelen writes there. If it is another's, rename it; if "
            "somebody edited the description, put the line back"
        ) from error
