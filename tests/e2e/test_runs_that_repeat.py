"""What may happen more than once: starts with the same run id, ticks of a schedule, ticks that overlap."""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scripts.demo.data_set import upload
from scripts.demo.job import DemoError, answers_for
from scripts.draw_faces import draw_faces

DATASET = "lego-faces"  # the one that the schedule of config/dev.toml names
PATIENCE_SECONDS = 120
ODD = {
    "a//b.png": "the key has an empty segment",
    f"{'x' * 256}.png": "a part of the key between slashes is longer than 255 bytes, and no file can be",
    "taken.png": f"is also the folder of other objects, such as those below raw/{DATASET}/taken.png/",
    "taken.png/inside.txt": "is not of a kind that this task type takes (.jpg, .jpeg, .png)",
}


@pytest.fixture(scope="module")
def first(deployed, tmp_path_factory):
    """A pipeline run that labeled and published six faces as version 1, beside objects that no job can read."""
    job = deployed.upload(DATASET, tmp_path_factory.mktemp("six"), count=6, open_mouths=2)
    for name in ODD:
        deployed.clients.s3.put_object(Bucket=deployed.bucket, Key=f"raw/{DATASET}/{name}", Body=b"no image")
    with deployed.labeling(job):
        arn = deployed.executions.start(
            deployed.outputs["PipelineStateMachineArn"], "first", deployed.pipeline_input(DATASET, run_id="first")
        )
        return deployed.executions.wait(arn)


def versions(deployed):
    pages = deployed.clients.s3.get_paginator("list_objects_v2").paginate(
        Bucket=deployed.bucket, Prefix=f"datasets/{DATASET}/"
    )
    keys = [item["Key"] for page in pages for item in page.get("Contents", ())]
    return sorted(key.split("/")[2] for key in keys if key.endswith("/_SUCCESS"))


def manifest(deployed, version):
    return deployed.rows(f"s3://{deployed.bucket}/datasets/{DATASET}/{version}/manifest.jsonl")


@pytest.mark.long
def test_objects_that_no_job_can_read_reject_themselves_and_stop_nobody(deployed, first):
    rejected = deployed.rows(f"s3://{deployed.bucket}/labeling/{DATASET}/first/rejected.jsonl")
    assert {row["source"]: row["reason"] for row in rejected} == ODD
    root = f"s3://{deployed.bucket}/datasets/{DATASET}/{first['augment']['version']}"
    quarantine = {row["source"]: row["reason"] for row in deployed.rows(f"{root}/quarantine.jsonl")}
    assert quarantine.keys() == ODD.keys()
    assert [name for name in ODD if quarantine[name] != ODD[name]] == ["taken.png/inside.txt"], "which the job has read"


def test_a_second_start_of_the_same_run_neither_labels_nor_publishes_twice(deployed, first):
    arn = deployed.executions.start(
        deployed.outputs["PipelineStateMachineArn"], "second-start", deployed.pipeline_input(DATASET, run_id="first")
    )
    second = deployed.executions.wait(arn)
    assert second["augment"]["outcome"] == "already-published"
    assert second["augment"]["version"] == first["augment"]["version"]
    assert second["label"]["job_name"] == first["label"]["job_name"]
    assert len(deployed.clients.sagemaker.list_labeling_jobs(NameContains=DATASET)["LabelingJobSummaryList"]) == 1
    assert len(versions(deployed)) == 1


def tick(deployed, name, window=None):
    """Fire the deployed schedule once, soon: the same target, role, input and group, at another time."""
    group = deployed.outputs["ScheduleGroupName"]
    listed = deployed.clients.scheduler.list_schedules(GroupName=group, NamePrefix=DATASET)["Schedules"]
    assert [item["State"] for item in listed] == ["DISABLED"]
    deployed_schedule = deployed.clients.scheduler.get_schedule(GroupName=group, Name=listed[0]["Name"])
    assert deployed_schedule["ScheduleExpression"] == "rate(15 minutes)"
    target = deployed_schedule["Target"]
    if window:
        target = {**target, "Input": target["Input"].replace("<aws.scheduler.scheduled-time>", window)}
    soon = datetime.now(UTC) + timedelta(seconds=2)
    deployed.clients.scheduler.create_schedule(
        Name=name,
        GroupName=group,
        ScheduleExpression=f"at({soon:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target=target,
        ActionAfterCompletion="DELETE",
    )


def wait_for_augmentations(deployed, count):
    """Until `count` augment executions have ended; all of them well."""
    machine = deployed.outputs["AugmentStateMachineArn"]
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        ended = [item for item in deployed.executions.of(machine) if item["status"] != "RUNNING"]
        if len(ended) >= count:
            failed = [execution for execution in described(deployed) if execution["status"] != "SUCCEEDED"]
            assert not failed, [(execution["input"], execution["error"], execution["cause"]) for execution in failed]
            return
        time.sleep(0.5)
    raise AssertionError(f"{deployed.executions.of(machine)} after {PATIENCE_SECONDS} s")


