from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from tests.localcloud.processing import Lab
from tests.localcloud.studio import refusal

HALF_DONE = """
import json, pathlib, sys, time
root = pathlib.Path(__file__).parents[2]
(root / "processing" / "out" / "part.txt").write_text("part")
host = json.loads((root / "config" / "resourceconfig.json").read_text())["current_host"]
"""


@pytest.fixture(scope="module")
def lab(client, until) -> Lab:
    return Lab(client, until)


@pytest.fixture(autouse=True)
def no_planned_outcomes(cloud) -> None:
    cloud.plan_outcomes([])


def test_a_failed_script_fails_the_job_with_its_exit_code_and_uploads_nothing(lab) -> None:
    job = lab.run(HALF_DONE + "sys.exit(3)")
    assert (job["ProcessingJobStatus"], job["FailureReason"]) == ("Failed", "AlgorithmError: , exit code: 3")
    assert lab.results(job) == {}


def test_the_message_of_the_script_is_the_exit_message_and_not_the_reason(lab) -> None:
    script = HALF_DONE + "(root / 'output' / 'message').write_text('no labels.jsonl in the input'); sys.exit(1)"
    job = lab.run(script)
    assert job["ExitMessage"] == "no labels.jsonl in the input"
    assert job["FailureReason"] == "AlgorithmError: See job logs for more information"


def test_one_failed_instance_fails_the_job_and_ends_the_others(lab) -> None:
    begin = time.monotonic()
    job = lab.run(HALF_DONE + "sys.exit(1) if host == 'algo-2' else time.sleep(60)", instances=2)
    assert job["ProcessingJobStatus"] == "Failed"
    assert lab.results(job) == {}
    assert time.monotonic() - begin < 20


