"""What the stacks cost while nobody does anything, read from their templates: writes the table of docs/costs.md.

make synth STAGE=prod; python -m scripts.idle_cost cdk.out
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from domain.prices import HOURS_A_MONTH, price

# What it is called in the table, by the name of its price.
TOLD = {
    "interface-endpoint": "an interface endpoint in one zone",
    "nat-gateway": "a NAT gateway",
    "public-address": "a public IPv4 address",
    "alarm": "an alarm",
    "dashboard": "a dashboard, after the first three of an account",
    "kms-key": "a key of one's own",
}
COUNTED = {
    "AWS::EC2::NatGateway": "nat-gateway",
    "AWS::EC2::EIP": "public-address",
    "AWS::CloudWatch::Alarm": "alarm",
    "AWS::CloudWatch::Dashboard": "dashboard",
    "AWS::KMS::Key": "kms-key",
}


def counts(templates: Iterable[Mapping[str, Any]]) -> Counter[str]:
    """How many there are of each thing that costs money by the month, in CloudFormation templates."""
    found: Counter[str] = Counter()
    for template in templates:
        for resource in template["Resources"].values():
            kind, properties = resource["Type"], resource.get("Properties", {})
            if kind in COUNTED:
                found[COUNTED[kind]] += 1
            elif kind == "AWS::EC2::VPCEndpoint" and properties.get("VpcEndpointType") == "Interface":
                found["interface-endpoint"] += len(properties["SubnetIds"])
    return found


def table(found: Mapping[str, int]) -> str:
    """As Markdown, with the sum."""
    lines = ["| what | how many | $ a month |", "|---|---:|---:|"]
    for name, told in TOLD.items():
        if found.get(name):
            lines.append(f"| {told} | {found[name]} | {found[name] * month(name):,.2f} |")
    lines.append(f"| together | | {total(found):,.2f} |")
    return "\n".join(lines)


def total(found: Mapping[str, int]) -> float:
    """Dollars a month."""
    return sum(count * month(name) for name, count in found.items())


def month(name: str) -> float:
    """Dollars of one of them that stands for a month."""
    found = price(name)
    return found.usd * HOURS_A_MONTH if found.unit == "hour" else found.usd


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    print(table(counts(json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.template.json")))))
