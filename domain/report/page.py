"""Puts the report together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.labels.rows import LABELED, LabelRow
from domain.report.agreement import agreement, agreement_section, disputed
from domain.report.charts import class_bars, split_bars
from domain.report.contact_sheet import contact_sheet
from domain.report.drawn import drawn_section
from domain.report.html import escape, noun, percent, section
from domain.report.lineage import every_output
from domain.report.rejects import quarantine_section
from domain.report.style import STYLE
from domain.report.usage import Usage, usage_section


@dataclass(frozen=True)
class ReportData:
    """`dataset` is the content of dataset.json; samples and quarantine are rows of the hosts' parts.

    `rows` are those of the manifest that are new in this version; they are gone through twice and not kept.
    """

    dataset: Mapping[str, Any]
    recipe_text: str
    labels: Collection[LabelRow]
    samples: Sequence[Mapping[str, Any]]
    quarantine: Collection[Mapping[str, Any]]
    rows: Iterable[Mapping[str, Any]] = ()
    usage: Usage | None = None


def render(data: ReportData) -> str:
    """The whole page."""
    dataset = data.dataset
    chosen = [sample for sample in data.samples if not sample.get("rejected")]
    rejects = [sample for sample in data.samples if sample.get("rejected")]
    title = f"{dataset['dataset']} {dataset['version']}"
    body = "".join(
        (
            _header(dataset),
            _numbers(data),
            contact_sheet(chosen, noun(dataset)),
            f'<div class="pair">{class_bars(dataset)}{split_bars(dataset)}</div>',
            drawn_section(data.rows),
            agreement_section(data.labels, chosen),
            quarantine_section(data.quarantine, rejects),
            usage_section(data.usage),
            _lineage(data),
        )
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(title)}</title><style>{STYLE}</style></head>"
        f"<body><main>{body}<footer>Made by Kempelen. The page needs no network.</footer></main></body></html>\n"
    )


def _header(dataset: Mapping[str, Any]) -> str:
    parent = dataset["parent"]
    adds = f" It adds {dataset['new_outputs']:,} files to {escape(parent['version'])}." if parent else ""
    return (
        f'<header><div class="brand">Data set report</div><h1>{escape(dataset["dataset"])}'
        f"<small>{escape(dataset['version'])}</small></h1>"
        f'<p class="lead">{dataset["outputs"]:,} files made of {dataset["sources"]:,} labeled {noun(dataset)}s, '
        f"on {escape(str(dataset['created'])[:16].replace('T', ' at '))}.{adds}</p></header>"
    )


def _numbers(data: ReportData) -> str:
    statuses = Counter(row.status for row in data.labels)
    others = len(data.labels) - statuses[LABELED]
    found = agreement(data.labels)
    train = data.dataset["splits"]["train"]
    each = train["outputs"] / train["sources"] if train["sources"] else 0
    new = f"{data.dataset['new_outputs']:,} of them new" if data.dataset["parent"] else "in this first version"
    cards = [
        (
            f"{len(data.labels):,}",
            f"{noun(data.dataset)}s",
            "all labeled" if not others else f"{others:,} without a label",
        ),
        (f"{len(data.dataset['classes']):,}", "classes", "in the files"),
        (f"{data.dataset['outputs']:,}", "files", new),
        (f"{each:.1f}", f"files a training {noun(data.dataset)}", f"{train['outputs']:,} of {train['sources']:,}"),
    ]
    if found.overall.both:
        cards.append((percent(found.overall.value), "agreement", f"{len(disputed(data.labels)):,} images disputed"))
    cards.append((f"{data.dataset['quarantined']:,}", "in quarantine", "each with its reason"))
    return '<div class="numbers">' + "".join(_card(*card) for card in cards) + "</div>"


def _card(value: str, name: str, detail: str) -> str:
    return f'<div class="number"><b>{escape(value)}</b><span>{escape(name)}</span><i>{escape(detail)}</i></div>'


def _lineage(data: ReportData) -> str:
    dataset = data.dataset
    parent = dataset["parent"]
    facts = {
        "Location": dataset["uri"],
        "Run": dataset["run_id"],
        "Parent": f"{parent['version']} ({parent['uri']})" if parent else "none, this is the first version",
        "Seed": dataset["seed"],
        "Recipe, sha256": dataset["recipe_sha256"],
        "Corrected labels": f"{dataset['relabeled']} files of the parent left out" if dataset["relabeled"] else "none",
        "Libraries": ", ".join(f"{name} {version}" for name, version in (dataset["libraries"] or {}).items()),
    }
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    recipe = f"<h3>Recipe</h3><pre>{escape(data.recipe_text.strip())}</pre>"
    note = "The same recipe, seed, sources and library versions give the same files, byte for byte."
    return section("Lineage", f"<dl>{rows}</dl>{recipe}{every_output(data.rows)}", note)
