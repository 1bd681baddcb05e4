"""AWS's Price List API, which answers in few Regions: https://docs.aws.amazon.com/general/latest/gr/billing.html"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.teardown.faults import translated

REGION = "us-east-1"
"""One of those with an endpoint; it knows the prices of all."""


class PriceList:
    """Products with their prices on demand. `pricing` is a client of that service in REGION."""

    def __init__(self, pricing: Any) -> None:
        self._pricing = pricing

    def products(self, service: str, filters: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """All products of a service with these attributes, read from the JSON texts of every page.

        Raises:
            AwsError: a page could not be read.
        """
        terms = [{"Type": "TERM_MATCH", "Field": name, "Value": value} for name, value in filters.items()]
        pages = iter(
            self._pricing.get_paginator("get_products").paginate(
                ServiceCode=service, Filters=terms, FormatVersion="aws_v1"
            )
        )
        while True:
            with translated(f"get_products of {service}"):
                page = next(pages, None)
            if page is None:
                return
            for text in page["PriceList"]:
                yield json.loads(text)
