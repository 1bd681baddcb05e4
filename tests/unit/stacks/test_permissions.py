from __future__ import annotations

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from stacks.constructs.shared.access import Permission, UnexplainedWildcardError, permit
from stacks.nag import resource_finding


def test_a_wildcard_without_a_reason_is_refused() -> None:
    with pytest.raises(UnexplainedWildcardError, match=r"s3:GetObject on .* say why"):
        Permission("s3", ["GetObject"], ["arn:aws:s3:::bucket/*"])


@pytest.mark.parametrize("action", ["*", "Get*"])
def test_actions_are_spelled_out_whatever_the_reason(action: str) -> None:
    with pytest.raises(UnexplainedWildcardError, match="spell out"):
        Permission("s3", [action], ["arn:aws:s3:::bucket"], "because")


def test_exact_resources_need_no_reason() -> None:
    assert Permission("s3", ["ListBucket"], ["arn:aws:s3:::bucket"]).wildcards == []


def test_a_permission_becomes_one_statement_of_the_roles_policy() -> None:
    stack = Stack(App(), "one")
    role = iam.Role(stack, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
    condition = {"Bool": {"aws:SecureTransport": "true"}}
    permit(role, [Permission("s3", ["GetObject"], ["arn:aws:s3:::bucket/key"], conditions=condition)])
    statement = {
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": "arn:aws:s3:::bucket/key",
        "Condition": condition,
    }
    Template.from_stack(stack).has_resource_properties(
        "AWS::IAM::Policy", {"PolicyDocument": {"Statement": [statement], "Version": "2012-10-17"}}
    )


def test_a_finding_of_this_stacks_resource_has_its_logical_id() -> None:
    stack = Stack(App(), "one")
    bucket = s3.Bucket(stack, "Data")
    logical = stack.get_logical_id(bucket.node.default_child)
    assert resource_finding(stack, bucket.arn_for_objects("raw/*")) == f"Resource::<{logical}.Arn>/raw/*"


def test_a_finding_of_another_stacks_resource_has_its_exports_name() -> None:
    app = App(context={"@aws-cdk/core:defaultCrossStackReferences": "strong"})
    owner, user = Stack(app, "owner"), Stack(app, "user")
    finding = resource_finding(user, s3.Bucket(owner, "Data").arn_for_objects("*"))
    assert finding.startswith("Resource::owner:ExportsOutputFnGetAttData")
    assert finding.endswith("/*")
