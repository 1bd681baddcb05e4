"""Automated labeling: a model of AWS's learns from people's labels, and what it is sure of nobody is asked for.

https://docs.aws.amazon.com/sagemaker/latest/dg/sms-automated-labeling.html
"""

from __future__ import annotations

from typing import Any

from domain.errors import InvalidInput
from domain.labeling.preflight import Check
from domain.workflow.inputs import LabelingTask
from labelers.ground_truth.built_in_functions import BUILT_IN

ALGORITHMS = {
    "PRE-ImageMultiClass": "image-classification",
    "PRE-BoundingBox": "object-detection",
    "PRE-TextMultiClass": "text-classification",
    "PRE-SemanticSegmentation": "semantic-segmentation",
}
"""All that there are, by the built-in function that prepares the tasks. They are of the account 027400017018 in every
Region: botocore's model of LabelingJobAlgorithmsConfig."""
MIN_OBJECTS, ADVISED_OBJECTS = 1_250, 5_000
NOT_SET_UP = (
    "this stage's labeling role has no right to it: set automated = true under [labeling] in the stage's file in "
    "config/ and deploy again, or leave automated_labeling out"
)


def check_automated(task: LabelingTask, *, allowed: bool) -> list[Check]:
    """Nothing for a task that does not want it."""
    if not task.automated_labeling:
        return []
    name = "automated labeling"
    algorithm = _algorithm(task.type)
    if algorithm is None:
        can = ", ".join(sorted(filter(_algorithm, BUILT_IN)))
        return [Check(name, False, f"Ground Truth has no model for {task.type}, only for: {can}; leave it out")]
    if not allowed:
        return [Check(name, False, NOT_SET_UP)]
    advised = f"with {MIN_OBJECTS:,} objects or more; {ADVISED_OBJECTS:,} are advised"
    return [Check(name, True, f"by the algorithm {algorithm}, {advised}")]


def refuse_too_few(task: LabelingTask, objects: int) -> None:
    """Raises InvalidInput: automated labeling does not learn from so few."""
    if task.automated_labeling and objects < MIN_OBJECTS:
        raise InvalidInput(
            f"task.automated_labeling: Ground Truth takes {MIN_OBJECTS:,} objects or more for it ({ADVISED_OBJECTS:,} "
            f"are advised), and this job has {objects:,}; leave it out, or give more objects"
        )


def algorithms(task: LabelingTask, region: str, volume_key: str) -> dict[str, Any]:
    """The part of CreateLabelingJob's request that asks for it. `volume_key` encrypts the disks of AWS's machines."""
    if not task.automated_labeling:
        return {}
    kind = f"labeling-job-algorithm-specification/{_algorithm(task.type)}"
    config: dict[str, Any] = {"LabelingJobAlgorithmSpecificationArn": f"arn:aws:sagemaker:{region}:027400017018:{kind}"}
    if volume_key:
        config["LabelingJobResourceConfig"] = {"VolumeKmsKeyId": volume_key}
    return {"LabelingJobAlgorithmsConfig": config}


def _algorithm(task_type: str) -> str | None:
    """None for a type whose answers none of them learns."""
    return ALGORITHMS.get(f"PRE-{BUILT_IN[task_type].function}") if task_type in BUILT_IN else None
