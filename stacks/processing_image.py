"""Where the AWS-managed scikit-learn image lives in each Region.

From `sagemaker.core.image_uris` (sklearn, version 1.4-2), which takes seconds to import; a test compares them.
"""

from __future__ import annotations

VERSION = "1.4-2"
_REPOSITORY = f"sagemaker-scikit-learn:{VERSION}-cpu-py3"
_ACCOUNTS = {
    "af-south-1": "510948584623",
    "ap-east-1": "651117190479",
    "ap-northeast-1": "354813040037",
    "ap-northeast-2": "366743142698",
    "ap-northeast-3": "867004704886",
    "ap-south-1": "720646828776",
    "ap-south-2": "628508329040",
    "ap-southeast-1": "121021644041",
    "ap-southeast-2": "783357654285",
    "ap-southeast-3": "951798379941",
    "ap-southeast-4": "106583098589",
    "ca-central-1": "341280168497",
    "ca-west-1": "190319476487",
    "cn-north-1": "450853457545",
    "cn-northwest-1": "451049120500",
    "eu-central-1": "492215442770",
    "eu-central-2": "680994064768",
    "eu-north-1": "662702820516",
    "eu-south-1": "978288397137",
    "eu-south-2": "104374241257",
    "eu-west-1": "141502667606",
    "eu-west-2": "764974769150",
    "eu-west-3": "659782779980",
    "il-central-1": "898809789911",
    "me-central-1": "272398656194",
    "me-south-1": "801668240914",
    "sa-east-1": "737474898029",
    "us-east-1": "683313688378",
    "us-east-2": "257758044811",
    "us-gov-east-1": "237065988967",
    "us-gov-west-1": "414596584902",
    "us-iso-east-1": "833128469047",
    "us-isob-east-1": "281123927165",
    "us-isof-east-1": "108575199400",
    "us-isof-south-1": "124985052026",
    "us-west-1": "746614075791",
    "us-west-2": "246618743249",
}
_SUFFIXES = {
    "cn-": "amazonaws.com.cn",
    "us-iso-": "c2s.ic.gov",
    "us-isob-": "sc2s.sgov.gov",
    "us-isof-": "csp.hci.ic.gov",
}


_PARTITIONS = {"cn-": "aws-cn", "us-gov-": "aws-us-gov"}


class UnknownRegionError(Exception):
    """SageMaker offers no scikit-learn image there. The text is for the person who chose the Region."""


def regions() -> list[str]:
    return list(_ACCOUNTS)


def processing_image(region: str) -> str:
    """The image's URI, such as `683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.4-2-cpu-py3`."""
    if region not in _ACCOUNTS:
        raise UnknownRegionError(f"no scikit-learn {VERSION} image in {region!r}. Regions: {', '.join(regions())}")
    return f"{_ACCOUNTS[region]}.dkr.ecr.{region}.{_suffix(region)}/{_REPOSITORY}"


def processing_repository(region: str) -> str:
    """The ARN of the image's repository, which is AWS's own."""
    account = processing_image(region).split(".", 1)[0]
    return f"arn:{_partition(region)}:ecr:{region}:{account}:repository/{_REPOSITORY.split(':', 1)[0]}"


def _partition(region: str) -> str:
    return next((name for prefix, name in _PARTITIONS.items() if region.startswith(prefix)), "aws")


def _suffix(region: str) -> str:
    return next((suffix for prefix, suffix in _SUFFIXES.items() if region.startswith(prefix)), "amazonaws.com")
