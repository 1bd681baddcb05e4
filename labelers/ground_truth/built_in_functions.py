"""Ground Truth's built-in functions: which pair of them prepares and consolidates a task type, and who owns them."""

from __future__ import annotations

from dataclasses import dataclass

from domain.errors import InvalidInput

# Accounts that own Ground Truth's built-in pre-annotation and consolidation functions, by Region. There are no others:
# https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_HumanTaskConfig.html
ACCOUNTS = {
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
class BuiltIn:
    """A pair of functions; `function` is the common part of their names (`PRE-…`, `ACS-…`).

    The numbers of labels are those of the label category file: LabelCategoryConfigS3Uri in
    https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateLabelingJob.html (the least) and
    API_DescribeLabelingJob.html (boxes), sms-image-classification-multilabel.html of the developer guide. `content`
    is the member of a manifest's line that holds the object: `source-ref`, its URI, or `source`, the text itself.
    """

    function: str
    min_labels: int = 2
    max_labels: int | None = None
    content: str = "source-ref"

    def pre_annotation_arn(self, region: str) -> str:
        return _arn(region, f"PRE-{self.function}")

    def consolidation_arn(self, region: str) -> str:
        return _arn(region, f"ACS-{self.function}")


BUILT_IN = {
    "image-single-label": BuiltIn("ImageMultiClass"),
    "image-multi-label": BuiltIn("ImageMultiClassMultiLabel", max_labels=50),
    "image-bounding-box": BuiltIn("BoundingBox", min_labels=1, max_labels=10),
    "text-single-label": BuiltIn("TextMultiClass", content="source"),
}
"""By the name of the task type."""

NOT_BUILT_IN = {
    "image-label-verification": "Ground Truth verifies boxes and segmentation masks only",
    "audio-transcript": "Ground Truth has no built-in task for audio",
    "record-review": "Ground Truth has no built-in task for records",
}
"""Why a task type of ours has no functions of AWS's."""


def _arn(region: str, function: str) -> str:
    if region not in ACCOUNTS:
        regions = ", ".join(sorted(ACCOUNTS))
        raise InvalidInput(f"Ground Truth has no built-in functions in Region {region!r}; deploy to one of {regions}")
    return f"arn:aws:lambda:{region}:{ACCOUNTS[region]}:function:{function}"
