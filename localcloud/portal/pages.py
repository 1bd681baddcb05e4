"""The portal's own pages: Liquid files in templates/, with everything escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from liquid import Environment, FileSystemLoader, Markup
from starlette.responses import HTMLResponse

PAGES = Path(__file__).with_name("templates")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Referrer-Policy": "same-origin",
}


def page(name: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """The page `templates/<name>.liquid.html` inside the frame of templates/layout.liquid.html."""
    content = Markup(_environment().get_template(f"{name}.liquid.html").render(**values))
    body = _environment().get_template("layout.liquid.html").render(**values, page=name, content=content)
    return HTMLResponse(body, status, _HEADERS)


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(PAGES), autoescape=True, strict_filters=True)
