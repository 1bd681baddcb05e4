"""A labeling job is made once for each run, and only its own maker stops it."""

from __future__ import annotations

import json

import pytest

from domain.errors import AccessDenied, LabelingJobConflict
from domain.labeling.manifest.prepare import prepare
from domain.labeling.port import Labeler
from labelers.ground_truth.labeling_job import GroundTruthLabeler, JobSettings
from tests.support.builders.runs import any_built_manifest, any_label_run, any_task
from tests.support.fakes.ground_truth import FakeGroundTruth
from tests.support.fakes.store import MemoryStore

SETTINGS = JobSettings(
    region="us-east-1",
    workteam="arn:aws:sagemaker:us-east-1:123456789012:workteam/private-crowd/team",
    role="arn:aws:iam::123456789012:role/labeling",
    job_prefix="kempelen-dev-",
    stage="dev",
)
A, B, C = (f"s3://data-bucket/raw/faces/{name}.jpg" for name in "abc")


@pytest.fixture
def api() -> FakeGroundTruth:
    return FakeGroundTruth()


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore(objects={f"raw/faces/{name}.jpg": name for name in "abc"})


@pytest.fixture
def labeler(api: FakeGroundTruth, store: MemoryStore) -> Labeler:
    return GroundTruthLabeler(api, store, SETTINGS)


def test_the_request_asks_what_the_task_says(api: FakeGroundTruth, labeler: Labeler) -> None:
    run = any_label_run(task=any_task(title="Mouths", workers_per_object=2, keywords=["image", "face"]))
    job = labeler.start(run, any_built_manifest())
    request = api.jobs[job.name]
    human = request["HumanTaskConfig"]
    assert job.created_here
    assert request["LabelAttributeName"] == "mouth"
    assert human["TaskTitle"] == "Mouths"
    assert human["TaskDescription"] == "Is the mouth open?"
    assert human["NumberOfHumanWorkersPerDataObject"] == 2
    assert human["TaskKeywords"] == ["image", "face"]
    assert human["PreHumanTaskLambdaArn"].endswith(":432418664414:function:PRE-ImageMultiClass")
    assert human["AnnotationConsolidationConfig"]["AnnotationConsolidationLambdaArn"].endswith(":ACS-ImageMultiClass")
    assert {tag["Key"]: tag["Value"] for tag in request["Tags"]}["kempelen:run"] == "run-1"


@pytest.mark.parametrize(
    ("name", "function"),
    [("image-multi-label", "ImageMultiClassMultiLabel"), ("image-bounding-box", "BoundingBox")],
)
def test_every_type_has_its_own_functions(name: str, function: str, api: FakeGroundTruth, labeler: Labeler) -> None:
    run = any_label_run(task=any_task(type=name))
    human = api.jobs[labeler.start(run, any_built_manifest()).name]["HumanTaskConfig"]
    consolidation = human["AnnotationConsolidationConfig"]["AnnotationConsolidationLambdaArn"]
    assert human["PreHumanTaskLambdaArn"].endswith(f":PRE-{function}")
    assert consolidation.endswith(f":ACS-{function}")
    assert human["UiConfig"] == {"UiTemplateS3Uri": any_built_manifest().template_uri}


def test_a_second_start_by_the_same_execution_finds_its_own_job(labeler: Labeler) -> None:
    first = labeler.start(any_label_run(), any_built_manifest())
    assert labeler.start(any_label_run(), any_built_manifest()) == first


def test_a_second_start_by_another_execution_goes_on_with_the_job_but_is_not_its_maker(labeler: Labeler) -> None:
    first = labeler.start(any_label_run("execution-1"), any_built_manifest())
    second = labeler.start(any_label_run("execution-2"), any_built_manifest())
    assert second.name == first.name
    assert not second.created_here


@pytest.mark.parametrize("foreign", ["manifest", "tags"])
def test_a_job_of_the_same_name_that_is_not_this_runs_is_refused(
    foreign: str, api: FakeGroundTruth, labeler: Labeler
) -> None:
    job = labeler.start(any_label_run(), any_built_manifest())
    if foreign == "tags":
        api.jobs[job.name]["Tags"] = []
        manifest = any_built_manifest()
    else:
        manifest = any_built_manifest(manifest_uri="s3://data-bucket/other.manifest")
    with pytest.raises(LabelingJobConflict, match=rf"{job.name} exists already .* under another run_id"):
        labeler.start(any_label_run(), manifest)


def test_another_refusal_passes_on_with_the_jobs_name(api: FakeGroundTruth, labeler: Labeler) -> None:
    api.refuse["CreateLabelingJob"] = ("AccessDeniedException", "no iam:PassRole")
    with pytest.raises(AccessDenied, match=r"create labeling job kempelen-dev-label-faces-.* no iam:PassRole"):
        labeler.start(any_label_run(), any_built_manifest())


