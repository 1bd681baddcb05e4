"""The list of prices: every one says where it is from, and what is not known of a Region is told."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from domain.prices import HOME, UnknownPriceError, everything, find, note, price, stale, tiers, usd
from domain.prices.book import FRESH_FOR
from domain.prices.price_list import written
from scripts.idle_cost import TOLD
from scripts.prices import FILE


def test_the_file_is_as_the_refresh_would_write_it() -> None:
    assert written(everything()) == FILE.read_text(encoding="utf-8")


def test_each_price_stands_once_a_region_and_tier_and_is_known_in_us_east_1() -> None:
    keys = [(item.name, item.region, item.up_to) for item in everything()]
    assert len(keys) == len(set(keys))
    at_home = {item.name for item in everything() if item.region == HOME}
    # A GPU that only a bill from Ireland names.
    assert {item.name for item in everything()} - at_home == {"instance/ml.g4dn.4xlarge"}


def test_one_price_is_the_same_unit_everywhere() -> None:
    units: dict[str, set[str]] = {}
    for item in everything():
        units.setdefault(item.name, set()).add(item.unit)
    assert all(len(found) == 1 for found in units.values())


def test_a_region_has_its_own_price_or_that_of_us_east_1_and_it_is_said() -> None:
    own, stand_in = price("instance/ml.m5.xlarge", "eu-west-1"), price("instance/ml.m5.xlarge", "eu-west-3")
    assert (own.usd, own.region) == (0.257, "eu-west-1")
    assert (stand_in.usd, stand_in.region) == (0.23, HOME)
    assert note(own, "eu-west-1") == "list price of eu-west-1"
    assert note(stand_in, "eu-west-3") == "list price of us-east-1; that of eu-west-3 is not known here"
    assert "from memory" in note(price("kms-key"), HOME)


def test_what_nobody_knows_has_no_price() -> None:
    assert find("instance/ml.unheard.of") is None
    with pytest.raises(UnknownPriceError, match=r"instance/ml.unheard.of.*prices.json"):
        usd("instance/ml.unheard.of")


def test_tiers_come_dearest_first_and_the_last_has_no_end() -> None:
    found = tiers("ground-truth/object")
    assert [item.up_to for item in found] == [50_000, 1_000_000, None]
    assert [item.usd for item in found] == sorted((item.usd for item in found), reverse=True)


def test_a_price_ages_from_the_day_of_which_its_source_speaks() -> None:
    fresh, old = price("canvas"), price("instance/ml.m5.xlarge", "eu-west-1")
    assert old.as_of == date(2023, 12, 31)
    assert stale([fresh, old], fresh.read) == [old]
    assert stale([fresh], fresh.read + FRESH_FOR) == []
    assert stale([fresh], fresh.read + FRESH_FOR + timedelta(days=1)) == [fresh]


def test_what_stands_idle_has_a_price() -> None:
    assert {price(name).unit for name in TOLD} == {"hour", "month"}


def test_the_page_on_costs_says_how_the_prices_were_read() -> None:
    page = (FILE.parents[2] / "docs/costs.md").read_text(encoding="utf-8")
    counted = Counter(item.how for item in everything())
    assert f"Of {len(everything())} prices {counted['quoted']} are told by others" in page
    assert f"**{counted['memory']} are from memory," in page
    assert (counted["copy"], counted["api"]) == (1, 0), "say it in docs/costs.md"
