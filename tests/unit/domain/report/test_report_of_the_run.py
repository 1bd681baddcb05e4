"""The parts of the report about the run: drawn values, time and cost, lineage by click, pictures of the quarantine."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from domain.report.contact_sheet import contact_sheet, describe
from domain.report.drawn import BUCKETS, Numbers, drawn_section, gather
from domain.report.rejects import PICTURES_SHOWN, few, quarantine_section
from domain.report.usage import Usage, duration, usage_section

PIXEL = "data:image/jpeg;base64,AAAA"


def row(*steps: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return {"steps": [{"op": op, "values": values} for op, values in steps]}


def numbers_of(values: list[float]) -> Numbers:
    numbers = Numbers()
    for value in values:
        numbers.add(value)
    return numbers


@example([0.0, 5e-324], random.Random(0))
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=300), st.randoms(use_true_random=False))
def test_a_histogram_counts_every_value_once_in_whatever_order_they_come(
    values: list[float], rng: random.Random
) -> None:
    one = numbers_of(values)
    rng.shuffle(values)
    assert sum(one.bars()) == one.count == len(values)
    assert numbers_of(values).bars() == one.bars()
    assert (one.low, one.high) == (min(values), max(values))


def test_a_histogram_of_a_hundred_thousand_values_stays_small_and_keeps_its_shape() -> None:
    rng = random.Random(1)
    numbers = numbers_of([rng.triangular(-20, 20, 0) for _ in range(100_000)])
    bars = numbers.bars()
    assert len(numbers._buckets) <= BUCKETS
    assert max(bars) == max(bars[12:16])
    assert bars[0] < max(bars) / 10


def test_a_value_that_is_drawn_evenly_has_even_bars() -> None:
    bars = numbers_of([index / 10_000 for index in range(10_000)]).bars()
    assert max(bars) < 1.15 * min(bars)


def test_two_values_that_occur_make_two_bars() -> None:
    assert numbers_of([1, 1, 1, 5]).bars() == [3, 1]


def test_steps_are_counted_over_all_rows_and_their_values_gathered() -> None:
    rows = [row(("rotate", {"degrees": 5.0})), row(("rotate", {"degrees": -5.0}), ("gray", {})), row()]
    total, found = gather(rows)
    assert total == 3
    assert (found["rotate"].applied, found["gray"].applied) == (2, 1)
    assert found["rotate"].numbers["degrees"].low == -5


def test_seeds_are_not_values_and_choices_are_counted_by_name() -> None:
    rows = [
        row(("noise", {"noise_seed": 2**40 + n, "exact": False, "sigma": 9.5, "axis": "xy"[n % 2]})) for n in range(4)
    ]
    page = drawn_section(rows)
    assert "noise_seed" not in page
    assert "always sigma 9.5, exact False" in page
    assert page.count("50 %") == 2


def test_a_step_of_some_files_says_of_how_many() -> None:
    page = drawn_section([row(("gray", {})), row(), row(), row()])
    assert "in 25 % of the files" in page
    assert drawn_section([row()]) == ""


def test_a_histogram_names_its_ends_and_the_count_of_each_bar() -> None:
    page = drawn_section(row(("rotate", {"degrees": value})) for value in (-20.0, 20.0, 20.0))
    assert 'aria-label="degrees from −20 to 20"' in page
    assert "<title>2</title>" in page


def facts(**changes: Any) -> dict[str, Any]:
    return {
        "seconds": 36.0,
        "processes": 2,
        "sources": 360,
        "outputs": 3600,
        "instance_type": "ml.m5.xlarge",
        **changes,
    }


def test_time_is_the_slowest_host_and_cost_is_all_of_them() -> None:
    work = Usage.of([facts(), facts(seconds=72.0)])
    assert work == Usage(2, 4, 72.0, 108.0, 720, 7200, "ml.m5.xlarge")
    assert work.dollars == pytest.approx(0.23 * 108 / 3600)
    page = usage_section(work)
    assert "1 min 12 s" in page
    assert ">10<" in page  # images a second
    assert "$0.0069" in page
    assert "$0.23/h (us-east-1); $0.96 a million files" in page


def test_a_machine_without_a_list_price_has_no_cost() -> None:
    assert Usage.of([facts(instance_type=None)]).dollars is None  # type: ignore[union-attr]
    assert Usage.of([facts(), facts(instance_type="ml.c5.xlarge")]).instance_type is None  # type: ignore[union-attr]
    assert "no list price known" in usage_section(Usage.of([facts(instance_type="ml.unknown")]))


def test_without_times_nothing_is_claimed() -> None:
    assert Usage.of([facts(), {"sources": 1, "outputs": 1}]) is None
    assert Usage.of([]) is None
    assert usage_section(None) == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.04, "0.0 s"), (4.23, "4.2 s"), (200, "3 min 20 s"), (3600, "1 h 0 min"), (7530, "2 h 5 min")],
)
def test_durations_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def sampled(source: str) -> dict[str, Any]:
    output = {"export": "varied", "variant": 2, "thumbnail": PIXEL, "path": "data/train/open/a~varied~2~00.jpg"}
    output |= {"seed": 1234567890123, "sha256": "c0ffee" * 10, "width": 224, "height": 200}
    output["steps"] = [{"op": "rotate", "values": {"degrees": -12.345678}}]
    return {"source": source, "label": "open", "split": "train", "thumbnail": PIXEL, "outputs": [output, output]}


def test_a_click_on_a_picture_shows_all_that_the_manifest_knows() -> None:
    page = contact_sheet([sampled("a.jpg"), sampled("b.jpg")])
    for fact in ("data/train/open/a~varied~2~00.jpg", "1234567890123", "c0ffee" * 10, "224 × 200 pixels"):
        assert page.replace("<wbr>", "").count(f"<dd>{fact}") == 4
    assert page.count('<img class="large" src="data/train/open/a~varied~2~00.jpg" loading="lazy"') == 4
    assert "<b>rotate</b> degrees -12.345678" in page
    assert "manifest.jsonl" in page


def test_every_picture_opens_a_card_of_its_own() -> None:
    page = contact_sheet([sampled("a.jpg"), sampled("b.jpg")])
    keys = re.findall(r'<div id="([^"]+)" class="card" popover>', page)
    assert len(set(keys)) == len(keys) == 4
    assert sorted(re.findall(r'class="open" popovertarget="([^"]+)"', page)) == sorted(keys)


def test_a_card_lets_no_foreign_text_become_markup() -> None:
    hostile = '"><script>alert(1)</script>'
    page = contact_sheet([sampled(hostile) | {"label": hostile, "split": hostile}])
    assert "<script" not in page


def rejected(*names: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    rows = [{"source": name, "stage": "read", "reason": f"why {name}"} for name in names]
    return rows, [{"source": name, "rejected": True, "thumbnail": PIXEL} for name in names]


def test_the_quarantine_shows_pictures_with_their_reasons_and_counts_the_stages() -> None:
    rows, samples = rejected("a.jpg", "b.jpg")
    page = quarantine_section([*rows, {"source": "c", "stage": "label", "reason": "no label row"}], samples)
    assert page.count(PIXEL) == 2
    assert "<b>a.jpg</b>why a.jpg" in page
    assert re.search("reading</span> 2<.*labels</span> 1<", page)


def test_of_many_pictures_a_few_are_shown_and_the_same_ones_however_they_are_shared_out() -> None:
    _, samples = rejected(*(f"{number}.jpg" for number in range(100)))
    by_source = {sample["source"]: sample for sample in samples}
    hosts = [{name: by_source[name] for name in list(by_source)[start::3]} for start in range(3)]
    union = {name: one for host in hosts for name, one in few(host).items()}
    assert set(few(union)) == set(few(by_source))
    assert len(few(by_source)) == PICTURES_SHOWN


def test_a_picture_of_a_file_that_got_into_the_data_set_after_all_is_not_shown() -> None:
    rows, _ = rejected("a.jpg")
    _, samples = rejected("b.jpg")
    assert PIXEL not in quarantine_section(rows, samples)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"strength": 0.123456, "noise_seed": 123456789}, "frost strength\u00a00.123"),
        ({"strength": -0.5, "exact": True, "gray": False}, "frost strength\u00a0−0.5, exact"),
        ({"frost": 1.239}, "frost 1.24"),
        ({"order": [2, 0, 1], "points": list(range(100))}, "frost order [2, 0, 1]"),
    ],
)
def test_a_step_is_described_in_a_few_words_without_seeds_and_long_lists(values: dict[str, Any], words: str) -> None:
    assert describe({"op": "frost", "values": values}) == words


def test_a_long_value_is_cut_in_the_card() -> None:
    sample = sampled("a.jpg")
    sample["outputs"][0]["steps"] = [{"op": "glass", "values": {"points": list(range(10_000))}}]
    page = contact_sheet([sample])
    assert "points [0, 1, 2" in page
    assert "9999" not in page
    assert "…" in page
