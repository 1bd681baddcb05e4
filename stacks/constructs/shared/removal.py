"""What becomes of the stage's data when its stacks are destroyed."""

from __future__ import annotations

from aws_cdk import RemovalPolicy

from stacks.settings import Settings


def removal(settings: Settings) -> RemovalPolicy:
    """`storage.retain` keeps it, but not what a failed first deployment made: nothing is in that yet, and each new try
    would leave another behind.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """
    return RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if settings.storage.retain else RemovalPolicy.DESTROY
