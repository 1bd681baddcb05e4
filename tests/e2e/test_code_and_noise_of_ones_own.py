"""Runs that bring code or background clips of their own: the real Processing job runs both, and repeats itself."""

from __future__ import annotations

import hashlib
import io
import json

import pytest
from PIL import Image

from domain.labels.rows import LabelRow, write_labels
from scripts.demo.data_set import read_text
from scripts.demo.job import DemoError
from stacks.naming import Names
from tests.support.builders.sounds import sound_bytes, speech, tone

pytestmark = pytest.mark.long


FUNCTION = Names("dev").function("validate_input")
STEPS = """
import os

def tint(image, rng, red=0):
    if image[0, 0, 0] == 30:
        raise ValueError("no thirty")
    if image[0, 0, 0] == 40:
        os._exit(3)
    image[..., 0] = red
    image[..., 1] = rng.integers(0, 256)
    return image
"""
CUSTOM = """
name: tinted
splits: {train: 1, val: 0, test: 0}
output: {format: png}
steps:
  - branch: tinted
    variants: 2
    steps:
      - {custom: "my_steps:tint", parameters: {red: 200}}
      - export: tinted
"""
NOISY = """
name: noisy
splits: {train: 1, val: 0, test: 0}
steps:
  - branch: noisy
    variants: 2
    steps:
      - {op: background_noise, folder: street, snr_db: [5, 20]}
      - export: noisy
"""


@pytest.fixture(scope="module")
def allowing(deployed):
    """The stage as it is with processing.custom_code = true, after one refusal without it."""
    put(deployed, "code/my_steps.py", STEPS.encode())
    put(deployed, "recipes/tinted.yaml", CUSTOM.encode())
    with pytest.raises(DemoError, match=r"InvalidInput code: .* set custom_code = true under \[processing\]"):
        augment(deployed, "refused", recipe="recipes/tinted.yaml", code="code/my_steps.py")
    set_custom_code(deployed, "true")
    yield deployed
    set_custom_code(deployed, "false")


def set_custom_code(deployed, value):
    functions = deployed.clients.functions
    variables = functions.get_function_configuration(FunctionName=FUNCTION)["Environment"]["Variables"]
    functions.update_function_configuration(
        FunctionName=FUNCTION, Environment={"Variables": {**variables, "CUSTOM_CODE": value}}
    )


def put(deployed, key, data):
    deployed.clients.s3.put_object(Bucket=deployed.bucket, Key=key, Body=data)


def labeled(deployed, dataset, files):
    """The files of a data set, and labels for them as `label` would have left them."""
    rows = []
    for name, data in files.items():
        put(deployed, f"raw/{dataset}/{name}", data)
        uri = f"s3://{deployed.bucket}/raw/{dataset}/{name}"
        rows.append(LabelRow(source=name, source_ref=uri, status="labeled", label="any", labels=("any",)))
    put(deployed, f"labels/{dataset}/given/labels.jsonl", write_labels(rows).encode())


def augment(deployed, dataset, **fields):
    given = {"dataset": dataset, "run_id": "own", "seed": 7, **fields}
    given["labels_uri"] = f"s3://{deployed.bucket}/labels/{dataset}/given/labels.jsonl"
    machine = deployed.outputs["AugmentStateMachineArn"]
    return deployed.executions.wait(deployed.executions.start(machine, f"own-{dataset}", given))


def png(red):
    content = io.BytesIO()
    Image.new("RGB", (24, 20), (red, 0, 0)).save(content, "png")
    return content.getvalue()


def dataset_json(deployed, published):
    return json.loads(read_text(deployed.clients.s3, f"{published['uri']}dataset.json"))


def digests(deployed, published):
    """Name and content of each file of the version's data."""
    prefix = published["uri"].removeprefix(f"s3://{deployed.bucket}/")
    listed = deployed.clients.s3.list_objects_v2(Bucket=deployed.bucket, Prefix=f"{prefix}data/")["Contents"]
    bodies = ((item["Key"], deployed.clients.s3.get_object(Bucket=deployed.bucket, Key=item["Key"])) for item in listed)
    return {key.removeprefix(prefix): hashlib.sha256(got["Body"].read()).hexdigest() for key, got in bodies}


def test_custom_steps_run_in_the_job_and_what_breaks_costs_one_file(allowing):
    published = []
    for dataset in ("tinted-one", "tinted-two"):
        labeled(allowing, dataset, {f"{red}.png": png(red) for red in (10, 20, 30, 40, 50)})
        published.append(augment(allowing, dataset, recipe="recipes/tinted.yaml", code="code/my_steps.py"))
    one, two = (digests(allowing, each) for each in published)
    assert one == two
    assert len(one) == 2 * 3
    reasons = {row["source"]: row["reason"] for row in allowing.rows(f"{published[0]['uri']}quarantine.jsonl")}
    assert reasons.keys() == {"30.png", "40.png"}
    assert "ValueError: no thirty" in reasons["30.png"]
    assert "a custom step ended it" in reasons["40.png"]
    assert dataset_json(allowing, published[0])["code_sha256"] == hashlib.sha256(STEPS.encode()).hexdigest()


def test_background_clips_are_mixed_in_by_the_job(deployed):
    put(deployed, "recipes/noisy.yaml", NOISY.encode())
    for number in (1, 2):
        put(deployed, f"backgrounds/city/street/{number}.wav", sound_bytes(tone(200.0 * number, seconds=2.0)))
    published = []
    for dataset in ("noisy-one", "noisy-two"):
        labeled(deployed, dataset, {f"{seed}.wav": sound_bytes(speech(seed=seed)) for seed in (1, 2, 3)})
        published.append(augment(deployed, dataset, recipe="recipes/noisy.yaml", backgrounds="backgrounds/city"))
    one, two = (digests(deployed, each) for each in published)
    assert one == two
    assert len(one) == len(set(one.values())) == 2 * 3
    digest = dataset_json(deployed, published[0])["backgrounds_sha256"]
    assert digest == dataset_json(deployed, published[1])["backgrounds_sha256"]
    listing = deployed.rows(f"s3://{deployed.bucket}/augmenting/noisy-one/own/backgrounds/{digest[:16]}.jsonl")
    assert [row["clip"] for row in listing] == ["street/1.wav", "street/2.wav"]
    steps = deployed.rows(f"{published[0]['uri']}manifest.jsonl")[0]["steps"]
    assert steps[0]["op"] == "background_noise"
