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

from domain.prices import IDLE_MONTH

ENDPOINT, NAT, ADDRESS, ALARM, DASHBOARD, KEY = IDLE_MONTH
COUNTED = {
    "AWS::EC2::NatGateway": NAT,
    "AWS::EC2::EIP": ADDRESS,
    "AWS::CloudWatch::Alarm": ALARM,
    "AWS::CloudWatch::Dashboard": DASHBOARD,
    "AWS::KMS::Key": KEY,
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
                found[ENDPOINT] += len(properties["SubnetIds"])
    return found


def table(found: Mapping[str, int]) -> str:
    """As Markdown, with the sum."""
    lines = ["| what | how many | $ a month |", "|---|---:|---:|"]
    for thing, price in IDLE_MONTH.items():
        if found.get(thing):
            lines.append(f"| {thing} | {found[thing]} | {found[thing] * price:,.2f} |")
    lines.append(f"| together | | {total(found):,.2f} |")
    return "\n".join(lines)


def total(found: Mapping[str, int]) -> float:
    """Dollars a month."""
    return sum(count * IDLE_MONTH[thing] for thing, count in found.items())


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    print(table(counts(json.loads(file.read_text("utf-8")) for file in sorted(folder.glob("*.template.json")))))
