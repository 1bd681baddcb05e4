"""Prices read anew from AWS's price list: real requests by botocore's model, answers in the documented form."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from adapters.price_list import PriceList
from domain.errors import AccessDenied
from domain.prices import Price, everything
from domain.prices.price_list import read, written
from domain.prices.queries import query_of
from scripts.prices import read_anew, report_age, table, write

TODAY = date(2027, 6, 1)


def product(
    usage: str, *dollars: str, service: str = "AmazonSageMaker", region: str = "us-east-1", ends: tuple[str, ...] = ()
) -> str:
    """As docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-price-list-query-api.html shows one."""
    sku, term = f"SKU{abs(hash(usage)) % 10**6}", "JRTCKXETXF"
    bounds = ["0", *ends, "Inf"]
    dimensions = {
        f"{sku}.{term}.{number}": {
            "unit": "Hrs",
            "beginRange": bounds[number],
            "endRange": bounds[number + 1],
            "description": f"${usd} per {usage}",
            "appliesTo": [],
            "rateCode": f"{sku}.{term}.{number}",
            "pricePerUnit": {"USD": usd},
        }
        for number, usd in enumerate(dollars)
    }
    return json.dumps(
        {
            "product": {
                "productFamily": "ML Instance",
                "attributes": {"usagetype": usage, "regionCode": region, "servicecode": service},
                "sku": sku,
            },
            "serviceCode": service,
            "terms": {
                "OnDemand": {
                    f"{sku}.{term}": {
                        "priceDimensions": dimensions,
                        "sku": sku,
                        "effectiveDate": "2027-05-01T00:00:00Z",
                        "offerTermCode": term,
                        "termAttributes": {},
                    }
                }
            },
            "version": "20270501000000",
            "publicationDate": "2027-05-01T00:00:00Z",
        }
    )


def asking(service: str, region: str = "us-east-1", **filters: str) -> dict[str, Any]:
    given = {"regionCode": region, **filters}
    terms = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in given.items()]
    return {"ServiceCode": service, "Filters": terms, "FormatVersion": "aws_v1"}


def any_price(name: str, usd: float, **fields: Any) -> Price:
    values = {"region": "us-east-1", "unit": "hour", "how": "memory", "read": "2026-11-28", "source": "https://x.org"}
    return Price.model_validate({"name": name, "usd": usd, **values, **fields})


@pytest.fixture
def pricing() -> Any:
    return boto3.client("pricing", "us-east-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_every_page_is_read_and_what_changed_is_told(pricing: Any) -> None:
    old = [any_price("instance/ml.m5.xlarge", 0.23), any_price("canvas", 1.9, how="copy")]
    request = asking("AmazonSageMaker")
    with Stubber(pricing) as stub:
        first = {
            "PriceList": [product("USE1-Train:ml.m5.xlarge", "9.9")],
            "NextToken": "more",
            "FormatVersion": "aws_v1",
        }
        stub.add_response("get_products", first, request)
        last = {
            "PriceList": [product("USE1-Processing:ml.m5.xlarge", "0.25"), product("USE1-Canvas:Session-Hrs", "1.9")]
        }
        stub.add_response("get_products", last, {**request, "NextToken": "more"})
        found = read_anew(old, (), PriceList(pricing), TODAY)
        stub.assert_no_pending_responses()
    assert found.changed == ("instance/ml.m5.xlarge in us-east-1: 0.25 $ a hour, was 0.23 (memory)",)
    canvas, machine = found.prices
    assert (machine.usd, machine.how, machine.read) == (0.25, "api", TODAY)
    assert machine.source.startswith("https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/AmazonSageMaker/")
    assert (canvas.usd, canvas.how) == (1.9, "api")


def test_what_the_list_does_not_have_stays_and_is_named(pricing: Any) -> None:
    old = [any_price("nat-gateway", 0.045)]
    with Stubber(pricing) as stub:
        stub.add_response("get_products", {"PriceList": []}, asking("AmazonEC2", productFamily="NAT Gateway"))
        found = read_anew(old, (), PriceList(pricing), TODAY)
    assert found.prices == tuple(old)
    assert (found.changed, found.missing) == ((), ("nat-gateway in us-east-1",))


def test_another_region_is_added(pricing: Any) -> None:
    old = [any_price("canvas", 1.9)]
    with Stubber(pricing) as stub:
        dear = {"PriceList": [product("EUC1-Canvas:Session-Hrs", "2.1", region="eu-central-1")]}
        stub.add_response("get_products", dear, asking("AmazonSageMaker", "eu-central-1"))
        stub.add_response("get_products", {"PriceList": []}, asking("AmazonSageMaker"))
        found = read_anew(old, ["eu-central-1"], PriceList(pricing), TODAY)
    assert [(item.region, item.usd) for item in found.prices] == [("us-east-1", 1.9), ("eu-central-1", 2.1)]
    assert found.changed == ("canvas in eu-central-1: 2.1 $ a hour, not known before",)


def test_free_units_are_left_out_and_tiers_kept_where_they_are_known() -> None:
    query = query_of("ground-truth/object")
    assert query
    document = json.loads(product("USE1-GroundTruth:LabeledObject", "0", "0.09", "0.05", ends=("500", "50000")))
    found = read("ground-truth/object", query, [document], "object", TODAY)
    assert [(item.usd, item.up_to) for item in found] == [(0.09, 50_000), (0.05, None)]


def test_a_usage_type_of_another_thing_is_no_price_of_this_one() -> None:
    query = query_of("instance/ml.m5.xlarge")
    assert query
    for other in ("USE1-Processing:ml.m5.2xlarge", "USE1-Processing:ml.m5dxlarge", "Reserved:ml.m5.xlarge"):
        assert read("x", query, [json.loads(product(other, "1"))], "hour", TODAY) == []


def test_who_may_not_ask_is_told_and_the_list_stays(pricing: Any) -> None:
    with Stubber(pricing) as stub:
        stub.add_client_error("get_products", "AccessDeniedException", "not authorized", 400)
        with pytest.raises(AccessDenied, match="get_products of AmazonSageMaker"):
            read_anew([any_price("canvas", 1.9)], (), PriceList(pricing), TODAY)


def test_all_prices_can_be_asked_for() -> None:
    assert [item.name for item in everything() if query_of(item.name) is None] == []


def test_the_new_list_replaces_the_old_one_as_a_whole(tmp_path: Path, pricing: Any) -> None:
    file = tmp_path / "prices.json"
    file.write_text("old")
    with Stubber(pricing) as stub:
        stub.add_response(
            "get_products", {"PriceList": [product("Canvas:Session-Hrs", "2")]}, asking("AmazonSageMaker")
        )
        found = read_anew([any_price("canvas", 1.9)], (), PriceList(pricing), TODAY)
    write(found, file)
    assert file.read_text() == written(found.prices)
    assert [item.name for item in tmp_path.iterdir()] == ["prices.json"]


def test_old_prices_fail_the_check_and_remembered_ones_are_only_told(capsys: pytest.CaptureFixture[str]) -> None:
    remembered = any_price("canvas", 1.9, read="2027-05-01")
    assert report_age([remembered], TODAY) == 0
    assert "1 of 1 are from memory" in capsys.readouterr().err
    assert report_age([any_price("canvas", 1.9, how="api", read="2026-11-28")], TODAY) == 1
    assert "older than half a year: canvas in us-east-1 (2026-11-28)" in capsys.readouterr().err


def test_the_table_shows_every_price() -> None:
    assert table(everything()).row_count == len(everything())
