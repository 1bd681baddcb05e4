"""The exact texts that Ground Truth leaves in S3."""

from __future__ import annotations

import json

from domain.labels.consolidation import Consolidated
from localcloud.ground_truth.job import outputs
from localcloud.ground_truth.job.task_pool import Answer, Worker
from localcloud.ground_truth.job.task_types import TASK_TYPES, built_in

TYPE = TASK_TYPES["ImageMultiClass"]
MOMENT = 1_615_244_809.5
IDENTITY = {
    "identityProviderType": "Cognito",
    "issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_123456789",
    "sub": "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee",
}
ANSWER = Answer(
    Worker("private.us-east-1.a12b3cdefg4h5i67", "monday", IDENTITY),
    {"crowd-image-classifier": {"label": "Zoë's"}},
    MOMENT,
    MOMENT + 4.25,
)


def test_files_are_named_by_the_second_in_utc():
    stamp = outputs.file_stamp(MOMENT)
    assert stamp == "2021-03-08_23:06:49"
    assert (
        outputs.worker_response_path(7, stamp) == "annotations/worker-response/iteration-1/7/2021-03-08_23:06:49.json"
    )
    assert outputs.consolidation_path("request", stamp) == (
        "annotations/consolidated-annotation/consolidation-request/iteration-1/2021-03-08_23:06:49.json"
    )


def test_a_worker_response_has_ground_truths_members():
    assert json.loads(outputs.worker_response([ANSWER])) == {
        "answers": [
            {
                "acceptanceTime": "2021-03-08T23:06:49.500Z",
                "answerContent": {"crowd-image-classifier": {"label": "Zoë's"}},
                "submissionTime": "2021-03-08T23:06:53.750Z",
                "timeSpentInSeconds": 4.25,
                "workerId": "private.us-east-1.a12b3cdefg4h5i67",
                "workerMetadata": {"identityData": IDENTITY},
            }
        ]
    }


def test_the_consolidation_function_reads_answers_as_strings_of_json():
    rows = [{"source-ref": "s3://bucket/a.jpg"}, {"source": "a text"}]
    request = json.loads(outputs.consolidation_request({0: [ANSWER], 1: []}, rows))
    assert request[0]["datasetObjectId"] == "0"
    assert request[0]["dataObject"] == {"s3Uri": "s3://bucket/a.jpg"}
    assert request[1]["dataObject"] == {"content": "a text"}
    (annotation,) = request[0]["annotations"]
    assert annotation["workerId"] == ANSWER.worker.worker_id
    assert json.loads(annotation["annotationData"]["content"]) == ANSWER.content


def test_a_label_is_the_index_of_its_class_with_metadata():
    content = outputs.label_content(
        "species", Consolidated(1, 0.85), ["cat", "dog"], job="find-dogs", task_type=TYPE, created=MOMENT
    )
    assert content == {
        "species": 1,
        "species-metadata": {
            "class-name": "dog",
            "job-name": "labeling-job/find-dogs",
            "confidence": 0.85,
            "type": "groundtruth/image-classification",
            "human-annotated": "yes",
            "creation-date": "2021-03-08T23:06:49.500000",
        },
    }


def test_the_consolidation_response_names_the_object_beside_its_label():
    assert json.loads(outputs.consolidation_response({5: {"species": 1}})) == [
        {"datasetObjectId": "5", "consolidatedAnnotation": {"content": {"species": 1}}}
    ]


def test_the_output_manifest_adds_labels_and_leaves_everything_else_as_it_was():
    rows = [{"source-ref": "s3://bucket/Zoë.jpg", "page": 3, "species": "old"}, {"source-ref": "s3://bucket/b.jpg"}]
    text = outputs.manifest(rows, {0: {"species": 1}})
    assert [json.loads(line) for line in text.splitlines()] == [{**rows[0], "species": 1}, rows[1]]
    assert text.endswith("\n")


def test_only_a_regions_own_pair_of_functions_is_a_task_type():
    start = "arn:aws:lambda:us-east-1:432418664414:function:"
    assert built_in(f"{start}PRE-ImageMultiClass", f"{start}ACS-ImageMultiClass", "us-east-1") is TYPE
    assert built_in(f"{start}PRE-ImageMultiClass", f"{start}ACS-ImageMultiClass", "eu-west-1") is None
    assert built_in(f"{start}PRE-ImageMultiClass", f"{start}ACS-BoundingBox", "us-east-1") is None
    assert built_in(None, None, "sa-east-1") is None
