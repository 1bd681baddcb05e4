"""A small application with one of each thing that is hard for an emulator, for the real CDK CLI."""

from __future__ import annotations

from pathlib import Path

import aws_cdk as cdk
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import custom_resources as cr

HERE = Path(__file__).parent


class SmallStack(cdk.Stack):
    def __init__(self, scope: cdk.App, name: str) -> None:
        super().__init__(scope, name)
        cdk.Tags.of(self).add("kempelen:stage", "test")
        self._network()
        bucket = s3.Bucket(
            self, "Bucket", versioned=True, removal_policy=cdk.RemovalPolicy.DESTROY, auto_delete_objects=True
        )
        echo = self._function("Echo", "functions.echo")
        self._slow_resource()
        self._machines(echo)
        cdk.CfnOutput(self, "BucketName", value=bucket.bucket_name)

    def _network(self) -> None:
        vpc = ec2.Vpc(self, "Vpc", max_azs=3, nat_gateways=1)
        vpc.add_flow_log("FlowLog")
        vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        group = ec2.SecurityGroup(self, "Group", vpc=vpc, allow_all_outbound=False)
        group.add_ingress_rule(group, ec2.Port.tcp(2049))
        group.add_egress_rule(group, ec2.Port.tcp(2049))

    def _function(self, name: str, module: str) -> lambda_.Function:
        return lambda_.Function(
            self,
            name,
            function_name=f"small-{name.lower()}",
            runtime=lambda_.Runtime.PYTHON_3_13,
            handler=f"{module}.handler",
            code=lambda_.Code.from_asset(str(HERE), exclude=["app.py", "__pycache__"]),
            timeout=cdk.Duration.seconds(10),
        )

    def _slow_resource(self) -> None:
        on_event = self._function("OnEvent", "functions.slow_on_event")
        is_complete = self._function("IsComplete", "functions.slow_is_complete")
        provider = cr.Provider(
            self,
            "Provider",
            on_event_handler=on_event,
            is_complete_handler=is_complete,
            query_interval=cdk.Duration.seconds(1),
            total_timeout=cdk.Duration.minutes(2),
        )
        slow = cdk.CustomResource(
            self, "Slow", service_token=provider.service_token, service_timeout=cdk.Duration.minutes(3)
        )
        cdk.CfnOutput(self, "SlowAnswer", value=slow.get_att_string("Answer"))

    def _machines(self, echo: lambda_.Function) -> None:
        role = iam.Role(self, "MachineRole", assumed_by=iam.ServicePrincipal("states.amazonaws.com"))
        echo.grant_invoke(role)
        child = self._machine("child", role, {"EchoArn": echo.function_arn})
        self._machine("parent", role, {"EchoArn": echo.function_arn, "ChildArn": child.attr_arn})

    def _machine(self, name: str, role: iam.Role, substitutions: dict[str, str]) -> sfn.CfnStateMachine:
        return sfn.CfnStateMachine(
            self,
            f"Machine{name.title()}",
            state_machine_name=f"small-{name}",
            role_arn=role.role_arn,
            definition_string=(HERE / f"{name}.asl.json").read_text(),
            definition_substitutions=substitutions,
        )


app = cdk.App()
SmallStack(app, "kempelen-small")
app.synth()
