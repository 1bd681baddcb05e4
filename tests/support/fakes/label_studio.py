"""A Label Studio server in the process: the few endpoints, with what the open edition 1.23 refuses of them.

`tests/label_studio` holds the same labeler against the real one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

URL = "https://label.example.com"
TOKEN = "0123456789abcdef0123456789abcdef01234567"
JWT = "head.refresh.tail"
_SHOWN = ("Audio", "Image", "Repeater", "Text")


class RefusedError(Exception):
    def __init__(self, status: int, detail: Any) -> None:
        super().__init__(status, detail)
        self.status, self.detail = status, detail


@dataclass
class Response:
    status: int
    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


class FakeLabelStudio:
    """Stands where urllib3's pool would. `answers` are given before anything else, as statuses or errors; `after`
    are called once the next request is done."""

    def __init__(self) -> None:
        self.projects: dict[int, dict[str, Any]] = {}
        self.tasks: dict[int, dict[str, Any]] = {}
        self.storages: list[dict[str, Any]] = []
        self.webhooks: dict[int, dict[str, Any]] = {}
        self.may_call = True
        self.readable = {"data-bucket"}
        self.answers: list[Any] = []
        self.asked: list[str] = []
        self.accesses = 0
        self.page_limit = 500

    def request(self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None, **_: Any) -> Response:
        parts = urlsplit(url)
        self.asked.append(f"{method} {parts.path}")
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer if isinstance(answer, Response) else Response(answer, b'{"detail": "said so"}')
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        try:
            given = json.loads(body) if body else {}
            status, answer = self._answer(method, parts.path, asked, given, headers.get("Authorization", ""))
        except RefusedError as error:
            status = error.status
            key = "validation_errors" if isinstance(error.detail, dict) else "detail"
            answer = {"status_code": status, key: error.detail}
        return Response(status, json.dumps(answer).encode())

    def annotate(self, number: int, user: int, choice: str | None, *, project: int = 1, **fields: Any) -> None:
        """As a person does; None skips. `result` is what else was answered."""
        task = next(t for t in self.tasks.values() if (t["project"], t["data"]["number"]) == (project, number))
        count = sum(len(one["annotations"]) for one in self.tasks.values()) + 1
        result = [{"from_name": "label", "to_name": "image", "type": "choices", "value": {"choices": [choice]}}]
        given = {
            "id": count,
            "completed_by": user,
            "result": result if choice else [],
            "was_cancelled": choice is None,
            "lead_time": 1.5,
            "created_username": f"person-{user}@example.com",
            "created_at": "2026-11-28T00:00:00Z",
            "updated_at": f"2026-11-28T00:{count:02}:00Z",
        }
        task["annotations"].append({**given, **fields})

    def _answer(self, method: str, path: str, asked: dict[str, str], given: Any, token: str) -> tuple[int, Any]:
        if path == "/api/version":
            return 200, {"release": "1.23.2", "edition": "Community"}
        if path == "/api/token/refresh":
            return self._refreshed(given)
        if token not in (f"Token {TOKEN}", f"Bearer access-{self.accesses}"):
            raise RefusedError(401, "Invalid token.")
        parts = path.strip("/").split("/")[1:]
        if parts == ["current-user", "whoami"]:
            return 200, {"id": 1, "email": "owner@example.com"}
        if parts[0] == "webhooks":
            return self._hooks(method, parts[1:], asked, given)
        if parts == ["storages", "s3"]:
            return self._buckets(method, asked, given)
        if method == "GET" and parts == ["tasks"]:
            mine = [t for t in self.tasks.values() if t["project"] == self._project(asked["project"])["id"]]
            return 200, {"total": len(mine), "tasks": [_included(t, asked) for t in self._page(mine, asked)]}
        return self._of_projects(method, parts, asked, given)

    def _of_projects(self, method: str, parts: list[str], asked: dict[str, str], given: Any) -> tuple[int, Any]:
        match method, parts:
            case "GET", ["projects"]:
                found = [self._counted(one) for one in self.projects.values() if asked["title"] in one["title"]]
                return 200, {"count": len(found), "results": self._page(found[::-1], asked)}
            case "POST", ["projects"]:
                return 201, self._made(given)
            case "PATCH", ["projects", number]:
                self._project(number).update(self._checked(given))
                return 200, self._project(number)
            case "POST", ["projects", number, "import"]:
                return 201, self._imported(self._project(number)["id"], given)
        raise RefusedError(404, "Not found.")

    def _buckets(self, method: str, asked: dict[str, str], given: Any) -> tuple[int, Any]:
        if method == "GET":
            return 200, [one for one in self.storages if one["project"] == int(asked["project"])]
        if given["bucket"] not in self.readable:
            raise RefusedError(500, "Unable to locate credentials")
        self.storages.append(given)
        return 201, given

    def _hooks(self, method: str, parts: list[str], asked: dict[str, str], given: Any) -> tuple[int, Any]:
        if method == "GET":
            return 200, [hook for hook in self.webhooks.values() if hook["project"] == int(asked["project"])]
        if method == "DELETE":
            if self.webhooks.pop(int(parts[0]), None) is None:
                raise RefusedError(404, "No Webhook matches the given query.")
            return 204, {}
        if not self.may_call:
            raise RefusedError(400, {"url": ["URL resolves to a reserved network address (block: 127.0.0.0/8)"]})
        number = max(self.webhooks, default=0) + 1
        self.webhooks[number] = {"id": number, **given}
        return 201, self.webhooks[number]

    def _refreshed(self, given: Any) -> tuple[int, Any]:
        if given.get("refresh") != JWT:
            raise RefusedError(401, "Token is invalid")
        self.accesses += 1
        return 200, {"access": f"access-{self.accesses}"}

    def _project(self, number: str | int) -> dict[str, Any]:
        if int(number) not in self.projects:
            raise RefusedError(404, "No Project matches the given query.")
        return self.projects[int(number)]

    def _made(self, given: Any) -> dict[str, Any]:
        number = len(self.projects) + 1
        self.projects[number] = {"id": number, "description": "", **self._checked(given)}
        return self.projects[number]

    @staticmethod
    def _checked(given: Any) -> Any:
        if not 3 <= len(given.get("title", "title")) <= 50:
            raise RefusedError(400, {"title": ["Ensure this field has no more than 50 characters."]})
        try:
            ElementTree.fromstring(given.get("label_config", "<View/>"))
        except ElementTree.ParseError as error:
            raise RefusedError(400, {"label_config": [str(error)]}) from error
        return given

    def _imported(self, project: int, given: Any) -> dict[str, Any]:
        config = ElementTree.fromstring(self.projects[project]["label_config"])
        wanted = next(str(one.get("value", one.get("on"))) for one in config.iter() if one.tag in _SHOWN).removeprefix(
            "$"
        )
        for position, task in enumerate(given):
            if wanted not in task["data"]:
                raise RefusedError(400, {"non_field_errors": [f'Error at item {position}: "{wanted}" key is expected']})
        for task in given:
            number = max(self.tasks, default=0) + 1
            self.tasks[number] = {"id": number, "project": project, "annotations": [], "meta": {}, **task}
        return {"task_count": len(given)}

    def _page(self, rows: list[Any], asked: dict[str, str]) -> list[Any]:
        size, page = min(int(asked["page_size"]), self.page_limit), int(asked["page"])
        found = rows[(page - 1) * size : page * size]
        if not found and page > 1:
            raise RefusedError(404, "Invalid page.")
        return json.loads(json.dumps(found))  # type: ignore[no-any-return]

    def _counted(self, project: dict[str, Any]) -> dict[str, Any]:
        """As the server counts: annotations, and not the people who made them."""
        by_task: dict[int, int] = defaultdict(int)
        for task in self.tasks.values():
            if task["project"] == project["id"]:
                by_task[task["id"]] += sum(not one["was_cancelled"] for one in task["annotations"])
        needed = project.get("maximum_annotations", 1)
        finished = sum(count >= needed for count in by_task.values())
        return {**project, "total_annotations_number": sum(by_task.values()), "finished_task_number": finished}


def _included(task: dict[str, Any], asked: dict[str, str]) -> dict[str, Any]:
    """`include` chooses among the fields of a task and among those of its annotations."""
    names = asked["include"].split(",")
    chosen = {name: value for name, value in task.items() if name in names}
    annotations = [{name: one[name] for name in one if name in names} for one in task["annotations"]]
    return {**chosen, "annotations": annotations}
