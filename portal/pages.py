"""The portal's own pages: Jinja2 files in templates/, with everything escaped."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from portal.elements_script import elements_script

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
_DEFAULTS: dict[str, Any] = {"email": "", "error": "", "next_at": None}


def page(name: str, *, status: int = 200, form_action: str = "", **values: Any) -> HTMLResponse:
    """The page `templates/<name>.html` inside the frame of templates/layout.html.

    `form_action`: another origin to which a form's answer may lead, as the sign-in page's does.
    """
    body = _environment().get_template(f"{name}.html").render({**_DEFAULTS, **values}, page=name, static=static_path())
    headers = dict(_HEADERS)
    if form_action:
        headers["Content-Security-Policy"] += f" {form_action}"
    return HTMLResponse(body, status, headers)


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