def described(deployed):
    """Every augment execution, newest first."""
    states = deployed.clients.states
    listed = states.list_executions(stateMachineArn=deployed.outputs["AugmentStateMachineArn"])["executions"]
    return [states.describe_execution(executionArn=item["executionArn"]) for item in listed]


def outcomes(deployed):
    return [json.loads(execution["output"])["outcome"] for execution in described(deployed)]


def test_two_ticks_make_two_versions_that_compound(deployed, first):
    before = len(deployed.executions.of(deployed.outputs["AugmentStateMachineArn"]))
    for number in (1, 2):
        tick(deployed, f"tick-{number}")
        wait_for_augmentations(deployed, before + number)
    one, two, three = versions(deployed)
    assert one == first["augment"]["version"]
    rows = {version: manifest(deployed, version) for version in (one, two, three)}
    own = {version: [row for row in rows[version] if row["version"] == version] for version in rows}
    assert all(own.values())
    # Each version lists what its parent listed, and adds to it without copying.
    assert {row["identity"] for row in rows[one]} < {row["identity"] for row in rows[two]}
    assert {row["identity"] for row in rows[two]} < {row["identity"] for row in rows[three]}
    assert len({row["identity"] for row in rows[three]}) == len(rows[three])
    # What is drawn by chance is new, noise included; the plain crop is there already.
    assert {row["export"] for row in own[two]} == {"resize-noise", "varied"}
    # A source never changes its split.
    splits = {(row["source"], row["split"]) for row in rows[three]}
    assert len(splits) == len({source for source, _ in splits})


def test_overlapping_ticks_of_one_window_publish_once(deployed, first):
    known = len(versions(deployed))
    before = len(deployed.executions.of(deployed.outputs["AugmentStateMachineArn"]))
    for number in (1, 2):
        tick(deployed, f"overlap-{number}", window="2026-11-22T10:15:00Z")
    wait_for_augmentations(deployed, before + 2)
    assert len(versions(deployed)) == known + 1
    assert sorted(outcomes(deployed)[:2])[-1] in {"published", "skipped"}
    assert outcomes(deployed)[:2].count("published") == 1


def test_a_second_pipeline_asks_only_for_the_images_that_were_added(deployed, tmp_path):
    dataset = "grown"
    job = deployed.upload(dataset, tmp_path / "six", count=6, open_mouths=2)
    with deployed.labeling(job):
        first = deployed.executions.wait(pipeline(deployed, dataset, "one"))
    known = {row["source"] for row in deployed.rows(first["label"]["labels_uri"])}
    more = with_two_more(deployed, job, tmp_path)
    added = {file.name for file in more.files} - known
    assert added
    with deployed.labeling(more):
        second = deployed.executions.wait(pipeline(deployed, dataset, "two"))
    counts = second["label"]["counts"]
    assert (second["label"]["reused"], counts["labeled"]) == (len(known), len(known | added))
    described = deployed.clients.sagemaker.describe_labeling_job(LabelingJobName=second["label"]["job_name"])
    assert described["LabelCounters"]["TotalLabeled"] == len(added)
    assert second["augment"]["mode"] == "new-sources"
    rows = deployed.rows(f"{second['augment']['uri']}manifest.jsonl")
    new = {row["source"] for row in rows if row["version"] == second["augment"]["version"]}
    assert added <= new
    # Balance may ask for further variants of the others, and none is made a second time with another seed.
    assert len({(row["source"], row["export"], row["variant"]) for row in rows}) == len(rows)
    assert {row["source"] for row in rows} == known | added


def with_two_more(deployed, job, folder):
    """The six faces as they are, and two others beside them."""
    others = draw_faces(folder / "others", folder / "others.csv", count=8, open_mouths=2)[6:]
    for face in others:
        shutil.copy(face, job.images)
    answers = answers_for(folder / "others.csv", folder / "others")
    more = replace(job, answers={**{face.name: answers[face.name] for face in others}, **job.answers})
    upload(deployed.clients.s3, deployed.bucket, more)
    return more


def test_of_two_pipelines_of_one_data_set_the_second_waits_and_has_nothing_to_add(deployed, tmp_path):
    dataset = "both"
    job = deployed.upload(dataset, tmp_path, count=4, open_mouths=2)
    ended = []
    with deployed.labeling(job):
        for arn in [pipeline(deployed, dataset, name) for name in ("left", "right")]:
            try:
                ended.append(deployed.executions.wait(arn)["augment"]["version"][:5])
            except DemoError as error:
                ended.append(str(error))
    assert "v0001" in ended
    (failed,) = (one for one in ended if one != "v0001")
    assert "NothingMade nothing was made, so there is no new version: the earlier version has all else" in failed


def pipeline(deployed, dataset, run_id):
    payload = deployed.pipeline_input(dataset, run_id=run_id)
    return deployed.executions.start(deployed.outputs["PipelineStateMachineArn"], f"{dataset}-{run_id}", payload)
