from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from tests.localcloud.processing import Lab
from tests.localcloud.studio import refusal

# Writes what the container sees: its input files, arguments, environment and configuration.
WITNESS = """
import json, os, pathlib, sys
here = json.loads(pathlib.Path(sys.argv[1], "resourceconfig.json").read_text())
given = pathlib.Path(sys.argv[2])
files = {str(p.relative_to(given)): p.read_text() for p in sorted(given.rglob("*")) if p.is_file()}
seen = {"files": files, "resources": here, "arguments": sys.argv[1:], "environment": dict(os.environ), "path": sys.path}
pathlib.Path(sys.argv[3], here["current_host"] + ".json").write_text(json.dumps(seen))
print("seen by", here["current_host"], flush=True)
print("a complaint", file=sys.stderr)
"""
FOLDERS = ("/opt/ml/config", "/opt/ml/processing/images", "/opt/ml/processing/out")


@pytest.fixture(scope="module")
def lab(client, until) -> Lab:
    made = Lab(client, until)
    for name in "abcde":
        made.put(f"raw/{name}.jpg", f"image {name}")
    made.put("raw/", b"")  # a folder as the S3 console makes it
    return made


def witnessed(lab: Lab, **changes) -> tuple[dict, dict]:
    """The job, and what each host saw."""
    job = lab.run(WITNESS, *FOLDERS, **changes)
    assert job["ProcessingJobStatus"] == "Completed", (job, lab.log(job["ProcessingJobName"]))
    return job, {name.removesuffix(".json"): json.loads(text) for name, text in lab.results(job).items()}


def test_a_job_runs_its_script_on_its_input_and_uploads_its_output(lab) -> None:
    job, seen = witnessed(lab, inputs=[lab.source("images", "raw/")])
    assert seen["algo-1"]["files"] == {f"{name}.jpg": f"image {name}" for name in "abcde"}
    assert seen["algo-1"]["resources"] == {"current_host": "algo-1", "hosts": ["algo-1"]}
    assert job["CreationTime"] <= job["ProcessingStartTime"] <= job["ProcessingEndTime"]
    assert "FailureReason" not in job


def test_a_job_is_in_progress_while_it_works_and_describes_its_request(lab) -> None:
    request = lab.request("import time; time.sleep(0.5)")
    arn = lab.sagemaker.create_processing_job(**request)["ProcessingJobArn"]
    first = lab.describe(request["ProcessingJobName"])
    assert (first["ProcessingJobStatus"], first["ProcessingJobArn"]) == ("InProgress", arn)
    assert {key: first[key] for key in request} == request
    assert first["StoppingCondition"] == {"MaxRuntimeInSeconds": 86_400}
    assert lab.ended(request["ProcessingJobName"])["ProcessingJobStatus"] == "Completed"


def test_a_replicated_input_reaches_every_instance_whole(lab) -> None:
    _, seen = witnessed(lab, instances=2, inputs=[lab.source("images", "raw/")])
    assert seen["algo-1"]["files"] == seen["algo-2"]["files"]
    assert seen["algo-2"]["resources"] == {"current_host": "algo-2", "hosts": ["algo-1", "algo-2"]}


def test_a_sharded_input_is_dealt_out_in_key_order(lab) -> None:
    sharded = lab.source("images", "raw/", S3DataDistributionType="ShardedByS3Key")
    _, seen = witnessed(lab, instances=2, inputs=[sharded])
    assert list(seen["algo-1"]["files"]) == ["a.jpg", "c.jpg", "e.jpg"]
    assert list(seen["algo-2"]["files"]) == ["b.jpg", "d.jpg"]


def test_a_manifests_objects_arrive_under_their_whole_keys_and_no_others(lab) -> None:
    for name in ("a.txt", "b.txt", "c//odd.txt", "left-out.txt"):
        lab.put(f"listed/deep/{name}", name)
    lab.put("the.manifest", json.dumps([{"prefix": f"s3://{lab.bucket}/listed/"}, "deep/a.txt", "deep/b.txt"]))
    sharded = lab.source("images", "the.manifest", S3DataType="ManifestFile", S3DataDistributionType="ShardedByS3Key")
    _, seen = witnessed(lab, instances=2, inputs=[sharded])
    assert seen["algo-1"]["files"] == {"listed/deep/a.txt": "a.txt"}
    assert seen["algo-2"]["files"] == {"listed/deep/b.txt": "b.txt"}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("not JSON", "is no manifest"),
        ('["no prefix"]', "is no manifest"),
        ('[{"prefix": "s3://BUCKET/"}]', "names no bucket or no object"),
        ('[{"prefix": "s3://BUCKET/"}, "none.txt"]', "NoSuchKey"),
        ('[{"prefix": "s3://BUCKET/"}, "bad//a.txt"]', "cannot be a file"),
    ],
)
def test_a_manifest_that_cannot_be_used_fails_the_job_before_it_starts(lab, text: str, reason: str) -> None:
    lab.put("bad//a.txt")
    lab.put("bad.manifest", text.replace("BUCKET", lab.bucket))
    job = lab.run("pass", inputs=[lab.source("images", "bad.manifest", S3DataType="ManifestFile")])
    assert job["ProcessingJobStatus"] == "Failed"
    assert reason in job["FailureReason"]


