"""People at a real Label Studio server, as its owner plays them."""

from __future__ import annotations

from typing import Any

from scripts.label_studio_server import LabelStudioServer


class Server(LabelStudioServer):
    """Answers in anybody's name."""

    def project(self, title: str) -> dict[str, Any]:
        (found,) = self.ask("GET", f"/api/projects?title={title}")["results"]
        return dict(found)

    def tasks(self, title: str) -> list[dict[str, Any]]:
        found = self.ask("GET", f"/api/tasks?project={self.project(title)['id']}&page_size=100&fields=all")
        return sorted(found["tasks"], key=lambda task: int(task["data"]["number"]))

    def person(self, name: str) -> int:
        """The id of a new user."""
        made = self.ask("POST", "/api/users", {"email": f"{name}@example.com", "username": name})
        return int(made["id"])

    def annotate(self, title: str, number: int, user: int, label: str | None, **fields: Any) -> None:
        """As the person would; None skips."""
        choice = {"from_name": "label", "to_name": "image", "type": "choices", "value": {"choices": [label]}}
        body = {"result": [choice] if label else [], "was_cancelled": label is None, "completed_by": user, **fields}
        self.ask("POST", f"/api/tasks/{self.tasks(title)[number]['id']}/annotations", body)
