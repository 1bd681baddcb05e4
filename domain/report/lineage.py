"""Where each output comes from: a list that opens source by source and file by file, without any script."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import TYPE_CHECKING, Any

from domain.report.html import facts_of, picture_beside, rendered
from domain.rows import ManifestRow

if TYPE_CHECKING:
    from markupsafe import Markup

ROWS_LISTED = 1000  # half a megabyte of page


def every_output(rows: Iterable[ManifestRow]) -> Markup | str:
    """The new outputs, source by source; each opens where it comes from. Of more than 1,000 the first are shown."""
    shown = list(islice(rows, ROWS_LISTED + 1))
    if not shown:
        return ""
    by_source: dict[str, list[dict[str, Any]]] = {}
    for row in shown[:ROWS_LISTED]:
        name = row["path"].rsplit("/", 1)[-1]
        listed = {"name": name, "picture": picture_beside(row), "facts": facts_of(row, row), "steps": row["steps"]}
        by_source.setdefault(row["source"], []).append(listed)
    more = len(shown) > ROWS_LISTED
    return rendered("every_output.html", sources=sorted(by_source.items()), more=more, listed=ROWS_LISTED)
