"""The domain's network: a private subnet in each of its zones, and no more of a way out than the settings ask for."""

from __future__ import annotations

from typing import Any

from aws_cdk import Acknowledgment, Fn, Stack, Validations
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from stacks.assets import Assets
from stacks.constructs.shared.endpoint_access import images_of_containers, only_this_account
from stacks.constructs.shared.log_groups import LogGroups
from stacks.constructs.shared.network_tenants import NetworkTenants
from stacks.constructs.shared.python_function import PythonFunctions
from stacks.regions import zones
from stacks.settings import Settings

_NFS = 2049
_STUDIO = "SageMakerStudio"
"""Carries people's browsers, whose requests are not signed."""
_ENDPOINTS = {
    "SageMakerApi": ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_API,
    "SageMakerRuntime": ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_RUNTIME,
    _STUDIO: ec2.InterfaceVpcEndpointAwsService.SAGEMAKER_STUDIO,
    "Sts": ec2.InterfaceVpcEndpointAwsService.STS,
    "Logs": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
    "Metrics": ec2.InterfaceVpcEndpointAwsService.CLOUDWATCH_MONITORING,
    "Ec2": ec2.InterfaceVpcEndpointAwsService.EC2,
    "Kms": ec2.InterfaceVpcEndpointAwsService.KMS,
    "EcrApi": ec2.InterfaceVpcEndpointAwsService.ECR,
    "EcrDocker": ec2.InterfaceVpcEndpointAwsService.ECR_DOCKER,
}
"""What Studio and Canvas call from inside a VPC that has no NAT gateway."""


class NetworkStack(Stack):
    """Offers `vpc`, `subnets` (private, one a zone) and `domain_security_group`."""

    def __init__(self, scope: Construct, identity: str, *, settings: Settings, assets: Assets, **stack: Any) -> None:
        super().__init__(scope, identity, **stack)
        self._settings = settings
        self.vpc = self._make_vpc()
        self.subnets = self._private_subnets()
        self.domain_security_group = self._make_domain_security_group()
        self._gateway_endpoints()
        if settings.network.egress == "endpoints":
            self._interface_endpoints()
        self._flow_logs()
        NetworkTenants(
            self,
            "Tenants",
            settings=settings,
            functions=PythonFunctions(self, "Functions", settings=settings, assets=assets, key=None),
            vpc_id=self.vpc.vpc_id,
            parts=[self.vpc, self.domain_security_group],
        )

    @property
    def availability_zones(self) -> list[str]:
        """As the settings name them; else picked by CloudFormation, so that synth needs no account."""
        named = self._settings.network.availability_zones
        return list(named) or [Fn.select(zone, Fn.get_azs()) for zone in range(zones(self.region))]

    def _make_vpc(self) -> ec2.Vpc:
        nat = self._settings.network.egress == "nat"
        private = ec2.SubnetType.PRIVATE_WITH_EGRESS if nat else ec2.SubnetType.PRIVATE_ISOLATED
        subnets = [ec2.SubnetConfiguration(name="private", subnet_type=private, cidr_mask=20)]
        if nat:
            public = ec2.SubnetConfiguration(
                name="public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=26, map_public_ip_on_launch=False
            )
            subnets.append(public)
        vpc = ec2.Vpc(
            self,
            "Vpc",
            ip_addresses=ec2.IpAddresses.cidr(self._settings.network.cidr),
            max_azs=len(self.availability_zones),
            nat_gateways=self._settings.network.nat_gateways if nat else 0,
            subnet_configuration=subnets,
            # Nothing uses the default group; emptying it would take a custom resource with rights over security groups.
            restrict_default_security_group=False,
        )
        if self._settings.network.availability_zones:
            named = Acknowledgment(id="CloudFormation-Validate::W3010", reason="The stage's settings name the zones.")
            Validations.of(vpc).acknowledge(named)
        return vpc

    def _private_subnets(self) -> list[ec2.ISubnet]:
        nat = self._settings.network.egress == "nat"
        return self.vpc.private_subnets if nat else self.vpc.isolated_subnets

    def _make_domain_security_group(self) -> ec2.SecurityGroup:
        """What AWS asks of a VpcOnly domain: NFS to the home file system, and TCP among the apps themselves."""
        group = ec2.SecurityGroup(
            self, "DomainSecurityGroup", vpc=self.vpc, allow_all_outbound=False, description="SageMaker Studio apps"
        )
        for port, purpose in ((ec2.Port.tcp(_NFS), "home file system"), (ec2.Port.all_tcp(), "app to app")):
            group.add_ingress_rule(group, port, purpose)
            group.add_egress_rule(group, port, purpose)
        if self._settings.network.mode == "VpcOnly":
            group.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "AWS endpoints")
        return group

    def _gateway_endpoints(self) -> None:
        s3 = self.vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        tables = self.vpc.add_gateway_endpoint("DynamoDb", service=ec2.GatewayVpcEndpointAwsService.DYNAMODB)
        for endpoint in (s3, tables):
            only_this_account(endpoint)
        images_of_containers(s3)

    def _interface_endpoints(self) -> None:
        group = ec2.SecurityGroup(
            self, "EndpointSecurityGroup", vpc=self.vpc, allow_all_outbound=False, description="VPC endpoints"
        )
        group.add_ingress_rule(self.domain_security_group, ec2.Port.tcp(443), "Studio apps")
        for name, service in _ENDPOINTS.items():
            endpoint = self.vpc.add_interface_endpoint(
                name,
                service=service,
                security_groups=[group],
                subnets=ec2.SubnetSelection(subnets=self.subnets),
                open=False,
            )
            if name != _STUDIO:
                only_this_account(endpoint)

    def _flow_logs(self) -> None:
        # The key is in the storage stack, which goes before the network does.
        group = LogGroups(self._settings).make(self, "FlowLogs")
        self.vpc.add_flow_log("FlowLog", destination=ec2.FlowLogDestination.to_cloud_watch_logs(group))
