"""Ground Truth's built-in functions, compared with AWS's own documentation."""

from __future__ import annotations

import re

import botocore.session
import pytest

from domain.errors import InvalidInput
from domain.task_types import TASK_TYPES
from labelers.ground_truth.built_in_functions import ACCOUNTS, BUILT_IN

LAMBDA_ARN = re.compile(r"arn:aws[a-z\-]*:lambda:[a-z0-9\-]*:[0-9]{12}:function:.*")  # botocore's model of SageMaker


def test_the_built_in_functions_are_in_exactly_twelve_regions() -> None:
    assert sorted(ACCOUNTS) == [
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "us-east-1",
        "us-east-2",
        "us-west-2",
    ]
    assert len(set(ACCOUNTS.values())) == 12


def documented_arns(function: str) -> set[str]:
    """The ARNs of a built-in function in the documentation that comes with botocore."""
    model = botocore.session.get_session().get_service_model("sagemaker")
    shapes = [model.shape_for(name) for name in ("HumanTaskConfig", "AnnotationConsolidationConfig")]
    text = "".join(member.documentation for shape in shapes for member in shape.members.values())
    return set(re.findall(rf"arn:aws:lambda:[a-z0-9-]+:\d{{12}}:function:{function}(?![A-Za-z])", text))


@pytest.mark.parametrize("kind", BUILT_IN.values(), ids=lambda kind: kind.function)
def test_the_arns_are_those_that_aws_documents(kind: object) -> None:
    for function, arn in (("PRE", kind.pre_annotation_arn), ("ACS", kind.consolidation_arn)):
        ours = {arn(region) for region in ACCOUNTS}
        assert all(LAMBDA_ARN.fullmatch(one) for one in ours)
        assert ours == documented_arns(f"{function}-{kind.function}")


def test_the_numbers_of_labels_are_those_that_aws_documents() -> None:
    model = botocore.session.get_session().get_service_model("sagemaker")
    asked, told = (
        re.sub(r"<[^>]+>|\s+", " ", model.shape_for(name).members["LabelCategoryConfigS3Uri"].documentation)
        for name in ("CreateLabelingJobRequest", "DescribeLabelingJobResponse")
    )
    assert (
        "image classification and text classification (single and multi-label) you must specify at least two" in asked
    )
    assert "For all other task types, the minimum number of label categories required is one." in asked
    least = {kind.function: kind.min_labels for kind in BUILT_IN.values()}
    assert {function: 2 if "MultiClass" in function else 1 for function in least} == least
    (most,) = re.findall(r"Box bounding labeling jobs \(all\): (\d+) labels", told)
    assert BUILT_IN["image-bounding-box"].max_labels == int(most)


@pytest.mark.parametrize("name", TASK_TYPES)
def test_every_task_type_has_a_template_with_its_element(name: str) -> None:
    template = TASK_TYPES[name].template
    element = TASK_TYPES[name].element
    assert f'<{element}\n    name="{element}"' in template
    shown = {
        "address": "taskObject | grant_read_access",
        "text": "taskObject | escape",
        "record": "record | to_json | escape",
    }
    assert f"{{{{ task.input.{shown[TASK_TYPES[name].content]} }}}}" in template


def test_a_region_without_built_in_functions_is_refused_with_those_that_have_them() -> None:
    with pytest.raises(InvalidInput, match=r"'sa-east-1'.*ap-northeast-1.*us-west-2"):
        BUILT_IN["image-single-label"].pre_annotation_arn("sa-east-1")