def test_a_killed_script_reports_the_signal_as_a_container_does(lab) -> None:
    job = lab.run("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert job["FailureReason"].endswith("exit code: 137")


def test_a_continuous_output_keeps_what_a_failed_job_wrote(lab, unique) -> None:
    prefix = unique("continuous")
    lab.run(HALF_DONE + "sys.exit(1)", outputs=[lab.target("out", prefix, "Continuous")])
    assert lab.keys(prefix) == [f"{prefix}/part.txt"]


def test_a_message_that_is_not_utf_8_fails_the_job(lab) -> None:
    job = lab.run(HALF_DONE + "(root / 'output' / 'message').write_bytes(bytes([255, 254]))")
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("ClientError: ")


def test_an_input_without_objects_fails_the_job_before_it_starts(lab) -> None:
    job = lab.run("pass", inputs=[lab.source("images", "nothing/here/")])
    assert job["FailureReason"].startswith("ClientError: Data download failed: No S3 objects found under S3 URL")
    assert "ProcessingStartTime" not in job


def test_a_bucket_that_does_not_exist_fails_the_job(lab) -> None:
    job = lab.run("pass", inputs=[lab.source("images", "", S3Uri="s3://no-such-bucket-at-all/x")])
    assert "NoSuchBucket" in job["FailureReason"]


def test_an_entry_point_that_does_not_exist_fails_the_job(lab) -> None:
    request = lab.request("pass")
    request["AppSpecification"]["ContainerEntrypoint"] = ["/opt/ml/processing/code/no-such-program"]
    lab.sagemaker.create_processing_job(**request)
    assert lab.ended(request["ProcessingJobName"])["FailureReason"].startswith("ClientError: ")


def test_a_key_that_would_leave_the_input_folder_fails_the_job(lab) -> None:
    lab.put("hostile/../../../escape.txt")
    job = lab.run("pass", inputs=[lab.source("images", "hostile/")])
    assert "cannot be a file" in job["FailureReason"]


def runs(pid: int) -> bool:
    """Neither gone nor a zombie that waits for its parent."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("ignores_sigterm", [False, True])
def test_a_stopped_job_ends_all_its_processes_and_uploads_nothing(lab, until, ignores_sigterm) -> None:
    script = (
        HALF_DONE
        + f"""
import os, signal, subprocess
if {ignores_sigterm}: signal.signal(signal.SIGTERM, signal.SIG_IGN)
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print("pids", os.getpid(), child.pid, flush=True)
time.sleep(60)
"""
    )
    name = lab.start(script)
    until(lambda: lab.describe(name), lambda job: "ProcessingStartTime" in job)
    line = until(lambda: str(lab.log(name)), lambda text: "pids" in text).split("pids ")[1]
    pids = [int(word.strip("'\"]}")) for word in line.split()[:2]]
    lab.sagemaker.stop_processing_job(ProcessingJobName=name)
    assert lab.describe(name)["ProcessingJobStatus"] in ("Stopping", "Stopped")
    job = lab.ended(name)
    assert job["ProcessingJobStatus"] == "Stopped"
    assert "FailureReason" not in job
    assert lab.results(job) == {}
    assert [pid for pid in pids if runs(pid)] == []


def test_a_job_over_its_time_is_stopped(lab) -> None:
    job = lab.run("import time; time.sleep(60)", StoppingCondition={"MaxRuntimeInSeconds": 1})
    assert job["ProcessingJobStatus"] == "Stopped"


def test_an_ended_job_cannot_be_stopped(lab) -> None:
    job = lab.run("pass")
    code, message = refusal(lab.sagemaker.stop_processing_job, ProcessingJobName=job["ProcessingJobName"])
    assert (code, "Completed" in message) == ("ValidationException", True)


def test_a_job_without_capacity_fails_with_that_reason(lab, cloud) -> None:
    cloud.plan_outcomes([{"operation": "CreateProcessingJob", "reason": "capacity"}])
    job = lab.run("pass")
    assert job["ProcessingJobStatus"] == "Failed"
    assert job["FailureReason"].startswith("CapacityError: ")
    assert lab.run("pass")["ProcessingJobStatus"] == "Completed"


def test_a_job_that_waits_for_capacity_can_be_stopped(lab, cloud) -> None:
    cloud.plan_outcomes([{"operation": "CreateProcessingJob", "delay": 600}])
    name = lab.start("pass")
    lab.sagemaker.stop_processing_job(ProcessingJobName=name)
    assert lab.ended(name)["ProcessingJobStatus"] == "Stopped"


def test_a_resource_limit_is_an_api_error_and_leaves_no_job(lab, cloud) -> None:
    request = lab.request("pass")
    cloud.inject_faults([{"operation": "CreateProcessingJob", "kind": "limit"}])
    assert refusal(lab.sagemaker.create_processing_job, **request)[0] == "ResourceLimitExceeded"
    missing = refusal(lab.sagemaker.describe_processing_job, ProcessingJobName=request["ProcessingJobName"])
    assert missing[0] == "ValidationException"
    assert "Could not find requested job" in missing[1]


def test_a_lost_response_leaves_a_job_that_a_second_try_meets(lab, cloud) -> None:
    request = lab.request("pass")
    cloud.inject_faults([{"operation": "CreateProcessingJob", "kind": "lost"}])
    refusal(lab.sagemaker.create_processing_job, **request)
    assert refusal(lab.sagemaker.create_processing_job, **request)[0] == "ResourceInUse"
    assert lab.ended(request["ProcessingJobName"])["ProcessingJobStatus"] == "Completed"


def test_a_role_that_sagemaker_cannot_assume_is_refused(lab, client, unique) -> None:
    someone_else = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [someone_else]})
    other = client("iam").create_role(RoleName=unique("role"), AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    for role in (other, "arn:aws:iam::000000000000:role/no-such-role"):
        code, message = refusal(lab.sagemaker.create_processing_job, **lab.request("pass", RoleArn=role))
        assert (code, message.startswith(f"Could not assume role {role}")) == ("ValidationException", True)


@pytest.mark.parametrize("path", ["/opt/ml/elsewhere", "/tmp/x", "/opt/ml/processing/../../x"])
def test_local_paths_outside_of_processing_are_refused(lab, path) -> None:
    request = lab.request("pass", inputs=[lab.source("images", "code/", LocalPath=path)])
    code, message = refusal(lab.sagemaker.create_processing_job, **request)
    assert (code, "LocalPath of images" in message) == ("ValidationException", True)


def test_two_inputs_cannot_share_a_folder(lab) -> None:
    request = lab.request("pass", inputs=[lab.source("code", "code/")])
    assert "given twice" in refusal(lab.sagemaker.create_processing_job, **request)[1]


def test_what_is_not_emulated_is_refused_by_name(lab) -> None:
    gzip = lab.request("pass", inputs=[lab.source("images", "code/", S3CompressionType="Gzip")])
    assert "Gzip" in refusal(lab.sagemaker.create_processing_job, **gzip)[1]
    bare = lab.request("pass")
    del bare["AppSpecification"]["ContainerEntrypoint"]
    assert "ContainerEntrypoint" in refusal(lab.sagemaker.create_processing_job, **bare)[1]


def test_a_running_job_cannot_be_deleted_and_an_ended_one_is_gone_with_its_tags(lab) -> None:
    request = lab.request("import time; time.sleep(60)", Tags=[{"Key": "stage", "Value": "test"}])
    arn = lab.sagemaker.create_processing_job(**request)["ProcessingJobArn"]
    name = {"ProcessingJobName": request["ProcessingJobName"]}
    assert refusal(lab.sagemaker.delete_processing_job, **name)[0] == "ResourceInUse"
    assert lab.sagemaker.list_tags(ResourceArn=arn)["Tags"] == [{"Key": "stage", "Value": "test"}]
    lab.sagemaker.stop_processing_job(**name)
    lab.ended(request["ProcessingJobName"])
    lab.sagemaker.delete_processing_job(**name)
    assert refusal(lab.sagemaker.describe_processing_job, **name)[0] == "ValidationException"
    assert refusal(lab.sagemaker.list_tags, ResourceArn=arn)[0] == "ResourceNotFound"
