"""Conditions, by the tables of AWS's pages on operators, on several values, and on keys with several values."""

from __future__ import annotations

import pytest

from localcloud.iam.policies import PolicyError
from tests.unit.localcloud.iam.asking import holds

ARN = "arn:aws:sns:us-east-1:123456789012:REPORT"

# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
OPERATORS = [
    ("StringEquals", "john", "john", True),
    ("StringEquals", "john", "John", False),
    ("StringEquals", "j*", "john", False),
    ("StringNotEquals", "john", "John", True),
    ("StringNotEquals", "john", "john", False),
    ("StringEqualsIgnoreCase", "john", "JOHN", True),
    ("StringNotEqualsIgnoreCase", "john", "JOHN", False),
    ("StringLike", "home/*", "home/bob/x", True),
    ("StringLike", "home/?", "home/bob", False),
    ("StringLike", "home", "Home", False),
    ("StringNotLike", "home/*", "home/bob", False),
    ("NumericLessThanEquals", "10", "10", True),
    ("NumericLessThan", 10, "10", False),
    ("NumericEquals", "10", "10.0", True),
    ("NumericNotEquals", "10", "10.0", False),
    ("NumericGreaterThan", "9", "10", True),
    ("NumericGreaterThanEquals", "11", "10", False),
    ("NumericEquals", "10", "ten", False),
    ("DateGreaterThan", "2020-01-01T00:00:01Z", "2020-06-01T00:00:00Z", True),
    ("DateLessThan", "2020-01-01T00:00:01Z", "2020-06-01T00:00:00Z", False),
    ("DateLessThanEquals", "1591000000", "2020-06-01T08:26:40Z", True),
    ("DateEquals", "2020", "2020-01-01T00:00:00+00:00", True),
    ("DateNotEquals", "2020", "2021-01-01T00:00:00Z", True),
    ("DateGreaterThanEquals", "yesterday", "2020-06-01T00:00:00Z", False),
    ("Bool", "true", "true", True),
    ("Bool", True, "false", False),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", True),
    ("BinaryEquals", "QmluYXJ5VmFsdWVJbkJhc2U2NA==", "QmluYXJ5", False),
    ("IpAddress", "203.0.113.0/24", "203.0.113.7", True),
    ("IpAddress", "203.0.113.0/24", "198.51.100.7", False),
    ("IpAddress", "2001:DB8:1234:5678::/64", "2001:db8:1234:5678::1", True),
    ("NotIpAddress", "203.0.113.0/24", "203.0.113.7", False),
    ("ArnEquals", "arn:aws:sns:us-east-1:123456789012:REPORT", ARN, True),
    ("ArnEquals", "arn:aws:sns:*:123456789012:R*", ARN, True),
    ("ArnLike", "arn:aws:sns:*:*:REPORT", ARN, True),
    ("ArnLike", "arn:aws:*:REPORT", ARN, False),  # each of the six parts by itself
    ("ArnNotLike", "arn:aws:sns:*:*:REPORT", ARN, False),
    ("ArnNotEquals", "arn:aws:sns:*:*:OTHER", ARN, True),
]


@pytest.mark.parametrize(("operator", "written", "value", "expected"), OPERATORS)
def test_an_operator_compares_as_aws_says(operator, written, value, expected) -> None:
    assert holds({operator: {"any:Key": written}}, {"any:Key": value}) is expected


@pytest.mark.parametrize(
    ("operator", "expected"),
    [
        ("StringEquals", False),
        ("StringNotEquals", True),
        ("ArnLike", False),
        ("ArnNotLike", True),
        ("NotIpAddress", True),
        ("Bool", False),
        ("NumericLessThan", False),
        ("StringEqualsIfExists", True),
        ("BoolIfExists", True),
        ("ForAllValues:StringEquals", True),
        ("ForAnyValue:StringEquals", False),
        ("ForAnyValue:StringNotEquals", False),
    ],
)
def test_without_the_key_only_negations_if_exists_and_for_all_values_hold(operator, expected) -> None:
    """The important note of that page, and for set operators the page on keys with several values."""
    assert holds({operator: {"any:Key": "1"}}, {}) is expected


