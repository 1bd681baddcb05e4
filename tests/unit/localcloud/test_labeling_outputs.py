"""The exact texts that Ground Truth leaves in S3."""

from __future__ import annotations

import json

import pytest

from labelers.ground_truth.built_in_functions import BUILT_IN
from localcloud.ground_truth.job import outputs
from localcloud.ground_truth.job.task_pool import Answer, Worker
from localcloud.ground_truth.job.task_types import TASK_TYPES, built_in

TYPE = TASK_TYPES["ImageMultiClass"]
LABELS = ["cat", "dog", "owl"]
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
        "species",
        TYPE.label(forms("dog", "dog", "cat"), ["cat", "dog"]),
        job="find-dogs",
        task_type=TYPE,
        created=MOMENT,
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


def forms(*labels):
    return [{"crowd-image-classifier": {"label": label}} for label in labels]


def several(*labels):
    return {"crowd-image-classifier-multi-select": {"labels": list(labels)}}


def drawn(*boxes, width=500, height=400):
    given = [dict(zip(("label", "left", "top", "width", "height"), box, strict=True)) for box in boxes]
    image = {"width": width, "height": height}
    return {"crowd-bounding-box": {"boundingBoxes": given, "inputImageProperties": image}}


def test_several_labels_are_all_that_anybody_chose_with_the_confidence_in_each():
    kind = TASK_TYPES["ImageMultiClassMultiLabel"]
    value, metadata = kind.label([several("owl", "cat"), several("cat"), several("cat", "owl")], LABELS)
    assert value == [0, 2]
    assert metadata == {"class-map": {"0": "cat", "2": "owl"}, "confidence-map": {"0": 0.99, "2": 0.85}}
    few = kind.label([several("cat"), several("cat", "dog"), several("cat")], LABELS)
    assert few.metadata["confidence-map"] == {"0": 0.99, "1": 0.15}
    assert kind.label([several("dog")], LABELS).metadata["confidence-map"] == {"1": 0.0}
    assert kind.label([several(), several()], LABELS) == ([], {"class-map": {}, "confidence-map": {}})


def test_boxes_are_those_that_most_drew_in_whole_pixels():
    kind = TASK_TYPES["BoundingBox"]
    value, metadata = kind.label(
        [
            drawn(("dog", 10, 10, 20, 20), ("cat", 100, 100, 30, 30)),
            drawn(("dog", 11, 10, 20, 21)),
        ],
        LABELS,
    )
    assert value == {
        "image_size": [{"width": 500, "height": 400, "depth": 3}],
        "annotations": [{"class_id": 1, "left": 11, "top": 10, "width": 20, "height": 21}],
    }
    assert metadata == {"objects": [{"confidence": 1.0}], "class-map": {"1": "dog"}}


def test_an_image_without_a_box_has_empty_lists_and_one_worker_has_no_confidence():
    kind = TASK_TYPES["BoundingBox"]
    value, metadata = kind.label([drawn()], LABELS)
    assert (value["annotations"], metadata) == ([], {"objects": [], "class-map": {}})
    assert kind.label([drawn(("owl", 1, 1, 1, 1))], LABELS).metadata["objects"] == [{"confidence": 0.0}]


def test_a_text_has_one_label_of_its_own_kind():
    kind = TASK_TYPES["TextMultiClass"]
    found = kind.label([{"crowd-classifier": {"label": "owl"}}], LABELS)
    assert found == (2, {"class-name": "owl", "confidence": 0.0})
    assert kind.output_type == "groundtruth/text-classification"


@pytest.mark.parametrize(
    ("name", "content", "wanted"),
    [
        ("ImageMultiClass", {"crowd-image-classifier": {"label": "cow"}}, "one of"),
        ("ImageMultiClass", {"crowd-classifier": {"label": "cat"}}, "crowd-image-classifier"),
        ("ImageMultiClassMultiLabel", several("cat", "cow"), "some of"),
        ("ImageMultiClassMultiLabel", several("cat", "cat"), "each once"),
        ("ImageMultiClassMultiLabel", {}, "some of"),
        ("BoundingBox", drawn(("cow", 1, 1, 1, 1)), "boundingBoxes"),
        ("BoundingBox", drawn(("cat", 1, 1, 0, 1)), "boundingBoxes"),
        ("BoundingBox", drawn(("cat", 1, 1, float("nan"), 1)), "boundingBoxes"),
        ("BoundingBox", drawn(width=0), "inputImageProperties"),
        ("BoundingBox", {"crowd-bounding-box": {"boundingBoxes": []}}, "inputImageProperties"),
        ("TextMultiClass", {"crowd-classifier": "cat"}, "one of"),
    ],
)
def test_an_answer_that_the_element_cannot_give_is_refused(name, content, wanted):
    with pytest.raises(ValueError, match=wanted):
        TASK_TYPES[name].choice(content, LABELS)


def test_an_earlier_answer_is_shown_as_a_person_reads_it():
    shown = [
        kind.shown(kind.choice(content, LABELS))
        for kind, content in (
            (TYPE, forms("cat")[0]),
            (TASK_TYPES["ImageMultiClassMultiLabel"], several("owl", "cat")),
            (TASK_TYPES["ImageMultiClassMultiLabel"], several()),
            (TASK_TYPES["BoundingBox"], drawn(("owl", 1, 1, 2, 2), ("cat", 1, 1, 2, 2))),
            (TASK_TYPES["BoundingBox"], drawn()),
        )
    ]
    assert shown == ["cat", "cat + owl", "none", "cat + owl, 2 places", "no object"]


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


@pytest.mark.parametrize("name", TASK_TYPES)
def test_every_type_is_found_by_its_own_pair_and_consolidates_as_its_name_says(name):
    kind = TASK_TYPES[name]
    arns = (kind.functions.pre_annotation_arn("eu-west-1"), kind.functions.consolidation_arn("eu-west-1"))
    assert built_in(*arns, "eu-west-1") is kind
    assert kind.functions.function == name


def test_the_local_cloud_has_every_type_that_a_labeling_job_may_ask_for():
    assert [kind.functions for kind in TASK_TYPES.values()] == list(BUILT_IN.values())
