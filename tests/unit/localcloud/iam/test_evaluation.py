"""Decisions, by the examples and tables of AWS's pages on policy evaluation."""

from __future__ import annotations

import pytest

from localcloud.iam.policies import PolicyError, StoredPolicies, policy
from tests.unit.localcloud.iam.asking import ACCOUNT, BUCKET, OTHER_ACCOUNT, ROLE, allow, ask, deny, document

KEY = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/1234"
ROOT = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}


def owning(resource: str, *statements) -> dict:
    return {"resources": {resource: document(*statements, name="resource's")}}


def having(*statements) -> dict:
    return {"identities": {ROLE: [document(*statements, name="role's")]}}


def test_the_example_of_carlos() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html"""
    carlos = f"arn:aws:iam::{ACCOUNT}:user/carlossalazar"
    mine = "arn:aws:s3:::amzn-s3-demo-bucket-carlossalazar"
    logs = f"{mine}-logs"
    identity = document(
        allow(["s3:GetBucketLocation", "s3:ListAllMyBuckets"], "arn:aws:s3:::*", Sid="AllowS3ListRead"),
        allow("s3:*", [f"{mine}/*", mine], Sid="AllowS3Self"),
        deny("s3:*", "arn:aws:s3:::*log*", Sid="DenyS3Logs"),
    )
    bucket = document(allow("s3:*", [f"{logs}/*", logs], Principal={"AWS": carlos}), name="bucket's")
    stored = StoredPolicies(identities={carlos: [identity]}, resources={logs: bucket})
    denied = ask(stored, "s3:PutObject", f"{logs}/file", principal=carlos)
    assert not denied.allowed
    assert denied.reason.endswith("with an explicit deny in an identity-based policy")
    assert [match.sid for match in denied.statements] == ["DenyS3Logs"]
    assert ask(stored, "s3:PutObject", f"{mine}/file", principal=carlos).allowed
    only_bucket = StoredPolicies(resources={logs: bucket})
    assert ask(only_bucket, "s3:PutObject", f"{logs}/file", principal=carlos).statements[0].policy == "bucket's"


# Measured on AWS: https://github.com/benkehoe/permissions-boundary-test (boundary, role's policy, resource's policy).
@pytest.mark.parametrize(
    ("boundary", "identity", "resource", "expected"),
    [
        (False, False, True, False),
        (True, True, False, True),
        (True, False, True, True),
        (True, True, True, True),
        (True, False, False, False),
        (False, True, False, False),
        (False, True, True, False),
    ],
)
def test_a_boundary_limits_what_either_policy_gives_to_a_role(boundary, identity, resource, expected) -> None:
    one, nothing = allow("s3:GetObject", f"{BUCKET}/*"), allow("s3:ListBucket", BUCKET)
    stored = StoredPolicies(
        boundaries={ROLE: document(one if boundary else nothing)},
        **having(one if identity else nothing),
        **owning(BUCKET, (one if resource else nothing) | {"Principal": {"AWS": ROLE}}),
    )
    assert ask(stored, "s3:GetObject", f"{BUCKET}/key").allowed is expected


def test_a_session_policy_limits_likewise() -> None:
    stored = StoredPolicies(
        sessions={ROLE: document(allow("s3:GetObject", "*"))}, **having(allow("s3:*", f"{BUCKET}/*"))
    )
    assert ask(stored, "s3:GetObject", f"{BUCKET}/key").allowed
    denied = ask(stored, "s3:PutObject", f"{BUCKET}/key")
    assert denied.reason.endswith("because no session policy allows the s3:PutObject action")


@pytest.mark.parametrize("layer", ["identities", "boundaries", "sessions", "resources", "endpoints"])
def test_an_explicit_deny_in_any_policy_overrides_every_allow(layer) -> None:
    everything, nothing = allow("*", "*"), deny("s3:*", "*")
    to_all = {"Principal": "*"}
    policies = {
        "identities": {ROLE: [document(everything, *([nothing] if layer == "identities" else []))]},
        "boundaries": {ROLE: document(everything, *([nothing] if layer == "boundaries" else []))},
        "sessions": {ROLE: document(everything, *([nothing] if layer == "sessions" else []))},
        "resources": {
            BUCKET: document(everything | to_all, *([nothing | to_all] if layer == "resources" else [])),
        },
        "endpoints": {
            "vpce-1": document(everything | to_all, *([nothing | to_all] if layer == "endpoints" else [])),
        },
    }
    asked = ask(StoredPolicies(**policies), "s3:GetObject", f"{BUCKET}/key", aws__SourceVpce="vpce-1")
    assert not asked.allowed
    assert "explicit deny" in asked.reason
    del policies[layer]
    assert ask(StoredPolicies(**policies), "s3:GetObject", f"{BUCKET}/key", aws__SourceVpce="vpce-1").allowed


def test_an_endpoints_policy_must_allow_what_comes_by_it() -> None:
    stored = StoredPolicies(
        endpoints={"vpce-1": document(allow("s3:GetObject", "*", Principal="*"))}, **having(allow("s3:*", "*"))
    )
    assert ask(stored, "s3:PutObject", f"{BUCKET}/key").allowed
    assert ask(stored, "s3:GetObject", f"{BUCKET}/key", aws__SourceVpce="vpce-1").allowed
    denied = ask(stored, "s3:PutObject", f"{BUCKET}/key", aws__SourceVpce="vpce-1")
    assert denied.reason.endswith("because no VPC endpoint policy allows the s3:PutObject action")


def test_without_any_allow_the_reason_is_in_aws_words() -> None:
    asked = ask(StoredPolicies(), "s3:PutObject", f"{BUCKET}/key")
    assert asked.reason == (
        f"{ROLE} is not authorized to perform: s3:PutObject on resource: {BUCKET}/key "
        "because no identity-based policy allows the s3:PutObject action"
    )
    assert asked.statements == ()


def test_every_resource_of_a_request_must_be_allowed() -> None:
    stored = StoredPolicies(**having(allow("ec2:*", "arn:aws:ec2:*:*:subnet/*")))
    subnet, group = (f"arn:aws:ec2:us-east-1:{ACCOUNT}:{kind}/1" for kind in ("subnet", "security-group"))
    assert ask(stored, "ec2:CreateNetworkInterface", subnet).allowed
    assert group in ask(stored, "ec2:CreateNetworkInterface", subnet, group).reason


def test_a_policy_on_a_key_must_allow_and_may_leave_it_to_the_account() -> None:
    """https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html"""
    use = allow("kms:Decrypt", "*")
    assert not ask(StoredPolicies(**having(use)), "kms:Decrypt", KEY).allowed
    default = owning(KEY, allow("kms:*", "*", Principal=ROOT))
    assert ask(StoredPolicies(**having(use), **default), "kms:Decrypt", KEY).allowed
    assert "no identity-based" in ask(StoredPolicies(**default), "kms:Decrypt", KEY).reason
    named = owning(KEY, use | {"Principal": {"AWS": ROLE}})
    assert ask(StoredPolicies(**named), "kms:Decrypt", KEY).allowed
    assert ask(StoredPolicies(**having(allow("kms:ListKeys", "*"))), "kms:ListKeys", "*").allowed


def test_a_trust_policy_must_allow_and_is_not_about_passing_the_role() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html"""
    passed = f"arn:aws:iam::{ACCOUNT}:role/passed"
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "sagemaker.amazonaws.com"}}
    trust["Condition"] = {"StringEquals": {"aws:SourceAccount": ACCOUNT}}
    stored = StoredPolicies(
        **owning(passed, trust),
        **having(
            allow("sts:AssumeRole", passed),
            allow(
                "iam:PassRole", passed, Condition={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}}
            ),
        ),
    )
    service = {"principal": "sagemaker.amazonaws.com"}
    assert ask(stored, "sts:AssumeRole", passed, aws__SourceAccount=ACCOUNT, **service).allowed
    assert not ask(stored, "sts:AssumeRole", passed, aws__SourceAccount=OTHER_ACCOUNT, **service).allowed
    assert "no role trust policy allows" in ask(stored, "sts:AssumeRole", passed).reason
    assert ask(stored, "iam:PassRole", passed, iam__PassedToService="sagemaker.amazonaws.com").allowed
    assert not ask(stored, "iam:PassRole", passed, iam__PassedToService="ec2.amazonaws.com").allowed


