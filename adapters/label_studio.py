"""The few endpoints of a Label Studio server that a labeling back end needs. None deletes what is people's.

https://api.labelstud.io; what the open edition 1.23 answers is what the tests in tests/label_studio hold it against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from adapters.label_studio_http import Call, LabelStudioHttp
from domain.errors import NotFound

Found = dict[str, Any]
PAGE, BATCH = 500, 500
"""Tasks in one answer, and in one request: seconds of a server on SQLite."""
_PROJECTS = 100
# Leaves out what makes a page more than twice as slow. The same names choose among a task's fields and an annotation's.
_FIELDS = "id,annotations,data,meta,result,completed_by,was_cancelled,lead_time,created_at,updated_at,parent_prediction"


class LabelStudio:
    """One server, as the user whose token it is given.

    Every call raises:
        AccessDenied: the token is wrong, or its user may not do this.
        NotFound, RequestRefused: what the server said stands in the message.
        ServiceUnavailable: the server cannot be reached, or is busy.
    """

    def __init__(self, http: LabelStudioHttp) -> None:
        self._http = http
        self.url = http.url

    def version(self) -> str:
        """Needs no token."""
        return str(self._ask("GET", "/api/version", anonymous=True).get("release", "unknown"))

    def me(self) -> str:
        """The e-mail address of the token's user."""
        return str(self._ask("GET", "/api/current-user/whoami").get("email", ""))

    def projects(self, title: str) -> list[Found]:
        """Those with exactly this title, the oldest first; titles are not unique."""
        found: list[Found] = []
        for page in self._pages("/api/projects", "results", {"title": title, "page_size": _PROJECTS}):
            found += [project for project in page if project["title"] == title]
        return sorted(found, key=lambda project: int(project["id"]))

    def make_project(self, fields: Mapping[str, Any]) -> Found:
        return self._ask("POST", "/api/projects", fields)

    def change_project(self, project: int, fields: Mapping[str, Any]) -> None:
        self._ask("PATCH", f"/api/projects/{project}", fields)

    def add_tasks(self, project: int, tasks: Sequence[Mapping[str, Any]]) -> None:
        """At most `BATCH`; the server takes all of them or none."""
        self._ask("POST", f"/api/projects/{project}/import", list(tasks))

    def tasks(self, project: int) -> Iterator[Found]:
        """Each with `id`, `data`, `meta` and all its `annotations`."""
        asked = {"project": project, "page_size": PAGE, "fields": "all", "include": _FIELDS}
        for page in self._pages("/api/tasks", "tasks", asked):
            yield from page

    def buckets(self, project: int) -> set[str]:
        """From which the project's pictures may come."""
        found = self._http.ask(Call("GET", f"/api/storages/s3?{urlencode({'project': project})}"))
        return {str(storage.get("bucket")) for storage in found}

    def add_bucket(self, project: int, bucket: str, region: str) -> None:
        """The server reads it with its own credentials, and gives people's browsers addresses for 15 minutes.

        Its filter matches no key: whoever presses "Sync" adds no tasks.
        """
        fields = {
            "project": project,
            "title": "Kempelen",
            "bucket": bucket,
            "region_name": region,
            "use_blob_urls": True,
            "presign": True,
            "presign_ttl": 15,
            "regex_filter": "(?!)",
        }
        self._ask("POST", "/api/storages/s3", fields)

    def webhooks(self, project: int) -> list[Found]:
        """What the server calls of its own accord, each with `id`, `url` and `headers`."""
        return list(self._http.ask(Call("GET", f"/api/webhooks/?{urlencode({'project': project})}")))

    def add_webhook(self, project: int, url: str, headers: Mapping[str, str], actions: Sequence[str]) -> None:
        """The call tells which action it was, and nothing else. Whoever sees the project sees the headers."""
        fields = {
            "project": project,
            "url": url,
            "headers": headers,
            "actions": actions,
            "send_for_all_actions": False,
            "send_payload": False,
        }
        self._ask("POST", "/api/webhooks/", fields)

    def remove_webhook(self, webhook: int) -> bool:
        """Whether it was there."""
        try:
            self._ask("DELETE", f"/api/webhooks/{webhook}/")
        except NotFound:
            return False
        return True

    def _pages(self, path: str, rows: str, asked: Mapping[str, Any]) -> Iterator[list[Found]]:
        """To the first page that is not there any more."""
        page, seen = 1, 0
        while True:
            try:
                answer = self._ask("GET", f"{path}?{urlencode({**asked, 'page': page})}")
            except NotFound:
                if page == 1:
                    raise
                return
            found = answer[rows]
            yield found
            page, seen = page + 1, seen + len(found)
            if not found or seen >= int(answer.get("total") or answer.get("count") or 0):
                return

    def _ask(self, method: str, path: str, body: object = None, *, anonymous: bool = False) -> Found:
        answer = self._http.ask(Call(method, path, body, anonymous=anonymous))
        return answer if isinstance(answer, dict) else {}
