"""The augmentation engine as AWS will run it: from zip files in S3, on one instance or several, without the project."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from domain.workflow.job_files import input_manifest
from tests.localcloud.processing import Lab

PROJECT = Path(__file__).resolve().parents[2]
RECIPE = """
name: two-colors
splits: {train: 1.0, val: 0.0, test: 0.0}
evaluation_export: small
steps:
  - {op: resize_crop, width: 16, height: 16}
  - export: small
  - branch: varied
    variants: 2
    steps:
      - {op: flip, axis: horizontal, probability: 0.5}
      - export: varied
"""
INPUT = "/opt/ml/processing/input"
COMMAND = ["python3", "-m", "augmentation.container"]
ARGUMENTS = [
    *("--wheelhouse", f"{INPUT}/wheelhouse", "--", "run"),
    *("--recipe", f"{INPUT}/config/recipe.yaml", "--input", f"{INPUT}/images/raw"),
    *(
        "--labels",
        f"{INPUT}/config/labels.jsonl",
        "--output",
        "/opt/ml/processing/output",
        "--seed",
        "7",
        "--host-config",
        "/opt/ml/config/resourceconfig.json",
    ),
]


def zipped(files: dict[str, str]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


def png(color: tuple[int, int, int]) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", (24, 20), color).save(content, "png")
    return content.getvalue()


@pytest.fixture(scope="module")
def lab(client, until) -> Lab:
    """Code, wheelhouse, recipe, labels and five images, where the workflow puts them."""
    made = Lab(client, until)
    sources = [path for folder in ("augmentation", "domain", "learning") for path in (PROJECT / folder).rglob("*.py")]
    made.put("engine/code.zip", zipped({path.relative_to(PROJECT).as_posix(): path.read_text() for path in sources}))
    made.put("wheels/none.zip", zipped({"README": "the environment brings the packages"}))
    made.put("config/recipe.yaml", RECIPE)
    made.put("raw/it's 0.png/unreadable//b.png", b"no job can have it as a file")
    rows = []
    for number in range(5):
        name, label = f"it's {number}.png", "red" if number % 2 else "blue"
        made.put(f"raw/{name}", png((200, number, 0) if number % 2 else (0, number, 200)))
        rows.append(
            {"source": name, "source_ref": f"s3://{made.bucket}/raw/{name}", "status": "labeled", "label": label}
        )
    row_rest: dict[str, Any] = {"confidence": 0.9, "votes": [], "method": "human", "reason": None}
    lines = [json.dumps({**row, "labels": [row["label"]], **row_rest}) for row in rows]
    made.put("config/labels.jsonl", "\n".join(lines) + "\n")
    made.put("input.manifest", "".join(input_manifest((f"raw/{row['source']}" for row in rows), made.bucket)))
    return made


def augment(lab: Lab, version: str, instances: int = 1, wheelhouse: str = "wheels/none.zip") -> dict[str, Any]:
    def source(name: str, prefix: str, **changes: str) -> dict[str, Any]:
        return {**lab.source(f"input/{name}", prefix, **changes), "InputName": name}

    request = lab.request("", instances=instances, outputs=[lab.target("output", f"datasets/{version}/")])
    request["ProcessingInputs"] = [
        source("images", "input.manifest", S3DataType="ManifestFile", S3DataDistributionType="ShardedByS3Key"),
        source("config", "config/"),
        source("code", "engine/code.zip"),
        source("wheelhouse", wheelhouse),
    ]
    request["AppSpecification"] |= {"ContainerEntrypoint": COMMAND, "ContainerArguments": ARGUMENTS}
    request["Environment"] = {"PYTHONPATH": f"{INPUT}/code/code.zip", "PYTHONDONTWRITEBYTECODE": "1"}
    request["NetworkConfig"] = {"EnableNetworkIsolation": True}
    lab.sagemaker.create_processing_job(**request)
    return lab.ended(request["ProcessingJobName"])


def data(lab: Lab, version: str) -> dict[str, bytes]:
    bucket = lab.client("s3")
    prefix = f"datasets/{version}/data/"
    return {
        key.removeprefix(prefix): bucket.get_object(Bucket=lab.bucket, Key=key)["Body"].read()
        for key in lab.keys(prefix)
    }


def test_one_instance_and_three_make_the_same_bytes(lab) -> None:
    for version, instances in (("one", 1), ("three", 3)):
        job = augment(lab, version, instances)
        assert job["ProcessingJobStatus"] == "Completed", (job, lab.log(job["ProcessingJobName"]))
    one = data(lab, "one")
    assert len(one) == 5 * 3
    assert one == data(lab, "three")
    parts = {key.split("/")[3] for key in lab.keys("datasets/three/parts/")}
    assert parts == {"algo-1", "algo-2", "algo-3"}


def test_instances_without_an_image_succeed(lab) -> None:
    assert augment(lab, "six", 6)["ProcessingJobStatus"] == "Completed"
    assert data(lab, "six") == data(lab, "one")


def test_a_wheelhouse_that_cannot_be_used_is_the_jobs_exit_message(lab) -> None:
    lab.put("wheels/broken/requirements.txt", "numpy")
    job = augment(lab, "none", wheelhouse="wheels/broken/requirements.txt")
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["ExitMessage"].startswith("--wheelhouse ")
    assert "exactly one .zip" in job["ExitMessage"]
    assert lab.keys("datasets/none/") == []