def test_an_instance_without_input_succeeds_and_finds_an_empty_folder(lab) -> None:
    sharded = lab.source("images", "raw/a.jpg", S3DataDistributionType="ShardedByS3Key")
    _, seen = witnessed(lab, instances=2, inputs=[sharded])
    assert [list(seen[host]["files"]) for host in ("algo-1", "algo-2")] == [["a.jpg"], []]


def test_keys_with_quotes_spaces_and_other_alphabets_arrive_and_leave_unchanged(lab) -> None:
    names = ['it\'s "quoted".JPG', "à côté/Žluťoučký kůň.png", "100%+&=?#.jpg"]
    for name in names:
        lab.put(f"odd/{name}", name)
    copy = """
import pathlib, shutil, sys
shutil.copytree(sys.argv[1], sys.argv[2], dirs_exist_ok=True)
"""
    job = lab.run(copy, *FOLDERS[1:], inputs=[lab.source("images", "odd")])
    assert lab.results(job) == {name: name for name in names}


def test_the_container_sees_only_its_own_environment(lab, monkeypatch) -> None:
    _, seen = witnessed(
        lab,
        inputs=[lab.source("images", "raw/")],
        Environment={"PYTHONPATH": "/opt/ml/processing/code/engine.zip", "COLOR": "red"},
        NetworkConfig={"EnableNetworkIsolation": True},
    )
    environment = seen["algo-1"]["environment"]
    assert environment["COLOR"] == "red"
    assert environment["PYTHONPATH"].endswith("/algo-1/processing/code/engine.zip")
    assert [name for name in environment if name.startswith(("AWS", "KEMPELEN", "MINISTACK"))] == []


def test_the_projects_own_code_is_not_importable_in_the_container(lab) -> None:
    job = lab.run("import augmentation, localcloud", NetworkConfig={"EnableNetworkIsolation": True})
    assert job["ProcessingJobStatus"] == "Failed"
    assert "No module named 'augmentation'" in str(lab.log(job["ProcessingJobName"]))


