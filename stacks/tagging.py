"""Tags on all that takes them, also on what CDK writes without knowing that it does."""

from __future__ import annotations

import jsii
from aws_cdk import App, Aspects, CfnResource, IAspect, TagManager, Tags
from constructs import IConstruct

from stacks.naming import PROJECT, STAGE_TAG

_TAKE_TAGS = ("AWS::IAM::Role", "AWS::Lambda::Function")
"""Types that CDK's own custom resources write as bare resources, which `Tags` passes over."""


def tag_everything(app: App, stage: str) -> None:
    """The project and the stage: by them budgets count, and sweeps and teardown know what is ours."""
    tags = {"project": PROJECT, STAGE_TAG: stage}
    for key, value in tags.items():
        Tags.of(app).add(key, value)
    Aspects.of(app).add(_BareResources(tags))


@jsii.implements(IAspect)
class _BareResources:
    def __init__(self, tags: dict[str, str]) -> None:
        self._tags = [{"Key": key, "Value": value} for key, value in tags.items()]

    def visit(self, node: IConstruct) -> None:
        if isinstance(node, CfnResource) and node.cfn_resource_type in _TAKE_TAGS and not TagManager.is_taggable(node):
            node.add_property_override("Tags", self._tags)
