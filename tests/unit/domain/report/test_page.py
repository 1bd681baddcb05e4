"""The report stands alone, shows what it must, and lets no foreign text become markup."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from domain.labels.rows import LabelRow, Vote
from domain.report import ReportData, render
from domain.report.agreement import agreement, disputed, short_names
from domain.report.contact_sheet import describe
from domain.report.html import percent

PIXEL = "data:image/jpeg;base64,AAAA"
HOSTILE = '<script>alert("x")</script>'


def any_dataset(**fields: Any) -> dict[str, Any]:
    one = {"sources": 2, "outputs": 9, "training_sources": 1, "training_outputs": 8}
    return {
        "dataset": "lego-faces",
        "version": "v0001-abcdef",
        "uri": "s3://bucket/x/",
        "run_id": "demo",
        "created": "2026-11-22T10:00:00Z",
        "parent": None,
        "seed": 7,
        "recipe_sha256": "00",
        "libraries": {"numpy": "2.2.6"},
        "sources": 4,
        "outputs": 18,
        "new_outputs": 18,
        "quarantined": 0,
        "relabeled": 0,
        "splits": {name: {"sources": 1, "outputs": 6} for name in ("train", "val", "test")},
        "exports": {"resize": 18},
        "classes": {"open": one, "shut": one | {"training_sources": 4}},
        **fields,
    }


def voted(name: str, **votes: str) -> LabelRow:
    label = max(votes.values(), key=list(votes.values()).count)
    given = tuple(Vote(worker=worker, label=answer) for worker, answer in votes.items())
    return LabelRow(
        source=name, source_ref=f"s3://b/{name}", status="labeled", label=label, labels=(label,), votes=given
    )


def any_report(**parts: Any) -> str:
    dataset = any_dataset(**parts.pop("dataset", {}))
    return render(
        ReportData(dataset, **({"recipe_text": "name: x", "labels": [], "samples": [], "quarantine": []} | parts))
    )


class Tags(HTMLParser):
    """Checks that tags are closed in order."""

    VOID = ("meta", "img", "br", "input", "wbr")

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


TURNED = [{"op": "rotate", "values": {"degrees": -12.34}}]
SAMPLE = {
    "source": "a.jpg",
    "label": "open",
    "split": "train",
    "thumbnail": PIXEL,
    "outputs": [
        {"export": "resize", "variant": 0, "steps": [], "thumbnail": PIXEL},
        {"export": "varied", "variant": 0, "steps": TURNED, "thumbnail": PIXEL},
        {"export": "varied", "variant": 1, "steps": [], "thumbnail": PIXEL},
    ],
}


def test_the_page_needs_nothing_from_outside_and_is_well_formed() -> None:
    page = any_report(
        samples=[SAMPLE], labels=[voted("a.jpg", ada="open", bela="shut", carl="open")],
        quarantine=[{"source": "z.csv", "stage": "read", "reason": "no image"}],
    )  # fmt: skip
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert not re.search(r"""(src|href)=["'](?!data:|#)""", page)
    assert not re.search(r"url\(|@import|<link", page)
    assert page.count("<script") == 1
    assert not re.search(r"https?:|fetch|import\(", page.split("<script>")[1])


def test_the_contents_lead_to_every_section() -> None:
    page = any_report(samples=[SAMPLE])
    titles = re.findall(r'<a href="#([^"]+)">', page)
    assert titles == re.findall(r'<section id="([^"]+)">', page)
    assert len(titles) >= 6


def test_pictures_of_the_splits_by_which_a_model_is_judged_are_shown() -> None:
    judged = {**SAMPLE, "source": "b.jpg", "split": "test", "outputs": SAMPLE["outputs"][:1]}
    page = any_report(samples=[SAMPLE, judged])
    section = page.split('<section id="validation-and-test">')[1].split("</section>")[0]
    assert "<b>b.jpg</b>open" in section
    assert '<span class="tag">test</span>' in section
    assert "a.jpg" not in section
    assert "validation-and-test" not in any_report(samples=[SAMPLE])


def test_what_falls_short_stands_at_the_top() -> None:
    said = "a single image is in the class <b>"
    page = any_report(dataset={"warnings": [said]})
    assert "<li>a single image is in the class &lt;b&gt;</li>" in page


