"""What the proof reads: templates, its two lists, recordings."""

from __future__ import annotations

import json

import pytest

from localcloud.iam.deployment import Deployment, read_deployment, write_deployment
from localcloud.iam.requests import AuthorizationRequest
from scripts.iam_proof.calls import Names, on_our_behalf
from scripts.iam_proof.explained import explanations
from scripts.iam_proof.intrinsics import Physical, Plain, Resolver, UnresolvableError, short
from scripts.iam_proof.physical import UnknownAttributeError, invented
from scripts.iam_proof.recording import keep, kept, kind, retold, templates_of, without_digests
from scripts.iam_proof.stage import Grant
from tests.unit.scripts.iam_proof.small_stage import ACCOUNT, BUCKET, REGION, TLS, WRITER, get, small, templates

STACK = "any-dev-work"


@pytest.fixture
def resolver() -> Resolver:
    made = templates()
    return Resolver(made, Physical(made, invented(ACCOUNT, REGION, made)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"Fn::ImportValue": "data-arn"}, BUCKET),
        ({"Fn::Join": ["/", [{"Fn::ImportValue": "data-arn"}, "a"]]}, f"{BUCKET}/a"),
        ({"Fn::Sub": "arn:${AWS::Partition}:x:${AWS::Region}:${AWS::AccountId}:${Job12345678.Arn}"}, None),
        ({"Fn::Sub": ["${Name}-${!literal}", {"Name": {"Ref": "Job12345678"}}]}, "job-${!literal}"),
        ({"Fn::Select": [1, {"Fn::Split": [":", "a:b"]}]}, "b"),
        ([{"Ref": "AWS::StackName"}, {"plain": ["x"], "more": 1}], [STACK, {"plain": ["x"], "more": 1}]),
    ],
)
def test_functions_of_cloudformation_are_resolved(resolver, value, expected) -> None:
    wanted = expected or f"arn:aws:x:{REGION}:{ACCOUNT}:arn:aws:iam::{ACCOUNT}:role/job"
    assert resolver.resolve(value, STACK) == wanted


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ({"Fn::Cidr": ["a"]}, "Fn::Cidr in a policy"),
        ({"Ref": "Gone"}, "no Gone in any-dev-work"),
        ({"Fn::ImportValue": "nobody's"}, "no stack exports nobody's"),
        ({"Ref": "AWS::NotificationARNs"}, "AWS::NotificationARNs in a policy"),
    ],
)
def test_what_cannot_be_resolved_is_named(resolver, value, what) -> None:
    with pytest.raises(UnresolvableError, match=what):
        resolver.resolve(value, STACK)


def test_an_attribute_that_nobody_has_taught_is_named(resolver) -> None:
    with pytest.raises(UnknownAttributeError, match=r"AWS::IAM::Role\.RoleId"):
        resolver.resolve(get("Job12345678", "RoleId"), STACK)


def test_people_read_names_without_hashes_and_arns_without_what_all_share() -> None:
    plain = Resolver(templates(), Plain())
    told = plain.resolve(
        {"Fn::Join": ["", ["arn:aws:sqs:", {"Ref": "AWS::Region"}, ":1:", {"Ref": "Job12345678"}]]}, STACK
    )
    assert short(told) == "sqs:Job"


def test_a_folder_without_templates_is_refused(tmp_path) -> None:
    with pytest.raises(ValueError, match="make synth"):
        templates_of(tmp_path)


