"""Labeling on a Label Studio server that runs as long as the demo: its settings, its job, and three people there."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx

from adapters.events import PortalEvents
from labelers.label_studio.images import SESSION
from labelers.label_studio.labeler import stopped
from labelers.label_studio.note import note_of
from localcloud.client.scripted_workers import MISSING, ScriptedWorker, WorkerError
from scripts.demo.labeling import ERROR_RATES, SECONDS_PER_TASK, WORKERS, SignIn, new_password
from scripts.demo.labeling_jobs import Progress
from scripts.label_studio_server import OWNER, LabelStudioServer

BACKEND = "label_studio"
SECRET = "label-studio/token"  # noqa: S105 - its name
AVAILABLE_SECONDS = SESSION
"""Of a job: as long as a function's role signs the addresses of images."""
PATIENCE = 20
"""How often in a row the server may fail a worker."""


def settings_of(server: LabelStudioServer) -> dict[str, Any]:
    """Of the section `labeling`. Functions sign the addresses: the local cloud shows a browser nothing else."""
    return {
        "label_studio_url": server.url,
        "label_studio_secret": SECRET,
        "label_studio_images": "presigned",
        "label_studio_webhook": True,
    }


class LabelStudioJobs:
    """The newest project of the server, which nobody else uses."""

    def __init__(self, server: LabelStudioServer, events: Any) -> None:
        self.addresses: tuple[str, ...] = (server.url,)
        self._server = server
        self._events = PortalEvents(events)

    def progress(self) -> Progress | None:
        projects = self._server.projects()
        if not projects:
            return None
        project = projects[0]
        note, labeled = note_of(project), project["finished_task_number"]
        return Progress(project["title"], labeled, note.objects, note.stopped is None and labeled < note.objects)

    def stop(self, name: str) -> None:
        """The execution goes on with what is labeled."""
        (project,) = [project for project in self._server.projects() if project["title"] == name]
        self._server.ask("PATCH", f"/api/projects/{project['id']}", stopped(project, time.time()))
        self._events.job_ended(name, "Stopped")


class LabelStudioPeople:
    """Users of the server: invited ones, or its owner."""

    def __init__(self, server: LabelStudioServer) -> None:
        self._server = server

    def workers(self, answers: Mapping[str, Any]) -> list[ScriptedWorker]:
        invitation = str(self._server.ask("GET", "/api/invite")["invite_url"])
        workers = [
            LabelStudioWorker(self._server, email, answers, error_rate=rate, seed=seed)
            for seed, (email, rate) in enumerate(zip(WORKERS, ERROR_RATES, strict=True), start=1)
        ]
        for worker in workers:
            worker.accept(invitation)
        return list(workers)

    def sign_in(self) -> SignIn:
        return SignIn(OWNER, self._server.password, temporary=False)


class OneChoice:
    """What the server's page sends for one choice of an image."""

    def filled(self, truth: str) -> dict[str, Any]:
        choice = {"from_name": "label", "to_name": "image", "type": "choices", "value": {"choices": [truth]}}
        return {"result": [choice]}

    def mistaken(self, truth: str, labels: Sequence[str], draw: Random) -> str | None:
        others = [label for label in labels if label != truth]
        return draw.choice(others) if others else None


class LabelStudioWorker(ScriptedWorker):
    """A user of the server, who comes by the owner's invitation and takes tasks as the server hands them out.

    What the server could not do, busy as it is, is asked for again.
    """

    def __init__(
        self, server: LabelStudioServer, email: str, answers: Mapping[str, Any], *, error_rate: float, seed: int
    ) -> None:
        super().__init__(
            server.url,
            email,
            new_password(),
            answers,
            form=OneChoice(),
            error_rate=error_rate,
            seconds_per_task=SECONDS_PER_TASK,
            seed=seed,
        )
        self._turn = server.turn
        self._troubles = 0
        self._labels: dict[str, list[str]] = {}

    def accept(self, invitation: str) -> None:
        """Fills in the form behind the invitation, and is signed in. Raises WorkerError: there is no account of it."""
        self._http.get(invitation)
        fields = {"email": self.email, "password": self._password}
        proof = {"csrfmiddlewaretoken": self._http.cookies["csrftoken"]}
        answer = self._http.post(invitation, data={**fields, **proof})
        if not answer.is_redirect:
            raise WorkerError(f"{self.email} cannot sign up at {self._http.base_url}: {answer.status_code}")

    def sign_in(self) -> None:
        """Nothing: whoever has accepted the invitation is signed in."""

    def open_jobs(self) -> list[str]:
        with self._turn:
            found = self._get("/api/projects").get("results", ())
        asked = {str(one["id"]): one["parsed_label_config"]["label"]["labels"] for one in found if one["is_published"]}
        self._labels |= asked
        return list(asked)

    def _next(self, job: str) -> dict[str, Any] | str:
        with self._turn:
            found = self._read(self._http.get(f"/api/projects/{job}/next"))
        if found is None:
            return MISSING
        # A presigned address: http://<endpoint>/<bucket>/<key>?…
        place = unquote(urlsplit(found["data"]["image"]).path)
        return {"id": found["id"], "input": {"taskObject": f"s3:/{place}", "labels": self._labels[job]}}

    def _submit(self, task: Mapping[str, Any], filled: Mapping[str, Any]) -> bool:
        with self._turn:
            return self._post(f"/api/tasks/{task['id']}/annotations", filled) is not None

    def _read(self, answer: httpx.Response) -> dict[str, Any] | None:
        if answer.is_server_error and self._troubles < PATIENCE:
            self._troubles += 1
            return None
        self._troubles = 0
        return super()._read(answer)
