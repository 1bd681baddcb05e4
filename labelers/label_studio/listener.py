"""What becomes of the server's call that somebody has answered: the last answer ends the job at once."""

from __future__ import annotations

from collections.abc import Callable

from adapters.label_studio import LabelStudio
from domain.errors import AccessDenied
from labelers.label_studio.labeler import LabelStudioLabeler
from labelers.label_studio.note import note_of
from labelers.label_studio.webhook import Webhook


class LabelStudioListener:
    """Fulfils `domain.labeling.port.Listener`. `tell` is called with the name and status of a job that is over.

    A call costs the server one look at its own counts. All annotations are read only where those say that it may be
    over, and after a look in vain only when there are as many more as were missing.
    """

    def __init__(
        self, server: LabelStudio, labeler: LabelStudioLabeler, webhook: Webhook, tell: Callable[[str, str], None]
    ) -> None:
        self._server = server
        self._labeler = labeler
        self._webhook = webhook
        self._tell = tell
        self._enough: dict[str, int] = {}

    def heard(self, job_name: str, proof: str) -> str:
        """Whoever takes the webhook away tells of the end, so that it is told once; the poll stands behind it."""
        if not self._webhook.is_proven(job_name, proof):
            raise AccessDenied("a call that is not the Label Studio server's")
        project = next(iter(self._server.projects(job_name)), None)
        if project is None:
            return "no such job"
        annotations = int(project.get("total_annotations_number") or 0)
        all_tasks = int(project.get("finished_task_number") or 0) >= note_of(project).objects
        if not all_tasks or annotations < self._enough.get(job_name, 0):
            return "not over"
        progress = self._labeler.progress(job_name)
        if not progress.finished:
            self._enough[job_name] = annotations + progress.unlabeled
            return "not over"
        if not self._webhook.remove(project["id"], job_name):
            return "told already"
        self._tell(job_name, progress.status)
        return "told"
