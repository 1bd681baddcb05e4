"""Puts the report together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from domain.labels.assisted import Assisted
from domain.labels.rows import LABELED, LabelRow
from domain.labels.workers import Workers
from domain.recipe.splits import TRAIN
from domain.report.agreement import agreement, agreement_section, disputed
from domain.report.charts import class_bars, split_bars
from domain.report.contact_sheet import contact_sheet, evaluation_sheet
from domain.report.doctor_found import asked, doctor_section
from domain.report.drawn import drawn_section
from domain.report.given_by import given_by_section
from domain.report.html import noun, percent, rendered
from domain.report.lineage import every_output
from domain.report.rejects import quarantine_section
from domain.report.since import since_section
from domain.report.transcripts import with_transcripts
from domain.report.usage import Usage, usage_section
from domain.report.workers import workers_section
from domain.rows import ChangeRow, DatasetFacts, ManifestRow, QuarantineRow, Sample
from domain.text import counted

TITLE = re.compile("<h2>(.*?)</h2>")


@dataclass(frozen=True)
class ReportData:
    """`dataset` is the content of dataset.json; samples and quarantine are rows of the hosts' parts.

    `rows` are those of the manifest that are new in this version; they are gone through twice and not kept. `changes`
    are those since the parent, of which the first are shown.
    """

    dataset: DatasetFacts
    recipe_text: str
    labels: Collection[LabelRow]
    samples: Sequence[Sample]
    quarantine: Collection[QuarantineRow]
    rows: Iterable[ManifestRow] = ()
    usage: Usage | None = None
    workers: Workers | None = None
    assisted: Assisted | None = None
    changes: Iterable[ChangeRow] = ()


def render(data: ReportData) -> str:
    """The whole page."""
    chosen = with_transcripts([sample for sample in data.samples if not sample.get("rejected")], data.labels)
    rejects = [sample for sample in data.samples if sample.get("rejected")]
    kind = noun(data.dataset)
    trained = [sample for sample in chosen if sample["split"] == TRAIN]
    sections = {
        "since": since_section(data.dataset.get("since"), data.changes, kind),
        "contact_sheet": contact_sheet(trained, kind),
        "evaluation": evaluation_sheet([sample for sample in chosen if sample["split"] != TRAIN], kind),
        "classes": class_bars(data.dataset),
        "splits": split_bars(data.dataset),
        "drawn": drawn_section(data.rows),
        "given_by": given_by_section(data.assisted, kind),
        "agreement": agreement_section(data.labels, chosen, kind),
        "workers": workers_section(data.workers, kind),
        "doctor": doctor_section(data.dataset),
        "quarantine": quarantine_section(data.quarantine, rejects),
        "usage": usage_section(data.usage),
    }
    titles = [title for section in sections.values() for title in TITLE.findall(section)]
    return rendered(
        "report.html",
        dataset=data.dataset,
        noun=kind,
        numbers=_numbers(data),
        contents=[unescape(title) for title in titles] + ["Lineage"],
        lineage=_lineage(data.dataset),
        recipe_text=data.recipe_text.strip(),
        every_output=every_output(data.rows),
        **sections,
    )


def _numbers(data: ReportData) -> list[tuple[str, str, str]]:
    """Value, name and detail of each figure at the top."""
    statuses = Counter(row.status for row in data.labels)
    others = len(data.labels) - statuses[LABELED]
    found = agreement(data.labels)
    train = data.dataset["splits"]["train"]
    each = train["outputs"] / train["sources"] if train["sources"] else 0
    new = f"{data.dataset['new_outputs']:,} of them new" if data.dataset["parent"] else "in this first version"
    unlabeled = "all labeled" if not others else f"{others:,} without a label"
    kind = noun(data.dataset)
    cards = [
        (f"{len(data.labels):,}", f"{kind}s", unlabeled),
        (f"{len(data.dataset['classes']):,}", "classes", "in the files"),
        (f"{data.dataset['outputs']:,}", "files", new),
        (f"{each:.1f}", f"files a training {kind}", f"{train['outputs']:,} of {train['sources']:,}"),
    ]
    if found.overall.both:
        cards.append(
            (percent(found.overall.value), "agreement", f"{counted(len(disputed(data.labels)), kind)} disputed")
        )
    return [*cards, (f"{data.dataset['quarantined']:,}", "in quarantine", "each with its reason")]


def _lineage(dataset: DatasetFacts) -> dict[str, Any]:
    parent = dataset["parent"]
    return {
        "Location": dataset["uri"],
        "Run": dataset["run_id"],
        "Parent": f"{parent['version']} ({parent['uri']})" if parent else "none, this is the first version",
        "Seed": dataset["seed"],
        "Recipe, sha256": dataset["recipe_sha256"],
        "Corrected labels": f"{counted(dataset['relabeled'], 'file')} of the parent left out"
        if dataset["relabeled"]
        else "none",
        "Embeddings": _embeddings(dataset),
        "Doctor": asked(dataset),
        "Libraries": ", ".join(f"{name} {version}" for name, version in (dataset["libraries"] or {}).items()),
    }


def _embeddings(dataset: DatasetFacts) -> str:
    if "embeddings" not in dataset:
        return "none"
    found = dataset["embeddings"]
    return f"of {counted(found['count'], 'image')} in {found['file']}, by the model {found['model'][:16]}…"