def test_across_accounts_both_policies_must_allow() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html"""
    theirs = f"arn:aws:sqs:us-east-1:{OTHER_ACCOUNT}:queue"
    send = allow("sqs:SendMessage", theirs)
    for principal in (ROOT, {"AWS": ROLE}, {"AWS": ACCOUNT}, "*"):
        both = StoredPolicies(**having(send), **owning(theirs, send | {"Principal": principal}))
        assert ask(both, "sqs:SendMessage", theirs).allowed
        assert not ask(StoredPolicies(resources=both.resources), "sqs:SendMessage", theirs).allowed
    assert "no resource-based" in ask(StoredPolicies(**having(send)), "sqs:SendMessage", theirs).reason
    bucket = StoredPolicies(**having(allow("s3:GetObject", "*")))
    assert ask(bucket, "s3:GetObject", f"{BUCKET}/key").allowed
    assert not ask(bucket, "s3:GetObject", f"{BUCKET}/key", aws__ResourceAccount=OTHER_ACCOUNT).allowed


def test_in_one_account_a_resource_that_names_only_the_account_leaves_it_to_the_roles_policies() -> None:
    queue = f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue"
    send = allow("sqs:SendMessage", queue)
    assert not ask(StoredPolicies(**owning(queue, send | {"Principal": ROOT})), "sqs:SendMessage", queue).allowed
    assert ask(StoredPolicies(**owning(queue, send | {"Principal": {"AWS": ROLE}})), "sqs:SendMessage", queue).allowed


def test_a_service_gets_in_by_the_resources_policy_alone() -> None:
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:any"
    rule = f"arn:aws:events:us-east-1:{ACCOUNT}:rule/any"
    permission = allow(
        "lambda:InvokeFunction",
        function,
        Principal={"Service": "events.amazonaws.com"},
        Condition={"ArnLike": {"AWS:SourceArn": rule}},
    )
    stored = StoredPolicies(**owning(function, permission))
    asked = {"principal": "events.amazonaws.com", "aws__SourceArn": rule}
    assert ask(stored, "lambda:InvokeFunction", function, **asked).allowed
    assert not ask(stored, "lambda:InvokeFunction", function, **asked | {"aws__SourceArn": f"{rule}s"}).allowed
    assert not ask(stored, "lambda:InvokeFunction", function, **asked | {"principal": "sns.amazonaws.com"}).allowed
    assert not ask(stored, "lambda:InvokeFunction", f"{function}-other", **asked).allowed


def test_the_policy_of_a_function_is_that_of_its_versions_and_a_buckets_that_of_its_objects() -> None:
    function = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:any"
    stored = StoredPolicies(**owning(function, allow("lambda:*", f"{function}:*", Principal={"AWS": ROLE})))
    assert ask(stored, "lambda:InvokeFunction", f"{function}:7").allowed
    assert not ask(stored, "lambda:InvokeFunction", function).allowed


def test_wildcards_go_over_colons_and_slashes_and_only_actions_have_no_case() -> None:
    stored = StoredPolicies(**having(allow("S3:get*", "arn:aws:s3:::a?y/*/end")))
    assert ask(stored, "s3:GetObject", f"{BUCKET}/a/b:c/end").allowed
    assert not ask(stored, "s3:GetObject", "arn:aws:s3:::ANY/a/b/end").allowed
    assert not ask(stored, "s3:GetObject", "arn:aws:s3:::anny/a/end").allowed
    assert not ask(stored, "s3:PutObject", f"{BUCKET}/a/end").allowed


def test_not_action_not_resource_and_not_principal_mean_the_others() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html and its kin."""
    stored = StoredPolicies(
        **having({"Effect": "Allow", "NotAction": "iam:*", "NotResource": [f"{BUCKET}/secret/*"]}),
        **owning(BUCKET, {**deny("s3:DeleteObject", f"{BUCKET}/*"), "NotPrincipal": {"AWS": f"{ROLE}-other"}}),
    )
    assert ask(stored, "s3:GetObject", f"{BUCKET}/key").allowed
    assert not ask(stored, "s3:GetObject", f"{BUCKET}/secret/key").allowed
    assert not ask(stored, "iam:CreateUser", "*").allowed
    assert not ask(stored, "s3:DeleteObject", f"{BUCKET}/key").allowed


