"""The variants of the settings whose templates are tested, and what a test reads from them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aws_cdk.assertions import Template

from stacks.settings import Settings
from stacks.settings.loading import load_settings

IAM_PUBLIC = "IAM, PublicInternetOnly"
SSO_PRIVATE = "SSO, VpcOnly, endpoints, own key, course access"
DEMANDING = "IAM, VpcOnly, NAT"
NOT_LABELING = "IAM, VpcOnly, endpoints, no labeling"
GIVEN_WORKTEAM = "IAM, PublicInternetOnly, own key, a given workteam"
WORKTEAM = "arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/theirs"
NOBODY_YET = "SSO, PublicInternetOnly, no workers"
IN_PORTAL = "IAM, PublicInternetOnly, our own portal"
PORTAL_GUARDED = "IAM, VpcOnly, endpoints, own key, our own portal, no workers"
AUTOMATED = "IAM, PublicInternetOnly, own key, automated labeling"
CUSTOM_CODE = "IAM, PublicInternetOnly, code of its people's own"
NO_PORTAL = "IAM, PublicInternetOnly, our own portal, no labeling"
IN_LABEL_STUDIO = "IAM, PublicInternetOnly, Label Studio, presigned"
LABEL_STUDIO_GUARDED = "IAM, PublicInternetOnly, own key, Label Studio, s3, a secret's ARN"
BY_ITSELF = "IAM, PublicInternetOnly, the back end that can be used"
BY_ITSELF_GUARDED = "IAM, PublicInternetOnly, own key, any back end, a vendor's workteam"
VENDORS = "arn:aws:sagemaker:us-east-1:394669845002:workteam/vendor-crowd/acme"
BUDGET = "IAM, PublicInternetOnly, a budget"
HARD_STOP = "IAM, PublicInternetOnly, a budget with a hard stop"
HARD_STOP_GUARDED = "IAM, PublicInternetOnly, own key, a budget with a hard stop, no schedules"
WITHOUT_STUDIO = "no domain, a given bucket with its key, our own portal"
WITHOUT_STUDIO_GUARDED = "no domain, own key beside a given bucket, automated labeling"
GIVEN_DOMAIN = "a given domain, our own portal"
GIVEN_VPC = "IAM, VpcOnly, a given VPC, Label Studio"
GIVEN_GROUP = "SSO, PublicInternetOnly, a given VPC and group, own key"
BUCKET, BUCKET_KEY = "their-data", "arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555"
DOMAIN = "d-theirs1"
VPC, SUBNETS, GROUP = "vpc-0a1b2c3d", ["subnet-0a1b2c3d", "subnet-1a1b2c3d"], "sg-0a1b2c3d"
NO_LABEL_STUDIO = "IAM, PublicInternetOnly, Label Studio, no labeling"
_SERVER = {
    "backend": "label_studio",
    "label_studio_url": "https://label.example.com",
    "label_studio_secret": "label-studio/token",
}
SECRET = "arn:aws:secretsmanager:us-east-1:123456789012:secret:label-studio/token-AbCdEf"
DEMANDS = {"permissions_boundary": "team-boundary", "role_path": "/teams/vision/", "qualifier": "team1"}
BRINGS_ALONG = {
    "dataset": "words",
    "recipe": "recipes/words.yaml",
    "expression": "rate(1 day)",
    "code": "code/my_steps.py",
    "backgrounds": "backgrounds/city",
}
VARIANTS: dict[str, dict[str, Any]] = {
    IAM_PUBLIC: {},
    SSO_PRIVATE: {
        "network": {"mode": "VpcOnly", "egress": "endpoints"},
        "storage": {"retain": True, "own_key": True},
        "studio": {"auth": "SSO", "user_profiles": [{"name": "jane", "sso_user": "jane@example.com"}]},
        "workforce": {"mfa": "REQUIRED", "source_ips": ["203.0.113.0/24"]},
        "operations": {"alarm_emails": ["operator@example.com"]},
    },
    DEMANDING: {
        "deployment": DEMANDS,
        "network": {"mode": "VpcOnly", "egress": "nat"},
        "studio": {"course_access": True},
    },
    NOT_LABELING: {
        "workforce": {"enabled": False},
        "network": {"mode": "VpcOnly", "egress": "endpoints", "availability_zones": ["us-east-1b", "us-east-1d"]},
    },
    GIVEN_WORKTEAM: {"workforce": {"workteam_arn": WORKTEAM, "workers": []}, "storage": {"own_key": True}},
    NOBODY_YET: {
        "studio": {"auth": "SSO", "user_profiles": [{"name": "jane", "sso_user": "jane@example.com"}]},
        "workforce": {"workers": []},
    },
    IN_PORTAL: {"labeling": {"backend": "portal"}},
    PORTAL_GUARDED: {
        "labeling": {"backend": "portal", "point_in_time_recovery": True},
        "network": {"mode": "VpcOnly", "egress": "endpoints"},
        "storage": {"retain": True, "own_key": True},
        "workforce": {"workers": [], "source_ips": ["203.0.113.0/24"]},
    },
    AUTOMATED: {"labeling": {"automated": True}, "storage": {"own_key": True}},
    CUSTOM_CODE: {"processing": {"custom_code": True}, "schedules": [BRINGS_ALONG]},
    IN_LABEL_STUDIO: {"labeling": {**_SERVER, "label_studio_images": "presigned", "label_studio_webhook": True}},
    LABEL_STUDIO_GUARDED: {
        "labeling": {**_SERVER, "label_studio_secret": SECRET},
        "storage": {"retain": True, "own_key": True},
    },
    NO_LABEL_STUDIO: {"labeling": _SERVER, "workforce": {"enabled": False}},
    BY_ITSELF: {"labeling": {"backend": "auto"}},
    BY_ITSELF_GUARDED: {
        "labeling": {**_SERVER, "backend": "auto"},
        "storage": {"retain": True, "own_key": True},
        "workforce": {"workteam_arn": VENDORS},
    },
    BUDGET: {"money": {"monthly_budget": 100}},
    HARD_STOP: {
        "money": {"monthly_budget": 100, "hard_stop": True, "budget_emails": ["cfo@example.com"]},
        "studio": {"longest_app_hours": 12},
    },
    HARD_STOP_GUARDED: {
        "money": {"monthly_budget": 20.5, "hard_stop": True, "thresholds": [90]},
        "operations": {"alarm_emails": ["operator@example.com"]},
        "storage": {"own_key": True},
        "schedules": [],
    },
    WITHOUT_STUDIO: {
        "labeling": {"backend": "portal"},
        "studio": {"domain": "none", "user_profiles": []},
        "storage": {"bucket": BUCKET, "bucket_key_arn": BUCKET_KEY},
    },
    WITHOUT_STUDIO_GUARDED: {
        "labeling": {"automated": True},
        "studio": {"domain": "none", "user_profiles": []},
        "storage": {"bucket": BUCKET, "own_key": True, "retain": True},
    },
    GIVEN_DOMAIN: {"labeling": {"backend": "portal"}, "studio": {"domain": DOMAIN, "user_profiles": []}},
    GIVEN_VPC: {
        "labeling": _SERVER,
        "network": {"mode": "VpcOnly", "vpc_id": VPC, "subnet_ids": SUBNETS},
    },
    GIVEN_GROUP: {
        "network": {"vpc_id": VPC, "subnet_ids": SUBNETS, "security_group_id": GROUP},
        "studio": {"auth": "SSO", "user_profiles": [{"name": "jane", "sso_user": "jane@example.com"}]},
        "storage": {"own_key": True},
    },
    NO_PORTAL: {"labeling": {"backend": "portal"}, "workforce": {"enabled": False}},
}
OWN_DOMAIN = [name for name, changes in VARIANTS.items() if "domain" not in changes.get("studio", {})]
PARTS = ("network", "storage", "studio", "portal", "workforce", "workflow")


@dataclass(frozen=True)
class Synthesized:
    """One variant's templates by the stack's part, and what the security checks said."""

    settings: Settings
    folder: Path
    templates: dict[str, Template] = field(default_factory=dict)

    def resources(self, part: str, kind: str) -> dict[str, Any]:
        found: dict[str, Any] = self.templates[part].find_resources(kind)
        return {identity: resource.get("Properties", {}) for identity, resource in found.items()}

    def only(self, part: str, kind: str) -> dict[str, Any]:
        (properties,) = self.resources(part, kind).values()
        return dict(properties)

    def outputs(self, part: str) -> set[str]:
        return {key for key in self.templates[part].find_outputs("*") if not key.startswith("Exports")}

    @property
    def template_files(self) -> list[Path]:
        return sorted(self.folder.glob("*.template.json"))

    @property
    def security_report(self) -> dict[str, Any]:
        report: dict[str, Any] = json.loads((self.folder / "validation-report.json").read_text())
        return report


def settings_of(variant: str) -> Settings:
    values = load_settings("dev", labeling={"backend": "ground_truth"}).model_dump()
    for section, changes in VARIANTS[variant].items():
        values[section] = {**values[section], **changes} if isinstance(changes, dict) else changes
    return Settings.model_validate(values)
