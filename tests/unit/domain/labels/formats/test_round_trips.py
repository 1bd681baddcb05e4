"""From one format into another and back: names, classes and empty images to the letter, boxes within a pixel."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.errors import InvalidInput
from domain.labels.boxes import BoxLabel
from domain.labels.formats import NAMES
from domain.labels.formats.model import LabelSet, Size, format_named, labeled, unlabeled
from domain.labels.rows import LabelRow
from tests.support.builders.label_files import FakeImages, a_set, coco_text, read, written_and_read

OTHERS = [name for name in NAMES if name != "kempelen"]


def sides(row: LabelRow) -> list[float]:
    return [side for box in row.boxes or () for side in (box.left, box.top, box.width, box.height)]


def same(found: LabelSet, wanted: LabelSet, within: float) -> None:
    ours, theirs = ({row.source: row for row in one.rows} for one in (found, wanted))
    assert ours.keys() == theirs.keys()
    for source, row in theirs.items():
        other = ours[source]
        assert (other.labels, other.boxes is None) == (row.labels, row.boxes is None)
        assert [box.label for box in other.boxes or ()] == [box.label for box in row.boxes or ()]
        assert sides(other) == pytest.approx(sides(row), abs=within)


@st.composite
def label_sets(draw: st.DrawFn) -> LabelSet:
    """Boxes in hundredths of a pixel that lie in images of any size up to 20,000 pixels."""
    classes = st.text("aB7é ж😀<&>\"'#:,;-.{}[]%", min_size=1, max_size=8).map(str.strip).filter(bool)
    names = draw(st.lists(classes, min_size=1, max_size=3, unique=True))
    rows, sizes = [], {}
    for number in range(draw(st.integers(1, 3))):
        source = f"{draw(st.sampled_from(['', 'sub dir/', 'ж/é/']))}{number} {names[0]}.jpg"
        width, height = (draw(st.integers(1, 20_000)) for _ in "xy")
        boxes = []
        for _ in range(draw(st.integers(0, 3))):
            left, right = sorted(draw(st.integers(0, 100 * width)) / 100 for _ in "lr")
            top, bottom = sorted(draw(st.integers(0, 100 * height)) / 100 for _ in "tb")
            place = {"left": left, "top": top, "width": round(right - left, 2), "height": round(bottom - top, 2)}
            boxes.append(BoxLabel(label=draw(st.sampled_from(names)), **place))
        rows.append(labeled(source, boxes))
        sizes[source] = Size(width, height)
    return LabelSet(rows, sizes)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(labels=label_sets())
def test_every_format_gives_back_what_it_was_given(name: str, labels: LabelSet) -> None:
    """YOLO writes six places of a share: at 20,000 pixels, four hundredths of one."""
    same(written_and_read(name, labels), labels, within=0.05 if name == "yolo" else 0.011)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.filterwarnings("ignore:.*crowd", "ignore:.*without a label")
def test_coco_comes_back_from_every_format_within_a_pixel(name: str) -> None:
    labels = read("coco", coco_text())
    labels = LabelSet(labels.rows[:3], labels.sizes, labels.classes)
    through = written_and_read(name, labels)
    if name in ("csv", "label-studio"):  # they have no sizes, at least of images without boxes: --images tells those
        through = LabelSet(through.rows, labels.sizes)
    back = written_and_read("coco", through)
    same(back, labels, within=0.02)
    assert back.sizes == {row.source: labels.sizes[row.source] for row in labels.rows}


@pytest.mark.parametrize("name", OTHERS)
def test_transcripts_are_refused_and_not_lost(name: str) -> None:
    row = labeled("a.wav", None, ["speech"]).model_copy(update={"transcript": "hello"})
    with pytest.raises(InvalidInput, match=r"a\.wav has a transcript, which only labels\.jsonl"):
        format_named(name).write(LabelSet([row]))


@pytest.mark.parametrize("name", [name for name in OTHERS if name != "augmented-manifest"])
def test_objects_without_a_label_are_left_out_and_told(name: str) -> None:
    labels = a_set()
    more = LabelSet([*labels.rows, unlabeled("c.jpg", "too dark")], labels.sizes)
    with pytest.warns(UserWarning, match=r"1 object without a label left out \(c\.jpg: too dark\)"):
        assert format_named(name).write(more) == format_named(name).write(labels)


@pytest.mark.parametrize("name", NAMES)
def test_damaged_files_are_read_or_refused_with_their_name(name: str) -> None:
    """Bytes are changed, taken out, or doubled; nothing else than InvalidInput may come of it."""
    labels, draw = a_set(), random.Random(13)
    texts = format_named(name).write(labels)
    told = {"yaml": {"data.yaml": {"names": ["dog", "cat"]}}} if texts.pop("data.yaml", "") else {}
    refused: list[str] = []
    for _ in range(150):
        path = draw.choice(sorted(texts))
        text = texts[path]
        place = draw.randrange(len(text) + 1)
        end = min(len(text), place + draw.randrange(1, 9))
        torn = draw.choice(
            [text[:place], text[:place] + text[end:], text[:end] + text[place:], text[:place] + "\x00<9"]
        )
        try:
            read(name, {**texts, path: torn}, images=FakeImages(dict(labels.sizes)), **told)
        except InvalidInput as error:
            refused.append(str(error))
    assert len(refused) > 20
    assert all(reason.startswith("mine") for reason in refused)
