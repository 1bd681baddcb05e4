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
    """A pair of functions; `function` is the common part of their names (`PRE-…`, `ACS-…`)."""

    function: str

    def pre_annotation_arn(self, region: str) -> str:
        return _arn(region, f"PRE-{self.function}")

    def consolidation_arn(self, region: str) -> str:
        return _arn(region, f"ACS-{self.function}")


BUILT_IN = {"image-single-label": BuiltIn("ImageMultiClass")}
"""By the name of the task type."""


def _arn(region: str, function: str) -> str:
    if region not in ACCOUNTS:
        regions = ", ".join(sorted(ACCOUNTS))
        raise InvalidInput(f"Ground Truth has no built-in functions in Region {region!r}; deploy to one of {regions}")
    return f"arn:aws:lambda:{region}:{ACCOUNTS[region]}:function:{function}"
