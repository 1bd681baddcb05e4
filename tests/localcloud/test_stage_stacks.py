"""The stage's own stacks under the real CDK CLI: refused changes, failed creations, destruction."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

import pytest
from PIL import Image

from localcloud.client.process import PROJECT
from tests.localcloud.labeling import wait_until
from tests.localcloud.stage import NETWORK, STORAGE, STUDIO, Stage, running

STAGE = {"Key": "kempelen:stage", "Value": "dev"}
JOBS = "LabelingJobSummaryList"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with running(tmp_path_factory.mktemp("storage-app")) as made:
        done = made.deploy(STORAGE)
        assert done.returncode == 0, done.stdout + done.stderr
        yield made


def test_a_change_that_would_replace_the_domain_is_refused_before_anything_changes(stage: Stage) -> None:
    refused = stage.deploy(STORAGE, auth="SSO", owner="after")
    said = refused.stdout + refused.stderr
    assert refused.returncode != 0
    assert "cannot change studio.auth from 'IAM' to 'SSO' while it stands" in said
    assert stage.status(STORAGE) == "UPDATE_ROLLBACK_COMPLETE"
    assert "AWS::S3::Bucket" not in stage.changed()
    assert stage.owners() == {"before"}


def test_after_the_refusal_the_stage_takes_other_changes(stage: Stage) -> None:
    done = stage.deploy(STORAGE, owner="after")
    assert done.returncode == 0, done.stdout + done.stderr
    assert stage.status(STORAGE) == "UPDATE_COMPLETE"
    assert "AWS::S3::Bucket" in stage.changed()
    assert stage.owners() == {"after"}


@pytest.mark.long
def test_a_profile_that_cannot_be_made_takes_the_domain_back_and_leaves_no_file_system(stage: Stage) -> None:
    assert stage.deploy_more(NETWORK).returncode == 0
    before = stage.cloud.inventory()
    stage.cloud.plan_outcomes([{"operation": "CreateUserProfile", "reason": "jane is not in Identity Center"}])
    failed = stage.deploy_more(STUDIO)
    assert failed.returncode != 0
    assert "jane is not in Identity Center" in failed.stdout + failed.stderr
    assert stage.status(STUDIO) == "ROLLBACK_COMPLETE"
    left = [one for one in stage.cloud.inventory() if one not in before and one["id"] != STUDIO]
    assert [one for one in left if one["service"] in ("efs", "ec2", "sagemaker")] == []
    assert stage.cdk("destroy", STUDIO, NETWORK, "--force", "--app", "cdk.out").returncode == 0


def test_a_strange_domain_in_the_network_is_named_and_all_else_goes(stage: Stage) -> None:
    assert stage.deploy_more(NETWORK).returncode == 0
    ec2, sagemaker = stage.client("ec2"), stage.client("sagemaker")
    subnet = next(one for one in ec2.describe_subnets()["Subnets"] if any(tag == STAGE for tag in one["Tags"]))
    twin = sagemaker.create_domain(
        DomainName="their-own",
        AuthMode="IAM",
        VpcId=subnet["VpcId"],
        SubnetIds=[subnet["SubnetId"]],
        DefaultUserSettings={"ExecutionRole": "arn:aws:iam::000000000000:role/theirs"},
    )["DomainArn"].rpartition("/")[2]
    wait_until(lambda: sagemaker.describe_domain(DomainId=twin)["Status"] == "InService")

    refused = stage.cdk("destroy", "--all", "--force", "--app", "cdk.out")
    assert refused.returncode != 0
    assert f"SageMaker domain 'their-own' ({twin}, InService)" in (refused.stdout + refused.stderr)
    assert stage.status(NETWORK) == "DELETE_FAILED"
    assert subnet["SubnetId"] in {one["SubnetId"] for one in ec2.describe_subnets()["Subnets"]}
    assert stage.stacks() == {"CDKToolkit", NETWORK}

    remove_domain(stage, twin)
    # Here what a resource depends on is deleted although the resource itself was not; AWS leaves it, for the next try.
    stage.client("cloudformation").delete_stack(StackName=NETWORK, RetainResources=["TenantsA9C48FD3"])
    wait_until(lambda: stage.stacks() == {"CDKToolkit"})


def remove_domain(stage: Stage, domain: str) -> None:
    """With the two security groups that SageMaker leaves, each with rules that name the other."""
    ec2, sagemaker = stage.client("ec2"), stage.client("sagemaker")
    sagemaker.delete_domain(DomainId=domain, RetentionPolicy={"HomeEfsFileSystem": "Delete"})
    wait_until(lambda: domain not in {one["DomainId"] for one in sagemaker.list_domains()["Domains"]})
    groups = [one for one in ec2.describe_security_groups()["SecurityGroups"] if one["GroupName"].endswith(domain)]
    for group in groups:
        for direction, rules in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
            revoke = getattr(ec2, f"revoke_security_group_{direction}")
            revoke(GroupId=group["GroupId"], IpPermissions=group[rules])
    for group in groups:
        ec2.delete_security_group(GroupId=group["GroupId"])


# Last: it deploys the whole stage, and takes it down.
def test_destroy_stops_what_runs_without_a_teardown_before_it(stage: Stage) -> None:
    done = stage.deploy_more("--all")
    assert done.returncode == 0, done.stdout + done.stderr
    sagemaker, states = stage.client("sagemaker"), stage.client("stepfunctions")
    runs = start_labeling(stage)
    name = start_processing(stage)

    destroyed = stage.cdk("destroy", "--all", "--force", "--app", "cdk.out")
    assert destroyed.returncode == 0, destroyed.stdout + destroyed.stderr
    ended = [states.describe_execution(executionArn=run) for run in runs]
    # The local cloud deletes a machine under its executions, and the studio's teardown would stop them afterwards; that
    # they are stopped before it, as AWS needs it, tests/infra/test_workflow_stack.py holds by the template's order.
    # A child may be stopped by its parent's end before teardown comes to it; then nobody says why.
    assert {run["status"] for run in ended} == {"ABORTED"}
    assert "TornDown" in {run.get("error") for run in ended} <= {"TornDown", None}
    assert sagemaker.describe_processing_job(ProcessingJobName=name)["ProcessingJobStatus"] == "Stopped"
    (labeling,) = sagemaker.list_labeling_jobs()["LabelingJobSummaryList"]
    assert labeling["LabelingJobStatus"] == "Stopped"
    assert [one for one in stage.cloud.inventory() if one not in stage.toolkit] == []


def start_labeling(stage: Stage) -> list[str]:
    """A pipeline that waits for its workers: its execution and that of the label machine."""
    outputs = stage.outputs()
    s3, states = stage.client("s3"), stage.client("stepfunctions")
    for number in range(2):
        s3.put_object(Bucket=outputs["DataBucketName"], Key=f"raw/faces/{number}.png", Body=png(number))
    s3.upload_file(str(PROJECT / "recipes/lego-faces.yaml"), outputs["DataBucketName"], "recipes/lego-faces.yaml")
    task = {"type": "image-single-label", "title": "Faces", "question": "Is it one?", "labels": ["yes", "no"]}
    given = {"dataset": "faces", "run_id": "one", "task": task, "recipe": "recipes/lego-faces.yaml"}
    pipeline = outputs["PipelineStateMachineArn"]
    run = states.start_execution(stateMachineArn=pipeline, name="one", input=json.dumps(given))["executionArn"]
    wait_until(lambda: bool(stage.client("sagemaker").list_labeling_jobs(StatusEquals="InProgress")[JOBS]))
    label = states.list_executions(stateMachineArn=outputs["LabelStateMachineArn"])["executions"]
    return [run, *(execution["executionArn"] for execution in label)]


def start_processing(stage: Stage) -> str:
    name = "kempelen-dev-left-running"
    stage.client("sagemaker").create_processing_job(
        ProcessingJobName=name,
        RoleArn=stage.outputs()["ExecutionRoleArn"],
        AppSpecification={"ImageUri": "any", "ContainerEntrypoint": ["python3", "-c", "import time; time.sleep(600)"]},
        ProcessingResources={"ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1}},
        Tags=[{"Key": "kempelen:stage", "Value": "dev"}],
    )
    return name


def png(number: int) -> bytes:
    buffer = io.BytesIO()
    Image.effect_noise((64, 64), 10 * number + 10).save(buffer, "PNG")
    return buffer.getvalue()
