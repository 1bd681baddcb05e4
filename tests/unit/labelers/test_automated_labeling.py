"""Ground Truth's own model labels only where it can, where the stage allows it, and where there is enough to learn."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import botocore.session
import pytest
from botocore.validate import validate_parameters

from domain.errors import InvalidInput
from domain.workflow.inputs import LabelingTask
from labelers.ground_truth.automated import ALGORITHMS, algorithms, check_automated
from labelers.ground_truth.job_output import read_output_manifest
from labelers.ground_truth.labeling_job import GroundTruthLabeler
from tests.support.builders.runs import any_built_manifest, any_label_run, any_task
from tests.support.fakes.ground_truth import FakeGroundTruth
from tests.support.fakes.store import MemoryStore
from tests.unit.labelers import test_label_studio_job, test_portal_job
from tests.unit.labelers.test_ground_truth_job import SETTINGS

KEY = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"


def task(**fields: object) -> LabelingTask:
    return LabelingTask(**any_task(automated_labeling=True, **fields))


def request_of(settings: Any, **fields: object) -> dict[str, Any]:
    api = FakeGroundTruth()
    labeler = GroundTruthLabeler(api, MemoryStore(), settings)
    job = labeler.start(any_label_run(task=any_task(**fields)), any_built_manifest())
    return dict(api.jobs[job.name])


def test_the_request_names_the_regions_algorithm_and_the_stages_key() -> None:
    config = algorithms(task(), "eu-west-1", KEY)["LabelingJobAlgorithmsConfig"]
    assert config["LabelingJobAlgorithmSpecificationArn"] == (
        "arn:aws:sagemaker:eu-west-1:027400017018:labeling-job-algorithm-specification/image-classification"
    )
    assert config["LabelingJobResourceConfig"] == {"VolumeKmsKeyId": KEY}
    model = botocore.session.get_session().get_service_model("sagemaker")
    validate_parameters(config, model.shape_for("LabelingJobAlgorithmsConfig"))


def test_a_job_asks_for_it_only_if_its_task_does() -> None:
    asked = request_of(replace(SETTINGS, automated=True), automated_labeling=True)
    assert "LabelingJobResourceConfig" not in asked["LabelingJobAlgorithmsConfig"]
    assert "LabelingJobAlgorithmsConfig" not in request_of(replace(SETTINGS, automated=True))


def test_the_algorithms_are_all_that_aws_documents() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    told = model.shape_for("LabelingJobAlgorithmsConfig").members["LabelingJobAlgorithmSpecificationArn"].documentation
    documented = re.findall(r":027400017018:labeling-job-algorithm-specification/([a-z-]+)", told)
    assert sorted(documented) == sorted(ALGORITHMS.values())


def test_a_type_without_a_model_and_a_stage_without_the_right_are_refused() -> None:
    other = task().model_copy(update={"type": "record-review"})
    (check,) = check_automated(other, allowed=True)
    assert not check.ok
    assert "no model for record-review, only for: " in check.detail
    (check,) = check_automated(task(), allowed=False)
    assert not check.ok
    assert "automated = true under [labeling]" in check.detail
    (check,) = check_automated(task(), allowed=True)
    assert check.ok
    assert check_automated(LabelingTask(**any_task()), allowed=False) == []


@pytest.mark.parametrize(("objects", "fails"), [(1_249, True), (1_250, False)])
def test_too_few_objects_are_refused_before_the_job(objects: int, fails: bool) -> None:
    labeler = GroundTruthLabeler(FakeGroundTruth(), MemoryStore(), replace(SETTINGS, automated=True))
    if not fails:
        assert labeler.estimate(task(), objects).usd == 100
        return
    with pytest.raises(InvalidInput, match=r"^task\.automated_labeling: .* 1,250 objects or more .* has 1,249"):
        labeler.estimate(task(), objects)
    assert labeler.estimate(LabelingTask(**any_task()), objects).usd > 0


@pytest.mark.parametrize("backend", [test_portal_job, test_label_studio_job], ids=["portal", "label_studio"])
def test_other_backends_say_what_to_use(backend: Any) -> None:
    checks = backend.World().labeler.checks(task(max_concurrent_tasks=10))
    failed = {check.name: check.detail for check in checks if not check.ok}
    assert set(failed) == {"automated labeling", "concurrency"}
    assert "by the run's backend or the stage's labeling.backend" in failed["automated labeling"]
    assert failed["concurrency"].startswith("task.max_concurrent_tasks: ")


def test_a_limit_of_objects_that_are_out_reaches_the_request() -> None:
    assert request_of(SETTINGS, max_concurrent_tasks=200)["HumanTaskConfig"]["MaxConcurrentTaskCount"] == 200
    assert "MaxConcurrentTaskCount" not in request_of(SETTINGS)["HumanTaskConfig"]


def test_what_the_model_labeled_is_the_machines() -> None:
    row = (
        '{"source-ref": "s3://b/raw/a.jpg", "mouth": 0, "mouth-metadata": {"class-name": "open", "confidence": 0.97, '
        '"human-annotated": "no", "type": "groundtruth/image-classification"}}'
    )
    answers, _ = read_output_manifest(row, task(), {"s3://b/raw/a.jpg"}, {})
    assert (answers["s3://b/raw/a.jpg"].method, answers["s3://b/raw/a.jpg"].confidence) == ("machine", 0.97)
