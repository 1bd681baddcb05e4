"""Whom the VPC's endpoints let through. Without a policy of its own an endpoint carries anybody's calls to anywhere,
also those that take data into another account with that account's credentials."""

from __future__ import annotations

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam


def only_this_account(endpoint: ec2.VpcEndpoint) -> None:
    """Calls that are signed by this account.

    https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
    """
    here = {"StringEquals": {"aws:PrincipalAccount": Stack.of(endpoint).account}}
    endpoint.add_to_policy(
        iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["*"], resources=["*"], conditions=here)
    )


def images_of_containers(endpoint: ec2.VpcEndpoint) -> None:
    """The layers of ECR's images lie in a bucket of AWS's own, which ECR signs for.

    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
    """
    stack = Stack.of(endpoint)
    bucket = f"arn:{stack.partition}:s3:::prod-{stack.region}-starport-layer-bucket/*"
    endpoint.add_to_policy(
        iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["s3:GetObject"], resources=[bucket])
    )
