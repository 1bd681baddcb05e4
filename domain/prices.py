"""List prices in US dollars, on demand, US East (N. Virginia); each group with its source and the day it was read.

They are for people's orientation: an account's own prices may differ, and nothing is decided by them but whether a
labeling job's estimate is above the `max_cost` that its task gives.
"""

from __future__ import annotations

# aws.amazon.com/sagemaker/ai/pricing, Processing. Written from memory in 2026-11, never compared with the page.
PROCESSING_HOUR = {
    "ml.t3.medium": 0.05,
    "ml.t3.large": 0.10,
    "ml.t3.xlarge": 0.20,
    "ml.t3.2xlarge": 0.399,
    "ml.m5.large": 0.115,
    "ml.m5.xlarge": 0.23,
    "ml.m5.2xlarge": 0.461,
    "ml.m5.4xlarge": 0.922,
    "ml.m5.12xlarge": 2.765,
    "ml.m5.24xlarge": 5.53,
    "ml.c5.xlarge": 0.204,
    "ml.c5.2xlarge": 0.408,
    "ml.c5.4xlarge": 0.816,
    "ml.c5.9xlarge": 1.836,
    "ml.c5.18xlarge": 3.672,
}
"""An hour of one SageMaker Processing instance, by instance type."""

# aws.amazon.com/s3/pricing, S3 Standard. Written from memory in 2026-11, never compared with the page.
S3_PUT, S3_GET, S3_GB_MONTH = 0.005 / 1000, 0.0004 / 1000, 0.023
"""One request of each kind, and a month of a gigabyte."""

# aws.amazon.com/privatelink/pricing, aws.amazon.com/vpc/pricing, aws.amazon.com/cloudwatch/pricing and
# aws.amazon.com/kms/pricing. Written from memory in 2026-11, never compared with the pages.
HOURS_A_MONTH = 730
IDLE_MONTH = {
    "an interface endpoint in one zone": 0.01 * HOURS_A_MONTH,
    "a NAT gateway": 0.045 * HOURS_A_MONTH,
    "a public IPv4 address": 0.005 * HOURS_A_MONTH,
    "an alarm": 0.10,
    "a dashboard, after the first three of an account": 3.00,
    "a key of one's own": 1.00,
}
"""A month of what costs money while nothing is done, by what it is."""

# aws.amazon.com/sagemaker/groundtruth/pricing. The stored copy of the page (read in 2026-11) says that each labeled
# object is paid for, by people or by the model, and one's own workforce costs no fee besides; it lacks the table. The
# tiers are from memory and agree with what others quote; never compared with the page itself.
GROUND_TRUTH_OBJECT: tuple[tuple[int | None, float], ...] = ((50_000, 0.08), (1_000_000, 0.04), (None, 0.02))
"""Of one labeled object, up to so many of a month."""

# aws.amazon.com/api-gateway/pricing (HTTP API), aws.amazon.com/lambda/pricing (Arm) and
# aws.amazon.com/dynamodb/pricing/on-demand. Written from memory in 2026-11, never compared with the pages.
HTTP_API_REQUEST, LAMBDA_REQUEST, LAMBDA_GB_SECOND = 1.00 / 1e6, 0.20 / 1e6, 0.0000133334
DYNAMODB_WRITE, DYNAMODB_READ = 0.625 / 1e6, 0.125 / 1e6
"""A unit of each, on demand; a write in a transaction takes two."""
