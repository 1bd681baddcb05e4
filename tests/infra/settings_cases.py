"""One change of each setting, from where it matters: what the stage had before, by section, and the new value."""

from __future__ import annotations

from typing import Any, NamedTuple

from tests.infra.variants import BUCKET, BUCKET_KEY, DOMAIN, GROUP, SUBNETS, VENDORS, VPC

OTHER_KEY = BUCKET_KEY.replace("1111", "2222")
SERVER = {
    "backend": "label_studio",
    "label_studio_url": "https://label.example.com",
    "label_studio_secret": "label-studio/token",
}
ENDPOINTS = {"network": {"mode": "VpcOnly", "egress": "endpoints"}}
NAT = {"network": {"mode": "VpcOnly", "egress": "nat"}}
GIVEN_VPC = {"network": {"vpc_id": VPC, "subnet_ids": SUBNETS}}
GIVEN_BUCKET = {"storage": {"bucket": BUCKET}}
LABEL_STUDIO = {"labeling": SERVER}
GROUND_TRUTH = {"labeling": {"backend": "ground_truth"}}
LEARNING = {"learning": {"enabled": True}}
SSO = {"auth": "SSO", "user_profiles": [{"name": "jane", "sso_user": "jane@example.com"}]}
BUDGET = {"money": {"monthly_budget": 100}}
NO_STUDIO = {"domain": "none", "user_profiles": []}


class Case(NamedTuple):
    """`with_it` are further settings of the section that the new value needs."""

    setting: str
    value: Any
    before: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - a tuple's default, which nobody changes
    with_it: dict[str, Any] = {}  # noqa: RUF012


CASES = (
    Case("deployment.permissions_boundary", "team-boundary"),
    Case("deployment.role_path", "/team/"),
    Case("deployment.qualifier", "team1"),
    Case("network.mode", "VpcOnly", {"network": {"egress": "endpoints"}}),
    Case("network.egress", "endpoints", NAT),
    Case("network.cidr", "10.43.0.0/16"),
    Case("network.nat_gateways", 3, NAT),
    Case("network.availability_zones", ["us-east-1b", "us-east-1c", "us-east-1d"]),
    Case("network.vpc_id", VPC, {}, {"subnet_ids": SUBNETS}),
    Case("network.subnet_ids", SUBNETS[:1], GIVEN_VPC),
    Case("network.security_group_id", GROUP, GIVEN_VPC),
    Case("storage.retain", True),
    Case("storage.own_key", True),
    Case("storage.noncurrent_days", 60),
    Case("storage.access_log_days", 60),
    Case("storage.bucket", BUCKET),
    Case("storage.bucket_key_arn", OTHER_KEY, {"storage": {"bucket": BUCKET, "bucket_key_arn": BUCKET_KEY}}),
    Case("studio.domain", DOMAIN, {}, {"user_profiles": []}),
    Case("studio.auth", "SSO", {}, SSO),
    Case("studio.user_profiles", [{"name": "ml-engineer"}, {"name": "jane"}]),
    Case("studio.course_access", True),
    Case("studio.idle_minutes", 120),
    Case("studio.longest_app_hours", 12),
    Case("labeling.backend", "auto"),
    Case("labeling.automated", True, GROUND_TRUTH),
    Case("labeling.point_in_time_recovery", True),
    Case("labeling.label_studio_url", "https://labels.example.com", LABEL_STUDIO),
    Case("labeling.label_studio_secret", "label-studio/other", LABEL_STUDIO),
    Case("labeling.label_studio_images", "presigned", LABEL_STUDIO),
    Case("labeling.label_studio_webhook", True, LABEL_STUDIO),
    Case("workforce.enabled", False),
    Case("workforce.workteam_arn", VENDORS, GROUND_TRUTH, {"workers": []}),
    Case("workforce.workers", ["worker-1@example.com"]),
    Case("workforce.mfa", "REQUIRED"),
    Case("workforce.asked_by", "Ada"),
    Case("workforce.source_ips", ["203.0.113.0/24"]),
    Case("processing.instance_type", "ml.m5.2xlarge"),
    Case("processing.volume_gb", 60),
    Case("processing.custom_code", True),
    Case("learning.enabled", True),
    Case("learning.model", "models/ours.onnx", LEARNING),
    Case("money.monthly_budget", 100),
    Case("money.budget_emails", ["cfo@example.com"], BUDGET),
    Case("money.thresholds", [90], BUDGET),
    Case("money.hard_stop", True, BUDGET),
    Case("operations.log_retention_days", 30),
    Case("operations.alarm_emails", ["operator@example.com"]),
    Case("teardown.query_seconds", 60),
    Case("teardown.timeout_minutes", 30),
    Case("schedules", []),
)
"""The stage before is `dev` as shipped, but for `before`."""
