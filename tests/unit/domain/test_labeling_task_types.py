"""The registry of task types and the built-in functions of Ground Truth."""

from __future__ import annotations

import re
from pathlib import Path

import botocore.session
import pytest

from domain.errors import InvalidInput
from domain.task_types import BUILT_IN_FUNCTION_ACCOUNTS, TASK_TYPES, task_type

TEMPLATES = Path(__file__).resolve().parents[3] / "labelers" / "ground_truth" / "templates"
LAMBDA_ARN = re.compile(r"arn:aws[a-z\-]*:lambda:[a-z0-9\-]*:[0-9]{12}:function:.*")  # botocore's model of SageMaker


def test_the_built_in_functions_are_in_exactly_twelve_regions() -> None:
    assert sorted(BUILT_IN_FUNCTION_ACCOUNTS) == [
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
    assert len(set(BUILT_IN_FUNCTION_ACCOUNTS.values())) == 12


def documented_arns(function: str) -> set[str]:
    """The ARNs of a built-in function in the documentation that comes with botocore."""
    model = botocore.session.get_session().get_service_model("sagemaker")
    shapes = [model.shape_for(name) for name in ("HumanTaskConfig", "AnnotationConsolidationConfig")]
    text = "".join(member.documentation for shape in shapes for member in shape.members.values())
    return set(re.findall(rf"arn:aws:lambda:[a-z0-9-]+:\d{{12}}:function:{function}(?![A-Za-z])", text))


@pytest.mark.parametrize("kind", TASK_TYPES.values(), ids=lambda kind: kind.name)
def test_the_arns_are_those_that_aws_documents(kind: object) -> None:
    for function, arn in (("PRE", kind.pre_annotation_arn), ("ACS", kind.consolidation_arn)):
        ours = {arn(region) for region in BUILT_IN_FUNCTION_ACCOUNTS}
        assert all(LAMBDA_ARN.fullmatch(one) for one in ours)
        assert ours == documented_arns(f"{function}-{kind.function}")


@pytest.mark.parametrize("kind", TASK_TYPES.values(), ids=lambda kind: kind.name)
def test_every_task_type_has_a_template_with_its_element(kind: object) -> None:
    template = (TEMPLATES / kind.template).read_text()
    assert f'<{kind.element}\n    name="{kind.element}"' in template
    assert "{{ task.input.taskObject | grant_read_access }}" in template


def test_a_region_without_built_in_functions_is_refused_with_those_that_have_them() -> None:
    with pytest.raises(InvalidInput, match=r"'sa-east-1'.*ap-northeast-1.*us-west-2"):
        task_type("image-single-label").pre_annotation_arn("sa-east-1")


def test_a_type_that_is_not_there_yet_is_refused_with_those_that_are() -> None:
    with pytest.raises(InvalidInput, match=r"task\.type: 'video' is not supported yet; supported: image-single-label"):
        task_type("video")
