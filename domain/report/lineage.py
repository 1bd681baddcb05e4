"""Where one output comes from: a card that opens when its picture is clicked, without any script."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from domain.report.html import escape

HINT = (
    "Click a picture for its source, steps, values, seed and sha256. The same of every other file stands below, under "
    "Lineage, and in manifest.jsonl."
)


ROWS_LISTED = 1000  # half a megabyte of page
LONGEST = 160  # characters of one value


def every_output(rows: Iterable[Mapping[str, Any]]) -> str:
    """The new outputs, source by source; each opens where it comes from. Of more than 1,000 the first are shown."""
    shown = list(islice(rows, ROWS_LISTED + 1))
    if not shown:
        return ""
    more = len(shown) > ROWS_LISTED
    by_source: dict[str, list[str]] = {}
    for row in shown[:ROWS_LISTED]:
        by_source.setdefault(row["source"], []).append(_listed(row))
    items = "".join(
        f"<details><summary>{escape(source)} <i>{len(own)} {'file' if len(own) == 1 else 'files'}</i></summary>"
        f'<div class="rows">{"".join(own)}</div></details>'
        for source, own in sorted(by_source.items())
    )
    note = f'<p class="note">The first {ROWS_LISTED:,}; manifest.jsonl has all.</p>' if more else ""
    return f'<h3>Every file</h3>{note}<div class="every">{items}</div>'


def _listed(row: Mapping[str, Any]) -> str:
    facts = _facts(row, row)
    steps = "".join(_step(step) for step in row["steps"])
    name = escape(row["path"].rsplit("/", 1)[-1])
    return f"<details><summary>{name}</summary><dl>{facts}</dl><ol>{steps}</ol></details>"


def clickable(picture: str, key: str, card: str) -> str:
    """The picture as a button that opens the card; `key` is unique in the page."""
    return (
        f'<button type="button" class="open" popovertarget="{key}" aria-label="Show where this file comes from">'
        f'{picture}</button><div id="{key}" class="card" popover>{card}</div>'
    )


def output_card(sample: Mapping[str, Any], output: Mapping[str, Any], key: str) -> str:
    """All that the manifest knows about the output."""
    variant = f" {output['variant']}" if output["variant"] else ""
    steps = "".join(_step(step) for step in output["steps"]) or "<li>no step: as it was read</li>"
    return (
        f'<div class="cardtop"><strong>{escape(output["export"])}{variant}</strong>'
        f'<button type="button" class="close" popovertarget="{key}" popovertargetaction="hide" aria-label="Close">×'
        f"</button></div><dl>{_facts(sample, output)}</dl><h3>Steps</h3><ol>{steps}</ol>"
    )


def _facts(sample: Mapping[str, Any], output: Mapping[str, Any]) -> str:
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
    return "".join(
        f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items() if value not in (None, "")
    )


def _step(step: Mapping[str, Any]) -> str:
    values = ", ".join(f"{name} {_cut(value)}" for name, value in step["values"].items())
    return f"<li><b>{escape(step['op'])}</b> {escape(values)}</li>"


def _cut(value: Any) -> str:
    """A list of a thousand numbers is cut: manifest.jsonl has them all."""
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
