"""The portal's own pages: Jinja2 files in templates/, with everything escaped."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from portal.elements_script import elements_script

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
_FORMS = "form-action 'self'"
_HEADERS = {
    "Content-Security-Policy": f"default-src 'self'; frame-ancestors 'none'; base-uri 'none'; {_FORMS}",
}
_DEFAULTS: dict[str, Any] = {"email": "", "error": "", "next_at": None}


def page(name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page `templates/<name>.html` inside the frame of templates/layout.html."""
    body = _environment().get_template(f"{name}.html").render({**_DEFAULTS, **values}, page=name, static=static_path())
    return HTMLResponse(body, status, _HEADERS)


def let_forms_lead_to(origin: str, response: Response) -> None:
    """Of a page: browsers hold a form's redirects to the policy too, and signing out ends at the sign-in page."""
    policy = response.headers.get("Content-Security-Policy", "")
    response.headers["Content-Security-Policy"] = policy.replace(_FORMS, f"{_FORMS} {origin}")


@cache
def static_path() -> str:
    """Where styles and scripts are: the name changes with what is in them, so that a browser may keep them for ever."""
    digest = hashlib.sha256()
    for file in sorted(path for path in STATIC.rglob("*") if path.is_file()):
        digest.update(file.relative_to(STATIC).as_posix().encode() + b"\0" + file.read_bytes())
    digest.update(elements_script().encode())
    return f"/static/{digest.hexdigest()[:12]}"


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(FOLDER / "templates"), autoescape=True, undefined=StrictUndefined)