def test_permissions_and_inline_policies_and_boundaries_are_read_too() -> None:
    made = templates()
    resources = made[STACK]["Resources"]
    role = resources["Writer12345678"]["Properties"]
    limit = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    role["Policies"] = [{"PolicyName": "own", "PolicyDocument": limit}]
    resources["Limit12345678"] = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": limit}}
    role["PermissionsBoundary"] = {"Ref": "Limit12345678"}
    resources["Function12345678"] = {"Type": "AWS::Lambda::Function", "Properties": {"FunctionName": "any"}}
    resources["Permission12345678"] = {
        "Type": "AWS::Lambda::Permission",
        "Properties": {
            "FunctionName": get("Function12345678"),
            "Action": "lambda:InvokeFunction",
            "Principal": "events.amazonaws.com",
            "SourceArn": "arn:aws:events:us-east-1:1:rule/any",
        },
    }
    stage = small(made)
    assert [len(policy.statements) for policy in stage.policies.identity(WRITER)] == [1, 3]
    assert stage.policies.boundary(WRITER).statements[0].actions == ("s3:*",)
    (permission,) = stage.policies.resource(f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:any").statements
    assert [condition.key for condition in permission.conditions] == ["AWS:SourceArn"]


def calls(tmp_path, **entry):
    lines = [f"{key} = {json.dumps(value)}" for key, value in entry.items()]
    file = tmp_path / "calls.toml"
    file.write_text("[[call]]\n" + "\n".join(lines))
    made = templates()
    return on_our_behalf(Names(made, small(made)), file)


PAGE = {"source": "https://docs.aws.amazon.com/any", "for": "anything"}


def test_a_call_on_our_behalf_is_made_by_each_role_with_each_action_on_each_resource(tmp_path) -> None:
    made = calls(tmp_path, who=["Wri*"], may=["s3:GetObject", "s3:PutObject"], on=["{Data}/<own>", "*"], **PAGE)
    assert [(request.action, *request.resources) for request in made] == [
        ("s3:GetObject", f"{BUCKET}/Writer"),
        ("s3:GetObject", "*"),
        ("s3:PutObject", f"{BUCKET}/Writer"),
        ("s3:PutObject", "*"),
    ]
    assert {request.principal for request in made} == {WRITER}


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"source": "somewhere"}, "where AWS documents it"),
        ({"for": ""}, "what for"),
        ({"who": ["Nobody"]}, "no role Nobody"),
        ({"on": ["{Nothing}"]}, "no 'Nothing'"),
    ],
)
def test_a_call_that_says_no_source_or_is_about_nothing_is_refused(tmp_path, change, what) -> None:
    entry = {"who": ["Writer"], "may": ["s3:GetObject"], "on": ["*"], **PAGE, **change}
    with pytest.raises(ValueError, match=what):
        calls(tmp_path, **entry)


def test_an_optional_call_may_be_about_nothing(tmp_path) -> None:
    assert calls(tmp_path, who=["Nobody"], may=["s3:GetObject"], on=["*"], optional=True, **PAGE) == []


@pytest.mark.parametrize(
    "entry",
    ['who = ["a"]\nmay = ["b"]\non = ["c"]', 'who = ["a"]\nmay = ["b"]\non = ["c"]\nwhy = ""', 'why = "x"'],
)
def test_an_explanation_without_a_reason_is_refused(tmp_path, entry) -> None:
    (tmp_path / "explained.toml").write_text(f"[[unused]]\n{entry}\n")
    with pytest.raises(ValueError, match="unused"):
        explanations("any", tmp_path / "explained.toml")


def test_an_explanation_is_of_its_stages(tmp_path) -> None:
    text = '[[unused]]\nwho = ["a"]\nmay = ["b*"]\non = ["c"]\nwhy = "x"\nstages = ["one"]\n'
    (tmp_path / "explained.toml").write_text(text)
    grant = Grant("a", "b:d", "c")
    assert explanations("one", tmp_path / "explained.toml").of("unused", grant)
    assert not explanations("two", tmp_path / "explained.toml").of("unused", grant)


def test_a_recording_is_retold_without_the_deployments_own_names_and_each_kind_once() -> None:
    made = templates()
    deployment = Deployment(
        "000000000000",
        REGION,
        {
            "any-dev-storage": {"Data12345678": "any-dev-data"},
            STACK: {"Writer12345678": "any-dev-work-Writer1234-ABCDEF"},
        },
        {},
    )
    writer = "arn:aws:iam::000000000000:role/any-dev-work-Writer1234-ABCDEF"
    keys = [f"{BUCKET}/labels/run-{number}" for number in (1, 22)]
    told = retold([AuthorizationRequest(writer, "s3:PutObject", (key,), TLS) for key in keys], deployment, made)
    assert [request.principal for request in told] == [WRITER]


def test_a_kept_recording_is_read_as_it_was_kept_and_has_the_same_bytes_each_time(tmp_path) -> None:
    requests = [AuthorizationRequest(WRITER, action, ("*",), TLS) for action in ("s3:PutObject", "s3:GetObject")]
    keep(requests, tmp_path / "one.gz")
    keep(requests[::-1], tmp_path / "two.gz")
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
    assert set(map(kind, kept(tmp_path / "one.gz"))) == set(map(kind, requests))


def test_digests_of_assets_are_alike() -> None:
    assert without_digests(f"bucket/{'0a' * 32}.zip") == "bucket/asset.zip"


def test_a_deployment_is_read_as_it_was_written_and_what_is_none_is_refused(tmp_path) -> None:
    deployment = Deployment(ACCOUNT, REGION, {"a": {"b": "c"}}, {"a": {"b.Arn": "d"}})
    write_deployment(deployment, tmp_path)
    assert read_deployment(tmp_path) == deployment
    (tmp_path / "deployment.json").write_text('{"stacks": {}}')
    with pytest.raises(ValueError, match="record again"):
        read_deployment(tmp_path)