def test_null_asks_whether_the_key_is_there() -> None:
    assert holds({"Null": {"any:Key": "true"}}, {})
    assert not holds({"Null": {"any:Key": "true"}}, {"any:Key": "1"})
    assert holds({"Null": {"any:Key": "false"}}, {"any:Key": "1"})
    assert not holds({"Null": {"any:Key": False}}, {})


def test_several_operators_and_keys_must_all_hold_and_of_several_values_one() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html"""
    condition = {
        "StringEquals": {"aws:PrincipalTag/department": ["finance", "hr", "legal"], "aws:PrincipalTag/role": "audit"},
        "ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:user/Ana"]},
    }
    ana = {"aws:PrincipalArn": "arn:aws:iam::123456789012:user/Ana"}
    tags = {"aws:PrincipalTag/department": "hr", "aws:PrincipalTag/role": "audit"}
    assert holds(condition, {**ana, **tags})
    assert not holds(condition, {**ana, **tags, "aws:PrincipalTag/role": "other"})
    assert not holds(condition, tags)


def test_of_a_negated_operators_values_none_may_match() -> None:
    condition = {"StringNotEquals": {"aws:PrincipalTag/department": ["hr", "legal"]}}
    assert holds(condition, {"aws:PrincipalTag/department": "finance"})
    assert not holds(condition, {"aws:PrincipalTag/department": "legal"})


# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
@pytest.mark.parametrize(
    ("operator", "values", "expected"),
    [
        ("ForAllValues:StringLike", ("key1-a", "key2-b"), True),
        ("ForAllValues:StringLike", ("key1-a", "other"), False),
        ("ForAllValues:StringLike", (), True),
        ("ForAllValues:StringLike", "", True),
        ("ForAllValues:StringNotLike", ("other", "more"), True),
        ("ForAllValues:StringNotLike", ("other", "key1-a"), False),
        ("ForAnyValue:StringLike", ("other", "key1-a"), True),
        ("ForAnyValue:StringLike", ("other",), False),
        ("ForAnyValue:StringNotLike", ("key1-a", "other"), True),
        ("ForAnyValue:StringNotLike", ("key1-a",), False),
    ],
)
def test_a_set_operator_is_about_every_value_or_any(operator, values, expected) -> None:
    assert holds({operator: {"aws:TagKeys": ["key1*", "key2*"]}}, {"aws:TagKeys": values}) is expected


def test_the_names_of_keys_have_no_case_and_values_have() -> None:
    assert holds({"StringEquals": {"AWS:sourceaccount": "a"}}, {"aws:SourceAccount": "a"})
    assert not holds({"StringEquals": {"aws:SourceAccount": "a"}}, {"aws:SourceAccount": "A"})


def test_a_variable_stands_for_a_key_or_its_default_and_without_either_the_statement_takes_no_part() -> None:
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html"""
    team = {"StringEquals": {"any:Key": "${aws:PrincipalTag/team}"}}
    assert holds(team, {"any:Key": "yellow", "aws:PrincipalTag/team": "yellow"})
    assert not holds(team, {"any:Key": "yellow", "aws:PrincipalTag/team": "*"})
    assert not holds({"StringNotEquals": {"any:Key": "${aws:PrincipalTag/team}"}}, {"any:Key": "yellow"})
    assert not holds(team, {"any:Key": "yellow", "aws:PrincipalTag/team": ("yellow", "red")})
    default = {"StringEquals": {"any:Key": "${aws:PrincipalTag/team, 'company-wide'}"}}
    assert holds(default, {"any:Key": "company-wide"})
    assert not holds(default, {"any:Key": "company-wide", "aws:PrincipalTag/team": "yellow"})
    assert holds({"StringLike": {"any:Key": "${*}?"}}, {"any:Key": "*a"})
    assert not holds({"StringLike": {"any:Key": "${*}?"}}, {"any:Key": "ba"})


@pytest.mark.parametrize("operator", ["StringSame", "NullIfExists", "ForNoValue:StringEquals", "stringequal"])
def test_an_operator_that_aws_does_not_know_is_refused(operator) -> None:
    with pytest.raises(PolicyError, match="no condition operator"):
        holds({operator: {"any:Key": "1"}}, {})
