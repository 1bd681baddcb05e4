"""Runs one augmentation as a Processing job of its own, without ledger or schedule: for trying a recipe.

Role, engine and wheelhouse are those of the deployed `augment` state machine, whose definition names them.
The whole data set comes from one instance and lies at datasets/<dataset>/try-<time>/ in the data bucket.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import boto3
import typer
from sagemaker.core import image_uris
from sagemaker.core.helper.session_helper import Session
from sagemaker.core.network import NetworkConfig
from sagemaker.core.processing import Processor
from sagemaker.core.shapes import ProcessingInput, ProcessingOutput, ProcessingS3Input, ProcessingS3Output

_WORK = "/opt/ml/processing"
_IMAGE_VERSION = "1.4-2"


@dataclass(frozen=True)
class Deployment:
    """What the deployed augment machine runs its jobs with."""

    role: str
    engine: str
    wheelhouse: str

    @classmethod
    def from_definition(cls, definition: str) -> Deployment:
        """Of the state machine's definition, as Step Functions shows it.

        Raises KeyError when it has no state "Augment" with the inputs "code" and "wheelhouse".
        """
        job = json.loads(definition)["States"]["Augment"]["Arguments"]
        uris = {item["InputName"]: item["S3Input"]["S3Uri"] for item in job["ProcessingInputs"]}
        return cls(role=job["RoleArn"], engine=uris["code"], wheelhouse=uris["wheelhouse"])


@dataclass(frozen=True)
class Trial:
    """One ad-hoc job: `images` and `config` (recipe.yaml and, if there are labels, labels.jsonl) are S3 prefixes."""

    images: str
    config: str
    output: str
    seed: int
    has_labels: bool

    def arguments(self) -> list[str]:
        engine = ["run", "--recipe", f"{_WORK}/input/config/recipe.yaml", "--input", f"{_WORK}/input/images"]
        labels = ["--labels", f"{_WORK}/input/config/labels.jsonl"] if self.has_labels else []
        rest = ["--output", f"{_WORK}/output", "--seed", str(self.seed)]
        own = ["--wheelhouse", f"{_WORK}/input/wheelhouse", "--message-file", "/opt/ml/output/message"]
        return [*own, "--", *engine, *labels, *rest]

    def inputs(self, deployment: Deployment) -> list[ProcessingInput]:
        uris = {
            "images": self.images,
            "config": self.config,
            "code": deployment.engine,
            "wheelhouse": deployment.wheelhouse,
        }
        return [_input(name, uri) for name, uri in uris.items()]

    def outputs(self) -> list[ProcessingOutput]:
        target = ProcessingS3Output(s3_uri=self.output, local_path=f"{_WORK}/output", s3_upload_mode="EndOfJob")
        return [ProcessingOutput(output_name="dataset", s3_output=target)]


def start(trial: Trial, deployment: Deployment, processor: Any, name: str, *, wait: bool) -> None:
    """Create the job; with `wait`, show its logs until it ends, and raise if it failed."""
    processor.run(
        inputs=trial.inputs(deployment),
        outputs=trial.outputs(),
        arguments=trial.arguments(),
        job_name=name,
        wait=wait,
        logs=wait,
    )


def make_processor(deployment: Deployment, session: Session, instance_type: str, stage: str) -> Processor:
    """Of the AWS-managed scikit-learn image, without network."""
    image = image_uris.retrieve(
        "sklearn", session.boto_region_name, version=_IMAGE_VERSION, instance_type=instance_type
    )
    engine_file = deployment.engine.rsplit("/", 1)[-1]
    return Processor(
        role=deployment.role,
        image_uri=image,
        entrypoint=["python3", "-m", "augmentation.container"],
        instance_count=1,
        instance_type=instance_type,
        env={"PYTHONPATH": f"{_WORK}/input/code/{engine_file}", "PYTHONDONTWRITEBYTECODE": "1"},
        network_config=NetworkConfig(enable_network_isolation=True),
        tags=[{"Key": "project", "Value": "kempelen"}, {"Key": "kempelen:stage", "Value": stage}],
        sagemaker_session=session,
    )


def _input(name: str, uri: str) -> ProcessingInput:
    source = ProcessingS3Input(
        s3_uri=uri, local_path=f"{_WORK}/input/{name}", s3_data_type="S3Prefix", s3_input_mode="File"
    )
    return ProcessingInput(input_name=name, s3_input=source)


def _outputs(cloudformation: Any, stack: str) -> dict[str, str]:
    (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


def main(
    dataset: Annotated[str, typer.Argument(help="The data set; its images lie at raw/<dataset>/ in the data bucket.")],
    recipe: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="The recipe, on this machine.")],
    labels: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="A labels.jsonl.")] = None,
    stage: Annotated[str, typer.Option()] = "dev",
    seed: Annotated[int, typer.Option(min=0)] = 0,
    instance_type: Annotated[str, typer.Option()] = "ml.m5.xlarge",
    wait: Annotated[bool, typer.Option(help="Show the job's logs until it ends.")] = True,
) -> None:
    """Start one Processing job over raw/<dataset>/ with a recipe of yours."""
    aws = boto3.Session()
    cloudformation, s3 = aws.client("cloudformation"), aws.client("s3")
    machine = _outputs(cloudformation, f"kempelen-{stage}-workflow")["AugmentStateMachineArn"]
    bucket = _outputs(cloudformation, f"kempelen-{stage}-storage")["DataBucketName"]
    definition = aws.client("stepfunctions").describe_state_machine(stateMachineArn=machine)["definition"]
    deployment = Deployment.from_definition(definition)
    trial_name = f"try-{datetime.now(UTC):%Y%m%d-%H%M%S}"
    config = f"augmenting/{dataset}/{trial_name}/"
    s3.upload_file(str(recipe), bucket, f"{config}recipe.yaml")
    if labels:
        s3.upload_file(str(labels), bucket, f"{config}labels.jsonl")
    root = f"s3://{bucket}/"
    output = f"{root}datasets/{dataset}/{trial_name}/"
    trial = Trial(f"{root}raw/{dataset}/", root + config, output, seed, labels is not None)
    processor = make_processor(deployment, Session(boto_session=aws), instance_type, stage)
    start(trial, deployment, processor, f"kempelen-{stage}-{dataset[:28]}-{trial_name}", wait=wait)
    typer.echo(output)


if __name__ == "__main__":
    typer.run(main)