def test_text_from_outside_never_becomes_markup() -> None:
    sample = SAMPLE | {"source": HOSTILE, "label": HOSTILE}
    page = any_report(
        dataset={"dataset": HOSTILE, "run_id": HOSTILE, "classes": {HOSTILE: any_dataset()["classes"]["open"]}},
        recipe_text=HOSTILE, samples=[sample], labels=[voted(HOSTILE, **{HOSTILE: "open", "b": "shut"})],
        quarantine=[{"source": HOSTILE, "stage": "read", "reason": HOSTILE}],
    )  # fmt: skip
    assert page.count("<script") == 1  # our own
    assert page.index("<script") > page.index("</main>")


def test_before_and_after_stand_side_by_side_with_the_drawn_values() -> None:
    page = any_report(samples=[SAMPLE])
    assert "rotate\u00a0−12.3°" in page
    assert "varied 0" in page
    assert "varied 1" in page
    assert "resize 0" not in page
    assert page.count(f'src="{PIXEL}"') == 4


def test_classes_before_and_after_are_compared() -> None:
    assert "had 25 % of the largest one's" in unescape(any_report())


def test_a_run_without_votes_says_so() -> None:
    assert "without votes of single workers" in any_report()


def test_agreement_counts_pairs_and_the_consensus() -> None:
    rows = [
        voted("1", ada="open", bela="open", carl="open"),
        voted("2", ada="open", bela="shut", carl="open"),
        voted("3", ada="shut", bela="shut"),
    ]
    found = agreement(rows)
    assert found.workers == ("ada", "bela", "carl")
    assert (found.pairs["ada", "bela"].same, found.pairs["ada", "bela"].both) == (2, 3)
    assert (found.pairs["ada", "carl"].same, found.pairs["ada", "carl"].both) == (2, 2)
    assert found.consensus["bela"].value == pytest.approx(2 / 3)
    assert (found.overall.same, found.overall.both) == (5, 7)
    assert [row.source for row in disputed(rows)] == ["2"]


def test_the_disputed_image_is_shown_with_each_vote() -> None:
    page = any_report(
        labels=[voted("a.jpg", ada="open", bela="shut", carl="open")],
        samples=[{**SAMPLE, "outputs": []}],
    )
    assert "1 disputed image" in page
    assert '<li class="lost">bela: shut</li>' in page
    assert f'<img src="{PIXEL}" alt="" loading="lazy">' in page


def test_long_worker_ids_are_cut_where_they_still_differ() -> None:
    ids = ["private.us-east-1.0123456789abc-one", "private.us-east-1.0123456789abc-two"]
    assert short_names(ids) == {ids[0]: "…bc-one", ids[1]: "…bc-two"}
    assert short_names(["ada", "bela"]) == {"ada": "ada", "bela": "bela"}


def test_a_long_quarantine_is_cut_and_says_so() -> None:
    rows = [{"source": f"{index}.jpg", "stage": "read", "reason": "empty"} for index in range(250)]
    page = any_report(quarantine=rows)
    assert "50 more are in quarantine.jsonl" in page
    assert "199.jpg" in page
    assert "200.jpg" not in page


def test_the_parent_is_named() -> None:
    page = any_report(dataset={"parent": {"version": "v0000-parent", "uri": "s3://b/p/"}, "new_outputs": 5})
    assert "It adds 5 files to v0000-parent." in page
    assert "5 of them new" in page


@pytest.mark.parametrize(
    ("op", "values", "words"),
    [
        ("zoom", {"factor": 1.084}, "zoom\u00a0×1.08"),
        ("flip", {"axis": "horizontal"}, "mirrored"),
        ("flip", {"axis": "vertical"}, "upside down"),
        ("grayscale", {}, "gray"),
        ("gaussian_noise", {"severity": 5, "sigma": 96.9}, "noise severity 5 (σ 97)"),
        ("brightness_contrast", {"brightness": -0.001, "contrast": 0.1}, "light\u00a00.00, contrast\u00a0+0.10"),
        ("motion_blur", {"length": 3}, "motion blur length 3"),
        ("one_of", {"chosen": 1}, "way\u00a02"),
    ],
)
def test_steps_are_described_in_a_few_words(op: str, values: dict[str, Any], words: str) -> None:
    assert describe({"op": op, "values": values}) == words


@pytest.mark.parametrize(
    ("share", "text"), [(1.0, "100 %"), (0.999, "99 %"), (0.001, "1 %"), (0.0, "0 %"), (0.5, "50 %")]
)
def test_nearly_all_is_not_all(share: float, text: str) -> None:
    assert percent(share) == text
