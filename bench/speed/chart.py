"""The summary as bars, in SVG."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

WIDTH, BAR, GAP, LABEL = 760, 20, 8, 190


def chart(summary: Mapping[str, Any]) -> str:
    """Images a second of each engine, one group a size, the codec limit as the longest bar."""
    parts: list[str] = []
    top = GAP
    for size, found in summary.items():
        unit = "images" if "images_per_s" in found["limit"] else "clips"
        speeds = _speeds(found, f"{unit}_per_s")
        most = max(value for value in speeds.values() if value is not None)
        parts.append(f'<text x="{GAP}" y="{top + 15}" font-weight="bold">{escape(size)}: {unit} a second</text>')
        top += BAR + GAP
        for name, value in speeds.items():
            width = 0 if value is None else (WIDTH - LABEL - 110) * value / most
            fill = "#2563eb" if name.startswith("ours") else "#94a3b8"
            shown = "left out" if value is None else f"{value:,.1f}"
            parts.append(
                f'<text x="{GAP}" y="{top + 15}">{escape(name)}</text>'
                f'<rect x="{LABEL}" y="{top}" width="{width:.1f}" height="{BAR}" fill="{fill}"/>'
                f'<text x="{LABEL + width + 6:.1f}" y="{top + 15}">{shown}</text>'
            )
            top += BAR + GAP
        top += BAR
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top}" font-family="sans-serif" font-size="13">'
    )
    return f'{head}<rect width="100%" height="100%" fill="white"/>{"".join(parts)}</svg>\n'


def _speeds(found: Mapping[str, Any], key: str) -> dict[str, float | None]:
    own = {"codec limit": found["limit"], "ours": found["ours"]}
    if "ours_2_processes" in found:
        own["ours, 2 processes"] = found["ours_2_processes"]
    return {name: row[key] for name, row in {**own, **found["peers"]}.items()}
