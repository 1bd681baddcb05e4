"""A job of each kind of answer beside the single label of an image: from the labeler's start to its rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.object_store import S3ObjectStore
from domain.labeling.manifest.input_manifest import read_manifest
from domain.labeling.manifest.prepare import prepare
from domain.labeling.rows import label_rows
from domain.labels.rows import LabelRow
from domain.workflow.states import LabelRun
from labelers.ground_truth.built_in_functions import BUILT_IN
from labelers.ground_truth.labeling_job import GroundTruthLabeler, JobSettings
from localcloud.client.forms import IMAGE_MULTI_LABEL, TEXT_SINGLE_LABEL, Boxes, Form
from localcloud.client.process import LocalCloud
from localcloud.client.scripted_workers import ScriptedWorker, run_workers
from tests.localcloud import labeling
from tests.localcloud.ground_truth.jobs import described
from tests.localcloud.labeling import PASSWORD, WORKERS, Workforce
from tests.support.builders.runs import any_label_run, any_task

LABELS = ("dog", "cat", "owl")
DOG = {"label": "dog", "left": 10, "top": 20, "width": 40, "height": 50}
CAT = {"label": "cat", "left": 90, "top": 30, "width": 30, "height": 30}
TEXT_PAGE = """<script src="https://assets.crowd.aws/crowd-html-elements.js"></script>
<crowd-form>
<crowd-classifier name="crowd-classifier" header="Which?" categories="{{ task.input.labels | to_json | escape }}">
<classification-target>{{ task.input.taskObject }}</classification-target>
</crowd-classifier></crowd-form>"""


def team(cloud: LocalCloud, truths: dict[str, Any], form: Form, mistakes: float = 0.0) -> list[ScriptedWorker]:
    """Of whom the last one errs."""
    return [
        ScriptedWorker(
            cloud.portal, email, PASSWORD, truths, form=form, seconds_per_task=0.001, seed=index, error_rate=rate
        )
        for index, (email, rate) in enumerate(zip(WORKERS, (0.0, 0.0, mistakes), strict=True))
    ]


def rows_of(
    client: Callable[[str], Any], workforce: Workforce, bucket: str, run: LabelRun, work: Callable[[str], object]
) -> list[LabelRow]:
    store = S3ObjectStore(client("s3"), bucket)
    settings = JobSettings("us-east-1", workforce.workteam_arn, workforce.role_arn, "kempelen-dev-", "dev")
    labeler = GroundTruthLabeler(client("sagemaker"), store, settings)
    assert all(check.ok for check in labeler.checks(run.task))
    manifest = prepare(run, labeler.page(run.task), store)
    job = labeler.start(run, manifest).name
    work(job)
    progress = labeler.progress(job)
    assert (progress.status, progress.labeled) == ("Completed", manifest.accepted)
    texts = [store.read(uri.key_in(bucket)).split("\n") for uri in (manifest.manifest_uri, manifest.rejected_uri)]
    read = read_manifest(*texts, bucket, run.source_prefix)
    return list(label_rows(read, labeler.result(run, job, manifest), run.task, progress.status))


@pytest.mark.parametrize(
    ("name", "form", "truths"),
    [
        ("image-multi-label", IMAGE_MULTI_LABEL, {"one.jpg": ["dog", "owl"], "two.jpg": ["cat"]}),
        ("image-bounding-box", Boxes(160, 120), {"one.jpg": [DOG, CAT], "two.jpg": [CAT]}),
    ],
)
def test_most_workers_are_right_and_the_one_who_errs_is_among_the_votes(
    cloud, client, workforce, bucket, unique, name, form, truths
):
    dataset = unique("set")
    labeling.put_images(client("s3"), bucket, [f"{dataset}/{file}" for file in truths])
    run = any_label_run(
        dataset=dataset, task=any_task(type=name, question="What is there?", labels=LABELS, workers_per_object=3)
    )
    workers = team(cloud, truths, form, mistakes=1.0)
    rows = rows_of(client, workforce, bucket, run, lambda job: run_workers(workers, job))
    assert [row.source for row in rows] == list(truths)
    assert {row.status for row in rows} == {"labeled"}
    assert {len(row.votes) for row in rows} == {3}
    for row, truth in zip(rows, truths.values(), strict=True):
        if name == "image-multi-label":
            assert list(row.labels) == truth
            assert row.confidence in (0.85, 0.99)  # by whether a label is missing or one too many
            assert sum(vote.chosen == " + ".join(truth) for vote in row.votes) == 2
        else:
            assert [box.model_dump() for box in row.boxes] == sorted(truth, key=lambda box: box["label"])
            assert row.confidence == 0.67
            assert sorted(len(vote.boxes) for vote in row.votes) == [len(truth) - 1, len(truth), len(truth)]


def test_texts_stand_in_the_manifest_and_get_one_label(cloud, client, workforce, bucket, unique, until):
    name, kind = unique("texts"), BUILT_IN["text-single-label"]
    texts = {"The food was delicious": "good", "It was {{ cold }} & <b>late</b>": "bad"}
    rows = [{"source": text, "object": f"s3://{bucket}/raw/{n}.txt"} for n, text in enumerate(texts)]
    request = labeling.job_request(
        workforce,
        client("s3"),
        bucket,
        name,
        [],
        rows=rows,
        labels=("good", "bad"),
        template=TEXT_PAGE,
        PreHumanTaskLambdaArn=kind.pre_annotation_arn("us-east-1"),
        AnnotationConsolidationConfig={"AnnotationConsolidationLambdaArn": kind.consolidation_arn("us-east-1")},
    )
    client("sagemaker").create_labeling_job(**request)
    run_workers(team(cloud, texts, TEXT_SINGLE_LABEL), name)
    labeled = labeling.read_manifest(client("s3"), described(client, name))
    assert [{key: row[key] for key in ("source", "object")} for row in labeled] == rows
    assert [row["mouth-metadata"]["class-name"] for row in labeled] == list(texts.values())
    assert {row["mouth-metadata"]["type"] for row in labeled} == {"groundtruth/text-classification"}


@pytest.mark.parametrize(
    ("name", "options", "complaint"),
    [
        ("image-bounding-box", {"labels": [str(number) for number in range(11)]}, "BoundingBox takes 1 to 10"),
        ("image-multi-label", {"labels": [str(number) for number in range(51)]}, "takes 2 to 50"),
        ("text-single-label", {}, "line 1: TextMultiClass needs source"),
    ],
)
def test_what_a_task_type_cannot_have_fails_the_job(client, workforce, bucket, unique, until, name, options, complaint):
    kind, job = BUILT_IN[name], unique("job")
    uris = labeling.put_images(client("s3"), bucket, ["one.jpg"])
    request = labeling.job_request(
        workforce,
        client("s3"),
        bucket,
        job,
        uris,
        PreHumanTaskLambdaArn=kind.pre_annotation_arn("us-east-1"),
        AnnotationConsolidationConfig={"AnnotationConsolidationLambdaArn": kind.consolidation_arn("us-east-1")},
        **options,
    )
    client("sagemaker").create_labeling_job(**request)
    ended = until(lambda: described(client, job), lambda found: found["LabelingJobStatus"] == "Failed")
    assert complaint in ended["FailureReason"]
