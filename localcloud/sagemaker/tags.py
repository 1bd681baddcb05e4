"""AddTags, ListTags, DeleteTags. Tags given at creation are remembered by `api.call`."""

from __future__ import annotations

from localcloud.sagemaker import store
from localcloud.sagemaker.api import Params, operation


def tags_of(arn: str) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in store.table("_tags").get(arn, {}).items()]


@operation("AddTags")
def add_tags(params: Params) -> Params:
    arn = params["ResourceArn"]
    store.table("_tags").setdefault(arn, {}).update({tag["Key"]: tag["Value"] for tag in params["Tags"]})
    return {"Tags": tags_of(arn)}


@operation("ListTags")
def list_tags(params: Params) -> Params:
    return {"Tags": tags_of(params["ResourceArn"])}


@operation("DeleteTags")
def delete_tags(params: Params) -> Params:
    tags = store.table("_tags").get(params["ResourceArn"], {})
    for key in params["TagKeys"]:
        tags.pop(key, None)
    return {}
