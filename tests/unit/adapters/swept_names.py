"""Thirty left-overs of stage dev, and thirty things of others that look like them, by kind and name."""

from __future__ import annotations

from datetime import UTC, datetime

ACCOUNT, REGION = "123456789012", "us-east-1"
NOW = datetime(2026, 11, 28, tzinfo=UTC)
OUR_DOMAIN, THEIR_DOMAIN = "d-ours", "d-theirs"
OURS = {"project": "kempelen", "kempelen:stage": "dev"}
THEIRS = {"project": "faces", "stage": "dev"}

LEFT_OVERS = (
    ("domain", "kempelen-dev (d-ours)"),
    ("app", "Canvas/default of jane in d-ours"),
    ("app", "JupyterLab/default of notes in d-ours"),
    ("space", "notes in d-ours"),
    ("file system", "fs-ours"),
    ("endpoint", "kempelen-dev-serve"),
    ("inference component", "kempelen-dev-part"),
    ("notebook instance", "kempelen-dev-notes"),
    ("processing job", "kempelen-dev-augment"),
    ("training job", "kempelen-dev-train"),
    ("warm pool", "kempelen-dev-warm"),
    ("transform job", "kempelen-dev-transform"),
    ("labeling job", "kempelen-dev-label"),
    ("AutoML job", "kempelen-dev-auto"),
    ("tuning job", "kempelen-dev-tune"),
    ("feature group", "kempelen-dev-features"),
    ("MLflow server", "kempelen-dev-mlflow"),
    ("HyperPod cluster", "kempelen-dev-pod"),
    ("NAT gateway", "nat-ours"),
    ("public address", "198.51.100.1 (eipalloc-ours)"),
    ("interface endpoint", "vpce-ours"),
    ("volume", "vol-ours"),
    ("snapshot", "snap-ours"),
    ("bucket", "kempelen-dev-storage-data"),
    ("table", "kempelen-dev-storage-ledger"),
    ("log group", "/aws/lambda/kempelen-dev-preflight"),
    ("alarm", "kempelen-dev-workflow-Errors"),
    ("dashboard", "kempelen-dev"),
    ("key", "key-ours"),
    ("user pool", "kempelen-dev-workers (us-east-1_ours)"),
)
FOREIGN = (
    ("domain", "kempelen-dev-faces (d-theirs)"),
    ("app", "Canvas/default of jane in d-theirs"),
    ("app", "JupyterLab/default of notes in d-theirs"),
    ("space", "notes in d-theirs"),
    ("file system", "fs-theirs"),
    ("endpoint", "kempelen-dev-2-serve"),
    ("inference component", "faces-part"),
    ("notebook instance", "kempelen-dev-untagged"),
    ("processing job", "kempelen-dev-2-augment"),
    ("training job", "faces-train"),
    ("warm pool", "faces-warm"),
    ("transform job", "faces-transform"),
    ("labeling job", "faces-label"),
    ("AutoML job", "faces-auto"),
    ("tuning job", "faces-tune"),
    ("feature group", "faces-features"),
    ("MLflow server", "faces-mlflow"),
    ("HyperPod cluster", "faces-pod"),
    ("NAT gateway", "nat-theirs"),
    ("public address", "198.51.100.2 (eipalloc-theirs)"),
    ("interface endpoint", "vpce-theirs"),
    ("volume", "vol-theirs"),
    ("snapshot", "snap-theirs"),
    ("bucket", f"sagemaker-{REGION}-{ACCOUNT}"),
    ("table", "not-kempelen-dev-ledger"),
    ("log group", "/aws/sagemaker/TrainingJobs"),
    ("alarm", "kempelen-dev-of-somebody"),
    ("dashboard", "kempelen-faces-ABC"),
    ("key", "key-theirs"),
    ("user pool", "kempelen-dev-workers-of-others (us-east-1_theirs)"),
)


def tags_of(arn: str) -> dict[str, str]:
    """By the name at an ARN's end."""
    names = {name for _, name in LEFT_OVERS} | {OUR_DOMAIN, "ours"}
    return OURS if arn.rpartition("/")[2].rpartition(":")[2] in names else THEIRS


def pairs(tags: dict[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def arn_of(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


def both(kind: str) -> tuple[str, str]:
    """The names of ours and theirs of a kind."""
    return next(name for k, name in LEFT_OVERS if k == kind), next(name for k, name in FOREIGN if k == kind)
