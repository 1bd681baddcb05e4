"""Templates to HTML: whatever a template is given is escaped, unless another template made it."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from domain.recipe.graph import NOUNS
from domain.rows import DatasetFacts, StepRecord
from domain.text import counted

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

# What templates may ask of a sample; it has some of it.
NOTHING_SHOWN: dict[str, Any] = {
    "thumbnail": None,
    "sound": None,
    "text": None,
    "record": None,
    "hidden": 0,
    "transcript": None,
    "transcript_before": None,
}
LONGEST = 160  # characters of one value


def rendered(template: str, **context: Any) -> Markup:
    """The template of this name in `domain/report/templates`, filled in. A name that is missing in `context` raises."""
    from markupsafe import Markup  # a run imports templates when it writes its report, not when it starts

    return Markup(_environment().get_template(template).render(context))  # noqa: S704 - autoescape made it


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    made.filters |= {
        "percent": percent,
        "drawn_values": drawn_values,
        "anchor": anchor,
        "breakable": breakable,
        "counted": counted,
    }
    return made


def _text(name: str) -> str:
    """By the import system: in the Processing job this package lies in a zip file."""
    return (pkgutil.get_data("domain.report", f"templates/{name}") or b"").decode()


def anchor(title: str) -> str:
    """The address of a section within the page."""
    return title.lower().replace(" ", "-")


def breakable(value: Any) -> Markup:
    """An address that may go on in the next line after a slash, and not in the middle of a word."""
    from markupsafe import Markup, escape

    return Markup("/<wbr>").join(escape(part) for part in str(value).split("/"))


def picture_beside(row: Mapping[str, Any]) -> str | None:
    """The address of an output's file as the page sees it; nothing of a clip, of a shard or of another version."""
    path: str = row.get("path", "../")
    return quote(path) if "width" in row and "shard" not in row and not path.startswith("../") else None


def noun(dataset: DatasetFacts) -> str:
    """What the files of dataset.json are."""
    return NOUNS[dataset.get("medium", "image")]


def percent(share: float) -> str:
    """A share of 1 in whole percent, but never 100 % or 0 % for what is only nearly so."""
    value = round(100 * share)
    if value == 100 and share < 1:
        value = 99
    if value == 0 and share > 0:
        value = 1
    return f"{value} %"


def drawn_values(step: StepRecord) -> str:
    """Names and values, each cut to a length that people read: manifest.jsonl has a thousand numbers whole."""
    return ", ".join(f"{name} {_cut(value)}" for name, value in step["values"].items())


def _cut(value: Any) -> str:
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _label(source: Mapping[str, Any], output: Mapping[str, Any]) -> str:
    """Of a mixed image both classes: "cat 0.7, dog 0.3"."""
    soft = output.get("soft_labels", ())
    return ", ".join(f"{one['label']} {one['weight']:.3g}" for one in soft) or str(source["label"])


def facts_of(source: Mapping[str, Any], output: Mapping[str, Any]) -> dict[str, Any]:
    """What the manifest knows about an output, by the name that people read."""
    variant = f" {output['variant']}" if output["variant"] else ""
    return {
        "Source": source["source"],
        "Label": _label(source, output),
        "Mixed with": output.get("partner"),
        "Split": source["split"],
        "Export": f"{output['export']}{variant}",
        "File": output.get("path"),
        "Size": f"{output['width']} × {output['height']} pixels" if "width" in output else None,
        "Characters": f"{output['characters']:,}" if "characters" in output else None,
        "Transcript": output.get("transcript"),
        "Length": f"{output['seconds']:g} s at {output['rate']:,} Hz" if "seconds" in output else None,
        "Seed": output.get("seed"),
        "sha256": output.get("sha256"),
    }
