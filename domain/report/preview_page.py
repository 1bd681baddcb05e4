"""The preview of a recipe: for each sample the image after every step, with the values drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.report.html import escape, player
from domain.report.style import STYLE

_STYLE = """
main{max-width:1240px}
.way{margin:0 0 22px}.way:last-child{margin-bottom:0}
.way h3{display:flex;flex-wrap:wrap;align-items:baseline;gap:4px 10px;margin:0 0 10px;font-size:15px}
.way h3 span{font-weight:400;color:var(--soft);font-size:13.5px}
.way .scroll{padding:4px;margin:-4px}
.grid{display:grid;gap:12px 12px;align-items:start;justify-content:start;min-width:min-content}
.head{font-size:12.5px;line-height:1.35;align-self:end;overflow-wrap:anywhere}
.head b{display:block;font-weight:600}.head span{color:var(--soft);font-size:12px}
.row{align-self:center;font-size:13px;color:var(--soft);font-variant-numeric:tabular-nums}
.grid figcaption b{display:inline}
.grid .tag{margin-top:3px}
.skipped{aspect-ratio:1;border:1px dashed #c6cdd6;border-radius:8px;display:grid;place-items:center;
color:var(--soft);font-size:12px;background:var(--ground)}
.chosen img{box-shadow:0 0 0 2px var(--paper),0 0 0 4px var(--warm)}.chosen figcaption b{color:#8d4a0e}
.sample>h2{overflow-wrap:anywhere;margin-bottom:16px}
"""
_CELL = "minmax(96px,150px)"


@dataclass(frozen=True)
class Cell:
    """The image or clip after a step; without a `thumbnail` the step was not drawn. `exports`: what is written here.

    `sound` is a data URI to listen to.
    """

    words: str
    thumbnail: str = ""
    exports: tuple[str, ...] = ()
    chosen: bool = False
    sound: str = ""


@dataclass(frozen=True)
class Way:
    """A sheet of cells: `heads` are the columns (name, parameters), each row has a name and a cell for each column."""

    title: str
    note: str
    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Sample:
    """One image with the trunk, the branches and the ladders of severities, in the recipe's order."""

    source: str
    ways: tuple[Way, ...] = field(default=())


def preview_page(name: str, description: str, seed: int, samples: Sequence[Sample], noun: str = "image") -> str:
    """The whole page, which needs no network."""
    body = "".join(_sample(sample) for sample in samples)
    lead = f"{escape(description)} " if description else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>Preview of {escape(name)}</title><style>{STYLE}{_STYLE}</style></head><body><main>"
        f'<header><div class="brand">Recipe preview</div><h1>{escape(name)}<small>seed {seed}</small></h1>'
        f'<p class="lead">{lead}Each picture is the {noun} after the step above it, with the values that a run with '
        "this seed draws. A dashed field: the step was not drawn this time. "
        '<span class="tag">name</span> marks where a file is written.</p></header>'
        f"{body}<footer>Made by Kempelen. The page needs no network.</footer></main></body></html>\n"
    )


def _sample(sample: Sample) -> str:
    ways = "".join(_way(way) for way in sample.ways)
    return f'<section class="sample"><h2>{escape(sample.source)}</h2>{ways}</section>'


def _way(way: Way) -> str:
    named = any(name for name, _ in way.rows)
    columns = f"{'64px ' if named else ''}repeat({len(way.heads)},{_CELL})"
    corner = "<div></div>" if named else ""
    heads = "".join(
        f'<div class="head"><b>{escape(title)}</b><span>{escape(parameters)}</span></div>'
        for title, parameters in way.heads
    )
    rows = "".join(
        (f'<div class="row">{escape(name)}</div>' if named else "") + "".join(_cell(cell) for cell in cells)
        for name, cells in way.rows
    )
    return (
        f'<div class="way"><h3>{escape(way.title)}<span>{escape(way.note)}</span></h3><div class="scroll">'
        f'<div class="grid" style="grid-template-columns:{columns}">{corner}{heads}{rows}</div></div></div>'
    )


def _cell(cell: Cell) -> str:
    tags = "".join(f' <span class="tag">{escape(name)}</span>' for name in cell.exports)
    if not cell.thumbnail:
        return f'<figure><div class="skipped">not drawn</div><figcaption>{tags}</figcaption></figure>'
    kind = ' class="chosen"' if cell.chosen else ""
    words = f"{escape(cell.words)}<br>" if cell.words and tags else escape(cell.words)
    return (
        f'<figure{kind}><img src="{escape(cell.thumbnail)}" alt="{escape(cell.words or "image")}" loading="lazy">'
        f"{player(cell.sound)}<figcaption>{words}{tags}</figcaption></figure>"
    )