@pytest.mark.parametrize(
    ("status", "finished"),
    [
        ("Initializing", False),
        ("InProgress", False),
        ("Stopping", False),
        ("Completed", True),
        ("Failed", True),
        ("Stopped", True),
    ],
)
def test_progress_says_when_a_job_is_over(status: str, finished: bool, api: FakeGroundTruth, labeler: Labeler) -> None:
    job = labeler.start(any_label_run(), any_built_manifest())
    api.jobs[job.name]["LabelingJobStatus"] = status
    api.jobs[job.name]["FailureReason"] = "because"
    progress = labeler.progress(job.name)
    assert (progress.status, progress.finished, progress.unlabeled) == (status, finished, 3)
    assert progress.failure_reason == "because"


def test_the_maker_stops_its_job(api: FakeGroundTruth, labeler: Labeler) -> None:
    job = labeler.start(any_label_run("execution-1"), any_built_manifest())
    assert labeler.stop(any_label_run("execution-1"))
    assert api.stopped == [job.name]


def test_an_execution_that_found_the_job_does_not_stop_it(api: FakeGroundTruth, labeler: Labeler) -> None:
    labeler.start(any_label_run("execution-1"), any_built_manifest())
    assert not labeler.stop(any_label_run("execution-2"))
    assert api.stopped == []


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped", "Stopping"])
def test_a_job_that_is_over_is_not_stopped(status: str, api: FakeGroundTruth, labeler: Labeler) -> None:
    job = labeler.start(any_label_run(), any_built_manifest())
    api.jobs[job.name]["LabelingJobStatus"] = status
    assert not labeler.stop(any_label_run())


def test_stopping_a_job_that_never_was_is_no_error(labeler: Labeler) -> None:
    assert not labeler.stop(any_label_run())


def output_row(source: str, value: object, name: str) -> str:
    metadata = {
        "class-name": name,
        "confidence": 0.6,
        "human-annotated": "yes",
        "type": "groundtruth/image-classification",
    }
    return json.dumps({"source-ref": source, "mouth": value, "mouth-metadata": metadata})


def finished_job(api: FakeGroundTruth, labeler: Labeler, store: MemoryStore, *, says_where: bool) -> tuple[str, object]:
    run = any_label_run()
    manifest = prepare(run, "", store)
    job = labeler.start(run, manifest)
    folder = f"labeling/faces/run-1/output/{job.name}"
    store.write(
        f"{folder}/manifests/output/output.manifest", "\n".join([output_row(A, 0, "open"), output_row(B, "0", "shut")])
    )
    for index, label in ((0, "open"), (2, "shut")):
        answer = {
            "workerId": "w1",
            "submissionTime": "2026-11-22T10:00:00Z",
            "answerContent": {"crowd-image-classifier": {"label": label}},
        }
        key = f"{folder}/annotations/worker-response/iteration-1/{index}/2026-11-22_10:00:00.json"
        store.write(key, json.dumps({"answers": [answer]}))
    store.write(f"{folder}/annotations/worker-response/iteration-1/README", "not a response")
    if says_where:
        uri = f"s3://data-bucket/{folder}/manifests/output/output.manifest"
        api.jobs[job.name]["LabelingJobOutput"] = {"OutputDatasetS3Uri": uri}
    return job.name, manifest


@pytest.mark.parametrize("says_where", [True, False])
def test_labels_and_votes_are_read_though_the_job_may_not_say_where(
    says_where: bool, api: FakeGroundTruth, labeler: Labeler, store: MemoryStore
) -> None:
    name, manifest = finished_job(api, labeler, store, says_where=says_where)
    result = labeler.result(any_label_run(), name, manifest)
    assert {source: answer.label for source, answer in result.answers.items()} == {A: "open", B: "shut"}
    assert {source: [vote.label for vote in votes] for source, votes in result.votes.items()} == {
        A: ["open"],
        C: ["shut"],
    }


def test_a_job_without_any_output_has_no_answers(labeler: Labeler, store: MemoryStore) -> None:
    manifest = prepare(any_label_run(), "", store)
    job = labeler.start(any_label_run(), manifest)
    result = labeler.result(any_label_run(), job.name, manifest)
    assert (result.answers, result.votes, result.ignored) == ({}, {}, 0)


def test_a_request_says_when_enough_is_labeled(api: FakeGroundTruth, labeler: Labeler) -> None:
    run = any_label_run(task=any_task(max_labeled_objects=5, max_labeled_percent=50))
    request = api.jobs[labeler.start(run, any_built_manifest()).name]
    assert request["StoppingConditions"] == {"MaxHumanLabeledObjectCount": 5, "MaxPercentageOfInputDatasetLabeled": 50}
    plain = api.jobs[labeler.start(any_label_run(run_id="run-2"), any_built_manifest()).name]
    assert "StoppingConditions" not in plain
