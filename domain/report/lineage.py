"""Where one output comes from: a card that opens when its picture is clicked, without any script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.report.html import escape

HINT = (
    "Click a picture for its source, steps, values, seed and sha256. The same of every other file stands in "
    'manifest.jsonl, one line a file: <code>grep \'"path": "data/train/…"\' manifest.jsonl</code>'
)


LONGEST = 160  # characters of one value


def clickable(picture: str, key: str, card: str) -> str:
    """The picture as a button that opens the card; `key` is unique in the page."""
    return (
        f'<button type="button" class="open" popovertarget="{key}" aria-label="Show where this file comes from">'
        f'{picture}</button><div id="{key}" class="card" popover>{card}</div>'
    )


def output_card(sample: Mapping[str, Any], output: Mapping[str, Any], key: str) -> str:
    """All that the manifest knows about the output."""
    variant = f" {output['variant']}" if output["variant"] else ""
    facts = {
        "Source": sample["source"],
        "Label": sample["label"],
        "Split": sample["split"],
        "Export": f"{output['export']}{variant}",
        "File": output.get("path"),
        "Size": f"{output['width']} × {output['height']} pixels" if "width" in output else None,
        "Length": f"{output['seconds']:g} s at {output['rate']:,} Hz" if "seconds" in output else None,
        "Seed": output.get("seed"),
        "sha256": output.get("sha256"),
    }
    rows = "".join(
        f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items() if value not in (None, "")
    )
    steps = "".join(_step(step) for step in output["steps"]) or "<li>no step: as it was read</li>"
    return (
        f'<div class="cardtop"><strong>{escape(output["export"])}{variant}</strong>'
        f'<button type="button" class="close" popovertarget="{key}" popovertargetaction="hide" aria-label="Close">×'
        f"</button></div><dl>{rows}</dl><h3>Steps</h3><ol>{steps}</ol>"
    )


def _step(step: Mapping[str, Any]) -> str:
    values = ", ".join(f"{name} {_cut(value)}" for name, value in step["values"].items())
    return f"<li><b>{escape(step['op'])}</b> {escape(values)}</li>"


def _cut(value: Any) -> str:
    """A list of a thousand numbers is cut: manifest.jsonl has them all."""
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