def test_a_resource_may_be_named_by_what_the_request_says() -> None:
    own = allow("s3:*", BUCKET + "/home/${aws:PrincipalTag/team, 'nobody'}/*")
    stored = StoredPolicies(**having(own))
    assert ask(stored, "s3:GetObject", f"{BUCKET}/home/red/x", **{"aws:PrincipalTag/team": "red"}).allowed
    assert not ask(stored, "s3:GetObject", f"{BUCKET}/home/red/x").allowed
    assert ask(stored, "s3:GetObject", f"{BUCKET}/home/nobody/x").allowed
    assert not ask(stored, "s3:GetObject", f"{BUCKET}/home/red/x", **{"aws:PrincipalTag/team": "*"}).allowed


def test_who_asks_and_whose_it_is_are_known_without_being_told() -> None:
    own = {"StringEquals": {"aws:ResourceAccount": "${aws:PrincipalAccount}"}, "ArnLike": {"aws:PrincipalArn": ROLE}}
    stored = StoredPolicies(**having(allow("sqs:*", "*", Condition=own)))
    assert ask(stored, "sqs:SendMessage", f"arn:aws:sqs:us-east-1:{ACCOUNT}:queue").allowed


def test_everybody_may_ask_who_they_are() -> None:
    """https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html"""
    assert ask(StoredPolicies(**having(deny("*", "*"))), "sts:GetCallerIdentity", "*").allowed


