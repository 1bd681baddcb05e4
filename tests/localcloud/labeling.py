"""A workforce with workers, a bucket of images, and labeling jobs over them, for the tests of Ground Truth."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from labelers.ground_truth.built_in_functions import BUILT_IN
from localcloud.client.scripted_workers import set_passwords

PASSWORD = "Right-Horse-7-Battery"
TEMPORARY_PASSWORD = "Temp-Horse-7-Battery"
GROUP = "workers"
WORKERS = ("ada@example.com", "bo@example.com", "cy@example.com")
LABELS = ("mouth open", "mouth not open")
ROLE = "ground_truth"
TEMPLATE = Path(__file__).parents[2] / "domain/task_types/image_single_label/template.liquid.html"
TASK = BUILT_IN["image-single-label"]


@dataclass(frozen=True)
class Workforce:
    """A private workforce of the local cloud with one team."""

    user_pool: str
    client_id: str
    workteam_arn: str
    role_arn: str


def make_workforce(client: Callable[[str], Any], *, workers: Sequence[str] = WORKERS) -> Workforce:
    """Pool, domain, client with a secret, group, invited workers, workforce, team; and the role of labeling jobs."""
    cognito = client("cognito-idp")
    pool, client_id = make_pool(cognito)
    for email in workers:
        invite(cognito, pool, email)
    set_passwords(cognito, pool, workers, PASSWORD)
    config = {"UserPool": pool, "ClientId": client_id}
    client("sagemaker").create_workforce(WorkforceName="private", CognitoConfig=config)
    team = client("sagemaker").create_workteam(
        WorkteamName="my-team",
        WorkforceName="private",
        Description="the only team",
        MemberDefinitions=[{"CognitoMemberDefinition": {**config, "UserGroup": GROUP}}],
    )
    return Workforce(pool, client_id, team["WorkteamArn"], make_role(client("iam")))


@contextmanager
def workforce_for_a_while(client: Callable[[str], Any]) -> Iterator[Workforce]:
    """`make_workforce`, and nothing left of it afterwards: an account has one workforce at most."""
    made = make_workforce(client)
    yield made
    sagemaker, cognito = client("sagemaker"), client("cognito-idp")
    for job in sagemaker.list_labeling_jobs(StatusEquals="InProgress", MaxResults=100)["LabelingJobSummaryList"]:
        sagemaker.stop_labeling_job(LabelingJobName=job["LabelingJobName"])
    wait_until(lambda: sagemaker.delete_workteam(WorkteamName="my-team")["Success"])
    sagemaker.delete_workforce(WorkforceName="private")
    wait_until(lambda: not sagemaker.list_workforces()["Workforces"])
    client("iam").delete_role(RoleName=ROLE)
    remove_pool(cognito, made.user_pool)


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not true():
        assert time.monotonic() < deadline, "not within 30 s"
        time.sleep(0.05)


def remove_pool(cognito: Any, pool: str) -> None:
    domain = cognito.describe_user_pool(UserPoolId=pool)["UserPool"].get("Domain")
    if domain:
        cognito.delete_user_pool_domain(UserPoolId=pool, Domain=domain)
    cognito.delete_user_pool(UserPoolId=pool)


def remove_bucket(s3: Any, bucket: str) -> None:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=item["Key"])
    s3.delete_bucket(Bucket=bucket)


def make_pool(cognito: Any, *, secret: bool = True, domain: bool = True) -> tuple[str, str]:
    """The ids of a user pool and of its client."""
    policy = {"MinimumLength": 14, "RequireUppercase": True, "RequireLowercase": True, "RequireNumbers": True}
    pool = cognito.create_user_pool(
        PoolName="workers", UsernameAttributes=["email"], Policies={"PasswordPolicy": policy}
    )["UserPool"]["Id"]
    made = cognito.create_user_pool_client(UserPoolId=pool, ClientName="workers", GenerateSecret=secret)
    if domain:
        cognito.create_user_pool_domain(UserPoolId=pool, Domain=pool.replace("_", "-").lower())
    cognito.create_group(UserPoolId=pool, GroupName=GROUP)
    return pool, made["UserPoolClient"]["ClientId"]


def invite(cognito: Any, pool: str, email: str) -> None:
    """A worker with a temporary password."""
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    cognito.admin_create_user(
        UserPoolId=pool, Username=email, UserAttributes=attributes, TemporaryPassword=TEMPORARY_PASSWORD
    )
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=email, GroupName=GROUP)


def make_role(iam: Any) -> str:
    trust = {
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "sagemaker.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ]
    }
    role = iam.create_role(RoleName=ROLE, AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", **trust}))
    return str(role["Role"]["Arn"])


def make_bucket(s3: Any, name: str, *, cors: bool = True) -> str:
    s3.create_bucket(Bucket=name)
    if cors:
        rule = {"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "ExposeHeaders": ["Access-Control-Allow-Origin"]}
        s3.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [rule]})
    return name


def put_images(s3: Any, bucket: str, names: Sequence[str]) -> list[str]:
    """One small image of its own color per name; the S3 URIs."""
    uris = []
    for index, name in enumerate(names):
        picture = io.BytesIO()
        Image.new("RGB", (160, 120), (40 + 30 * index % 200, 120, 200 - 20 * index % 150)).save(picture, "JPEG")
        s3.put_object(Bucket=bucket, Key=f"raw/{name}", Body=picture.getvalue(), ContentType="image/jpeg")
        uris.append(f"s3://{bucket}/raw/{name}")
    return uris


def template(header: str = "Is the mouth open?") -> str:
    told = (
        '<full-instructions header="Instructions"><p>Look at the mouth.\nChoose.</p></full-instructions>'
        "<short-instructions><p>Look at the mouth.</p></short-instructions>"
    )
    texts = {"__HEADER__": header, "__INSTRUCTIONS__": told}
    source = TEMPLATE.read_text()
    for mark, text in texts.items():
        source = source.replace(mark, text)
    return source


def job_request(
    workforce: Workforce, s3: Any, bucket: str, name: str, uris: Sequence[str], **task: Any
) -> dict[str, Any]:
    """Put manifest, categories and template into the bucket; a CreateLabelingJob request over them.

    `task` overrides members of HumanTaskConfig; `labels`, `template` and `rows` are given their own way.
    """
    labels = task.pop("labels", LABELS)
    rows = task.pop("rows", [{"source-ref": uri} for uri in uris])
    texts = {
        "manifest.jsonl": "".join(json.dumps(row) + "\n" for row in rows),
        "categories.json": json.dumps(
            {"document-version": "2018-11-28", "labels": [{"label": text} for text in labels]}
        ),
        "template.liquid.html": task.pop("template", template()),
    }
    for file, text in texts.items():
        s3.put_object(Bucket=bucket, Key=f"labeling/{name}/{file}", Body=text.encode())
    folder = f"s3://{bucket}/labeling/{name}"
    return {
        "LabelingJobName": name,
        "LabelAttributeName": "mouth",
        "InputConfig": {"DataSource": {"S3DataSource": {"ManifestS3Uri": f"{folder}/manifest.jsonl"}}},
        "OutputConfig": {"S3OutputPath": f"{folder}/output/"},
        "RoleArn": workforce.role_arn,
        "LabelCategoryConfigS3Uri": f"{folder}/categories.json",
        "HumanTaskConfig": {
            "WorkteamArn": workforce.workteam_arn,
            "UiConfig": {"UiTemplateS3Uri": f"{folder}/template.liquid.html"},
            "PreHumanTaskLambdaArn": TASK.pre_annotation_arn("us-east-1"),
            "AnnotationConsolidationConfig": {"AnnotationConsolidationLambdaArn": TASK.consolidation_arn("us-east-1")},
            "TaskTitle": "Mouths",
            "TaskDescription": "Say whether the mouth is open",
            "NumberOfHumanWorkersPerDataObject": 3,
            "TaskTimeLimitInSeconds": 1800,
            **task,
        },
    }


def read_manifest(s3: Any, job: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of an ended job's output manifest."""
    bucket, _, key = job["LabelingJobOutput"]["OutputDatasetS3Uri"].removeprefix("s3://").partition("/")
    return [json.loads(line) for line in s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode().splitlines()]