def test_without_isolation_the_container_has_its_roles_credentials(lab) -> None:
    _, seen = witnessed(lab, inputs=[lab.source("images", "raw/")])
    environment = seen["algo-1"]["environment"]
    assert environment["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    assert environment["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")


def test_the_job_description_lies_in_the_config_folder(lab) -> None:
    script = """
import pathlib, shutil
shutil.copy("/opt/ml/config/processingjobconfig.json".replace("/opt/ml", __file__.split("/processing/code")[0]),
            pathlib.Path(__file__).parents[1] / "out" / "job.json")
"""
    job = lab.run(script, Environment={"COLOR": "red"})
    description = json.loads(lab.results(job)["job.json"])
    assert description["ProcessingJobName"] == job["ProcessingJobName"]
    assert description["Environment"] == {"COLOR": "red"}


def test_output_and_errors_of_each_instance_are_in_cloudwatch_logs(lab) -> None:
    job, _ = witnessed(lab, instances=2, inputs=[lab.source("images", "raw/")])
    streams = lab.log(job["ProcessingJobName"])
    hosts = {
        name.removeprefix(f"{job['ProcessingJobName']}/").rsplit("-", 1)[0]: lines for name, lines in streams.items()
    }
    assert hosts == {f"algo-{n}": [f"seen by algo-{n}", "a complaint"] for n in (1, 2)}
    assert all(name.rsplit("-", 1)[1].isdigit() for name in streams)


def test_a_running_job_can_be_watched_in_its_log(lab, until) -> None:
    name = lab.start("import time; print('under way', flush=True); time.sleep(30)")
    until(lambda: str(lab.log(name)), lambda text: "under way" in text)
    assert lab.describe(name)["ProcessingJobStatus"] == "InProgress"
    lab.sagemaker.stop_processing_job(ProcessingJobName=name)


def test_symbolic_links_are_not_uploaded(lab) -> None:
    script = """
import os, pathlib
out = pathlib.Path(__file__).parents[1] / "out"
(out / "file.txt").write_text("file")
os.symlink(out / "file.txt", out / "link.txt")
"""
    assert lab.results(lab.run(script)) == {"file.txt": "file"}


def test_the_exit_message_is_what_the_containers_left_cut_to_1_kb(lab) -> None:
    script = """
import json, pathlib
root = pathlib.Path(__file__).parents[2]
host = json.loads((root / "config" / "resourceconfig.json").read_text())["current_host"]
(root / "output" / "message").write_text(host + "é" * 300)
"""
    message = lab.run(script, instances=2)["ExitMessage"]
    assert message.startswith("algo-1é")
    assert "algo-2" in message
    assert len(message.encode()) in (1023, 1024)


def test_a_job_name_is_unique_whatever_its_case(lab) -> None:
    request = lab.request("pass")
    lab.sagemaker.create_processing_job(**request)
    shouted = {**request, "ProcessingJobName": request["ProcessingJobName"].upper()}
    assert refusal(lab.sagemaker.create_processing_job, **shouted)[0] == "ResourceInUse"
    lab.ended(request["ProcessingJobName"])
    assert refusal(lab.sagemaker.create_processing_job, **request)[0] == "ResourceInUse"


def test_every_change_of_status_is_an_event_on_the_default_bus(lab, client, unique, until) -> None:
    queue = client("sqs").create_queue(QueueName=unique("events"))["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    rule = unique("rule")
    pattern = {"source": ["aws.sagemaker"], "detail-type": ["SageMaker Processing Job State Change"]}
    client("events").put_rule(Name=rule, EventPattern=json.dumps(pattern))
    client("events").put_targets(Rule=rule, Targets=[{"Id": "queue", "Arn": arn}])
    request = lab.request("pass", Tags=[{"Key": "stage", "Value": "test"}])
    lab.sagemaker.create_processing_job(**request)

    seen: list[dict] = []

    def received() -> list[str]:
        messages = client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", [])
        seen.extend(json.loads(message["Body"]) for message in messages)
        mine = [event for event in seen if event["detail"]["ProcessingJobName"] == request["ProcessingJobName"]]
        return [event["detail"]["ProcessingJobStatus"] for event in mine]

    assert until(received, lambda statuses: "Completed" in statuses) == ["InProgress", "Completed"]
    last = seen[-1]
    assert last["resources"] == [last["detail"]["ProcessingJobArn"]]
    assert last["detail"]["Tags"] == {"stage": "test"}
    assert last["detail"]["ProcessingEndTime"] > 1_700_000_000_000
    client("events").remove_targets(Rule=rule, Ids=["queue"])
    client("events").delete_rule(Name=rule)


def test_jobs_are_listed_by_status_name_and_time_in_pages_of_one(lab, unique) -> None:
    stem = unique("listed")
    names = [f"{stem}-{letter}" for letter in "cab"]
    for name in names:
        lab.sagemaker.create_processing_job(**{**lab.request("pass"), "ProcessingJobName": name})
    ended = [lab.ended(name) for name in names]

    def listed(**request) -> list[str]:
        pages = lab.sagemaker.get_paginator("list_processing_jobs").paginate(
            NameContains=stem, PaginationConfig={"PageSize": 1}, **request
        )
        return [job["ProcessingJobName"] for page in pages for job in page["ProcessingJobSummaries"]]

    assert listed(SortBy="CreationTime") == names
    assert listed(SortBy="Name", SortOrder="Descending") == sorted(names, reverse=True)
    assert listed(StatusEquals="Failed") == []
    assert sorted(listed(StatusEquals="Completed")) == sorted(names)
    # A client sends whole seconds.
    assert listed(CreationTimeBefore=ended[0]["CreationTime"] - timedelta(seconds=1)) == []
    assert listed(CreationTimeAfter=ended[0]["CreationTime"] - timedelta(seconds=1), SortBy="CreationTime") == names
    assert listed(LastModifiedTimeAfter=ended[2]["LastModifiedTime"] + timedelta(seconds=1)) == []


def test_an_ended_job_is_no_left_over_and_its_folder_is_gone(lab, cloud) -> None:
    job, seen = witnessed(lab, inputs=[lab.source("images", "raw/")])
    assert job["ProcessingJobName"] not in str([one for one in cloud.inventory() if one["service"] == "sagemaker"])
    folder = seen["algo-1"]["arguments"][0]
    lab.until(Path(folder).exists, lambda exists: not exists)
