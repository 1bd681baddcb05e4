"""The pages name what is there: links lead somewhere, files exist, the drawn rooms and arrows are the code's."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
TOPS = "adapters|augmentation|bench|config|domain|labelers|lambdas|localcloud|recipes|scripts|stacks|tests|workflows"
ARCHITECTURE = ROOT / "docs/architecture.md"


def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    titles = re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)]+)\)", text(page)):
        if target.startswith(("http://", "https://")):
            continue
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(file), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_and_modules_that_are_named_are_there(page: Path) -> None:
    names = re.findall(rf"`((?:{TOPS})/[\w./-]+)(?<!config\.json)`", text(page))
    modules = re.findall(r"`((?:augmentation|domain|lambdas|localcloud|stacks)(?:\.\w+)+)`", text(page))
    paths = [*names, *(name.replace(".", "/") for name in modules)]
    gone = [path for path in paths if not (ROOT / path).exists() and not (ROOT / f"{path}.py").exists()]
    assert not gone


def rooms(folder: str) -> set[str]:
    return {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}


def arrows(lines: str) -> set[tuple[str, str]]:
    """Of mermaid's `a --> b & c --> d`; a room's caption is cut off."""
    drawn: set[tuple[str, str]] = set()
    for line in lines.splitlines():
        stations = [[room.split("[")[0].strip() for room in part.split("&")] for part in line.split("-->")]
        for these, those in itertools.pairwise(stations):
            drawn.update(itertools.product(these, those))
    return drawn


@pytest.mark.parametrize(("folder", "title"), [("domain", "domain"), ("augmentation", "engine")])
def test_the_drawn_rooms_are_those_of_the_code(folder: str, title: str) -> None:
    drawing = re.search(rf"subgraph {title} .*?\n  end", text(ARCHITECTURE), re.DOTALL)
    assert drawing
    named = rooms(folder)
    assert named <= set(re.findall(r"\b(\w+)\[", drawing.group()))
    for upper, lower in arrows(drawing.group()):
        if {upper, lower} <= named:
            modules = (ROOT / folder / upper).rglob("*.py")
            assert any(f"from {folder}.{lower}" in text(module) for module in modules), f"{upper} --> {lower}"


def test_every_folder_of_the_product_has_its_line_in_the_table_of_rooms() -> None:
    table = set(re.findall(r"^\| (?:`app\.py`, )?`(\w+)/`", text(ARCHITECTURE), re.MULTILINE))
    assert table >= set(TOPS.split("|")) - {"tests"}
