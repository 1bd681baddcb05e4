"""Writes the tables of docs/scale.md from measured figures and list prices.

python -m scripts.scale_table
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from domain.prices import usd
from domain.report.usage import duration

ROOT = Path(__file__).resolve().parent.parent
DOCS_FILE = ROOT / "docs/scale.md"
BEGIN, END = "<!-- Written by: python -m scripts.scale_table -->", "<!-- End of what is written. -->"

# Measured: docs/performance.md, size S, with the pass for near-duplicates; seconds of one vCPU an image.
CPU_SECONDS = 0.0040 + 0.0010
SOURCE_BYTES, OUTPUT_BYTES, OUTPUTS = 75_000, 14_000, 6
PUBLISHER_SECONDS = 66e-6  # of one vCPU an output, docs/performance.md
INSTANCE, VCPUS = "ml.c5.4xlarge", 16
# Assumed, not measured: an instance's start, and what one instance takes from and gives to S3 a second.
START_SECONDS, TRANSFER_BYTES = 240, 200e6
# S3's limit a prefix and second: docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html.
PUTS_A_SECOND = 3500
SHARD_BYTES = 256e6


@dataclass(frozen=True)
class Plan:
    """A data set of `images`, made by so many instances, in class folders or in shards."""

    images: int
    instances: int
    shards: bool

    @property
    def objects(self) -> float:
        outputs = self.images * OUTPUTS
        return outputs * OUTPUT_BYTES / SHARD_BYTES * 2 if self.shards else outputs

    @property
    def work_seconds(self) -> float:
        """Of one instance, besides transfer."""
        return self.images * CPU_SECONDS / (VCPUS * self.instances)

    @property
    def transfer_seconds(self) -> float:
        size = self.images * (SOURCE_BYTES + OUTPUTS * OUTPUT_BYTES)
        requests = 0 if self.shards else self.objects / PUTS_A_SECOND
        return max(size / (TRANSFER_BYTES * self.instances), requests)

    @property
    def seconds(self) -> float:
        publishing = self.images * OUTPUTS * PUBLISHER_SECONDS
        return START_SECONDS + self.work_seconds + self.transfer_seconds + publishing

    @property
    def machine_dollars(self) -> float:
        busy = START_SECONDS + self.work_seconds + self.transfer_seconds
        return self.instances * busy / 3600 * usd(f"instance/{INSTANCE}")

    @property
    def request_dollars(self) -> float:
        return self.images * usd("s3/get") + self.objects * usd("s3/put")

    @property
    def month_dollars(self) -> float:
        return self.images * OUTPUTS * OUTPUT_BYTES / 1e9 * usd("s3/storage")


PLANS = (
    Plan(10**4, 1, shards=False),
    Plan(10**6, 4, shards=False),
    Plan(10**6, 4, shards=True),
    Plan(10**8, 50, shards=True),
)


def table() -> str:
    """A row a plan."""
    head = "| images | instances | layout | time | work | transfer | machines | requests | storage a month |\n"
    rows = "".join(
        f"| {plan.images:,} | {plan.instances} | {'shards' if plan.shards else 'folders'} | {duration(plan.seconds)} "
        f"| {duration(plan.work_seconds)} | {duration(plan.transfer_seconds)} | {dollars(plan.machine_dollars)} "
        f"| {dollars(plan.request_dollars)} | {dollars(plan.month_dollars)} |\n"
        for plan in PLANS
    )
    return f"{head}|{'---|' * 9}\n{rows}"


def dollars(amount: float) -> str:
    return f"${amount:,.2f}" if amount < 100 else f"${amount:,.0f}"


def with_table(text: str) -> str:
    """The page with its table replaced."""
    before, rest = text.split(BEGIN)
    return f"{before}{BEGIN}\n\n{table()}\n{END}{rest.split(END)[1]}"


if __name__ == "__main__":
    DOCS_FILE.write_text(with_table(DOCS_FILE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"Wrote {DOCS_FILE}")
