"""The product's own app, for the real CDK CLI: `-c auth=SSO` is a change that would replace the domain,
`-c owner=<anything>` one that changes tags; `-c workforce=<JSON>` are other settings of that section. People label in
Ground Truth, or in `-c backend=<name>`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import aws_cdk as cdk

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

from app import build
from stacks.assets import ROOT, Assets
from stacks.settings import Settings
from stacks.settings.loading import load_settings

PROFILES = {"IAM": {"name": "jane"}, "SSO": {"name": "jane", "sso_user": "jane@example.com"}}


def main() -> None:
    app = cdk.App(context=json.loads((ROOT / "cdk.json").read_text())["context"])
    auth = app.node.try_get_context("auth") or "IAM"
    values = load_settings(
        "dev", labeling={"backend": app.node.try_get_context("backend") or "ground_truth"}
    ).model_dump()
    values["studio"] |= {"auth": auth, "user_profiles": [PROFILES[auth]]}
    values["workforce"] |= json.loads(app.node.try_get_context("workforce") or "{}")
    build(app, Settings.model_validate(values), Assets(root=ROOT, build=Path(app.node.try_get_context("assets"))))
    cdk.Tags.of(app).add("owner", app.node.try_get_context("owner") or "before")
    app.synth()


main()
