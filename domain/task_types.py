"""What Kempelen can ask people to do, as data: one row a task type."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import InvalidInput

# Accounts that own Ground Truth's built-in pre-annotation and consolidation functions, by Region. There are no others:
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HumanTaskConfig.html
BUILT_IN_FUNCTION_ACCOUNTS = {
    "us-east-1": "432418664414",
    "us-east-2": "266458841044",
    "us-west-2": "081040173940",
    "ca-central-1": "918755190332",
    "eu-west-1": "568282634449",
    "eu-west-2": "487402164563",
    "eu-central-1": "203001061592",
    "ap-northeast-1": "477331159723",
    "ap-northeast-2": "845288260483",
    "ap-south-1": "565803892007",
    "ap-southeast-1": "377565633583",
    "ap-southeast-2": "454466003867",
}


@dataclass(frozen=True)
class TaskType:
    """One kind of question.

    `function` is the common part of the built-in functions' names (`PRE-…`, `ACS-…`); `element` is the crowd element
    whose answer the template submits.
    """

    name: str
    template: str
    function: str
    element: str
    min_labels: int
    max_labels: int

    def pre_annotation_arn(self, region: str) -> str:
        return _built_in_arn(region, f"PRE-{self.function}")

    def consolidation_arn(self, region: str) -> str:
        return _built_in_arn(region, f"ACS-{self.function}")


TASK_TYPES = {
    task_type.name: task_type
    for task_type in (
        TaskType(
            name="image-single-label",
            template="image-single-label.liquid.html",
            function="ImageMultiClass",
            element="crowd-image-classifier",
            min_labels=2,
            max_labels=50,
        ),
    )
}


def task_type(name: str) -> TaskType:
    """The task type of this name.

    Raises:
        InvalidInput: there is no such type; the message lists those that there are.
    """
    if name not in TASK_TYPES:
        raise InvalidInput(f"task.type: {name!r} is not supported yet; supported: {', '.join(sorted(TASK_TYPES))}")
    return TASK_TYPES[name]


def _built_in_arn(region: str, function: str) -> str:
    if region not in BUILT_IN_FUNCTION_ACCOUNTS:
        raise InvalidInput(
            f"Ground Truth has no built-in functions in Region {region!r}; "
            f"deploy to one of {', '.join(sorted(BUILT_IN_FUNCTION_ACCOUNTS))}"
        )
    return f"arn:aws:lambda:{region}:{BUILT_IN_FUNCTION_ACCOUNTS[region]}:function:{function}"
