"""AddTags, ListTags, DeleteTags. Tags given at creation are remembered by `api.call`."""

from __future__ import annotations

from localcloud.sagemaker import store
from localcloud.sagemaker.api import Params, operation
from localcloud.sagemaker.errors import ApiError

_MOST_TAGS = 50


def tags_of(arn: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in store.table("_tags").get(arn, {}).items()]


def forget(arn: str) -> None:
    """The resource is gone, and its tags with it."""
    store.table("_tags").pop(arn, None)


def _existing(arn: str) -> dict[str, str]:
    """Every taggable resource has an entry from its creation on, so an ARN without one is nobody's."""
    tags = store.table("_tags").get(arn)
    if tags is None:
        raise ApiError("ResourceNotFound", f"{arn} does not exist")
    return tags


@operation("AddTags")
def add_tags(params: Params) -> Params:
    with store.LOCK:
        tags = _existing(params["ResourceArn"])
        added = {tag["Key"]: tag["Value"] for tag in params["Tags"]}
        if len(tags | added) > _MOST_TAGS:
            raise ApiError("ResourceLimitExceeded", f"A resource has at most {_MOST_TAGS} tags")
        tags.update(added)
    return {"Tags": tags_of(params["ResourceArn"])}


@operation("ListTags")
def list_tags(params: Params) -> Params:
    _existing(params["ResourceArn"])
    return {"Tags": tags_of(params["ResourceArn"])}


@operation("DeleteTags")
def delete_tags(params: Params) -> Params:
    with store.LOCK:
        tags = _existing(params["ResourceArn"])
        for key in params["TagKeys"]:
            tags.pop(key, None)
    return {}