def test_all_statements_that_allow_are_named_with_the_patterns_by_which_they_do() -> None:
    stored = StoredPolicies(**having(allow(["s3:Get*", "s3:Put*"], [f"{BUCKET}/a/*", f"{BUCKET}/b"]), allow("*", "*")))
    matches = ask(stored, "s3:GetObject", f"{BUCKET}/a/key").statements
    assert [(match.statement, match.action, match.resource) for match in matches] == [
        (0, "s3:Get*", f"{BUCKET}/a/*"),
        (1, "*", "*"),
    ]


@pytest.mark.parametrize(
    "statement",
    [
        {"Effect": "allow", "Action": "*", "Resource": "*"},
        {"Effect": "Allow", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": {"Role": "x"}},
        {"Effect": "Allow", "Action": "*", "Resource": "*", "Condition": {"Same": {"a": "b"}}},
        "Allow",
    ],
)
def test_a_document_that_aws_would_refuse_is_refused_and_the_statement_named(statement) -> None:
    with pytest.raises(PolicyError, match=r"mine, statement 1: "):
        policy("mine", {"Version": "2012-10-17", "Statement": [allow("*", "*"), statement]})


def test_variables_in_a_policy_of_the_old_version_are_refused() -> None:
    with pytest.raises(PolicyError, match="2012-10-17"):
        policy("mine", {"Statement": allow("*", "${aws:PrincipalTag/team}")})
