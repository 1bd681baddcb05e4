"""A new account with a data set of a few images, and processing jobs that make what the engine would."""

from __future__ import annotations

import json
from typing import Any

from domain.labels.rows import LabelRow, write_labels
from tests.support.builders.runs import BUCKET, any_newest_labels
from tests.workflows.simulated.account import Account
from tests.workflows.simulated.faults import Faults

IMAGES = [f"{name}.jpg" for name in "abcde"]


def new_account(faults: Faults) -> Account:
    objects = {"recipes/faces.yaml": "name: faces\nsteps: [export: plain]\n"}
    return Account(faults, objects | {f"raw/faces/{image}": image for image in IMAGES}, work)


def label_before(account: Account) -> None:
    """One image has a label of an earlier run, so that a tick has something to do before people are asked."""
    row = LabelRow(source="a.jpg", source_ref="s3://x/a.jpg", status="labeled", label="open", labels=("open",))
    labels = any_newest_labels(run_id="run-0", labels_uri=f"s3://{BUCKET}/labels/faces/run-0/labels.jsonl")
    account.store.write("labels/faces/run-0/labels.jsonl", write_labels([row]))
    account.ledger.record_labels(labels)


def work(account: Account, request: dict[str, Any]) -> None:
    """Each instance leaves one image and its part; fingerprints are left by none."""
    prefix = request["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"].split("/", 3)[3]
    if prefix.startswith("assist/"):
        decide(account, prefix, request["AppSpecification"]["ContainerArguments"])
    if not prefix.startswith("datasets/"):
        return
    for number in range(request["ProcessingResources"]["ClusterConfig"]["InstanceCount"]):
        root = f"{prefix}parts/algo-{number + 1}/"
        account.store.write(f"{root}manifest.jsonl", json.dumps(row(f"{prefix}{number}")) + "\n")
        account.store.write(f"{root}quarantine.jsonl", "")
        account.store.write(f"{root}samples.jsonl", "")
        account.store.write(f"{root}part.json", json.dumps({"seed": 7, "recipe_sha256": "1" * 64, "libraries": {}}))


def decide(account: Account, prefix: str, words: list[str]) -> None:
    """Asks about three images, then about the others, then about none."""
    number = int(words[words.index("--round") + 1])
    asked = [IMAGES[:3], IMAGES[3:], []][min(number, 2)]
    told = {"asked": len(asked), "machine": 0, "unreadable": 0, "settings": {"target": 0.9, "minimum": 12}}
    folder = f"{prefix}rounds/{number}/"
    question = {"suggestion": None, "guess": None, "random": True, "audit": False}
    if asked:
        lines = (json.dumps({"source": source, **question}) + "\n" for source in asked)
        account.store.write_pieces(f"{folder}questions.jsonl", lines)
    account.store.write(f"{folder}state.json", json.dumps({"withdrawn": []}))
    account.store.write(f"{prefix}embeddings.npz", "vectors")
    account.store.write(f"{folder}summary.json", json.dumps(told))


def row(identity: str) -> dict[str, Any]:
    """One line of a version's manifest."""
    return {
        "source": "a.jpg",
        "path": f"data/train/open/{identity.replace('/', '-')}.jpg",
        "split": "train",
        "label": "open",
        "export": "plain",
        "variant": 0,
        "steps": [],
        "seed": 7,
        "sha256": "0" * 64,
        "identity": identity,
        "width": 8,
        "height": 8,
    }
