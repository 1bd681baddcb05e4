"""What the teardown code may do: see and remove what hangs on one domain, one VPC and one name prefix, and nothing else."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from constructs import Construct

from stacks.constructs.statements import allow, arn
from stacks.naming import MACHINES, Names

_JOB_KINDS = ("labeling-job", "processing-job")
_JOB_ACTIONS = ("ListTags", "StopLabelingJob", "StopProcessingJob")
_DOMAIN_PARTS = ("app", "space", "user-profile")
_DOMAIN_ACTIONS = (
    *(f"Delete{thing}" for thing in ("App", "Domain", "Space", "UserProfile")),
    *(f"Describe{thing}" for thing in ("Domain", "Space", "UserProfile")),
)
_SEE_FILES = ("DescribeAccessPoints", "DescribeFileSystems", "DescribeMountTargets")
_REMOVE_FILES = ("DeleteAccessPoint", "DeleteFileSystem", "DeleteMountTarget")
_SEE_NETWORK = ("DescribeNetworkInterfaces", "DescribeSecurityGroupRules", "DescribeSecurityGroups")
_REMOVE_NETWORK = (
    "DeleteNetworkInterface",
    "DeleteSecurityGroup",
    "RevokeSecurityGroupEgress",
    "RevokeSecurityGroupIngress",
)


def teardown_statements(scope: Construct, *, names: Names, domain_id: str, vpc_id: str) -> list[iam.PolicyStatement]:
    return [
        *_schedules_and_executions(scope, names),
        *_jobs(scope, names),
        *_domain(scope, domain_id),
        *_network_leftovers(scope, domain_id, vpc_id),
    ]


def machine_arns(scope: Construct, names: Names) -> list[str]:
    """The machines whose executions teardown stops. By name, for the domain's stack is deployed before theirs."""
    machines = [machine for machine in MACHINES if machine != "teardown"]
    return [arn(scope, "states", f"stateMachine:{names.machine(machine)}") for machine in machines]


def _schedules_and_executions(scope: Construct, names: Names) -> list[iam.PolicyStatement]:
    machines = machine_arns(scope, names)
    executions = [f"{machine.replace(':stateMachine:', ':execution:')}:*" for machine in machines]
    schedules = [arn(scope, "scheduler", f"schedule/{names.schedule_group}/*")]
    return [
        allow("scheduler", ["ListSchedules"], ["*"]),
        allow("scheduler", ["DeleteSchedule", "GetSchedule"], schedules),
        allow("states", ["ListExecutions"], machines),
        allow("states", ["DescribeExecution", "StopExecution"], executions),
    ]


def _jobs(scope: Construct, names: Names) -> list[iam.PolicyStatement]:
    jobs = [arn(scope, "sagemaker", f"{kind}/{names.job_prefix}*") for kind in _JOB_KINDS]
    return [
        allow("sagemaker", ["ListLabelingJobs", "ListProcessingJobs"], ["*"]),
        allow("sagemaker", _JOB_ACTIONS, jobs),
    ]


def _domain(scope: Construct, domain_id: str) -> list[iam.PolicyStatement]:
    parts = [arn(scope, "sagemaker", f"{part}/{domain_id}/*") for part in _DOMAIN_PARTS]
    domain = arn(scope, "sagemaker", f"domain/{domain_id}")
    return [
        allow("sagemaker", ["ListApps", "ListDomains", "ListSpaces", "ListUserProfiles"], ["*"]),
        allow("sagemaker", _DOMAIN_ACTIONS, [*parts, domain]),
    ]


def _network_leftovers(scope: Construct, domain_id: str, vpc_id: str) -> list[iam.PolicyStatement]:
    """SageMaker tags the home file system with its domain; groups and interfaces are known by the VPC, which is ours."""
    domain = arn(scope, "sagemaker", f"domain/{domain_id}")
    files = [arn(scope, "elasticfilesystem", f"{kind}/*") for kind in ("file-system", "access-point")]
    network = [arn(scope, "ec2", f"{kind}/*") for kind in ("network-interface", "security-group")]
    of_domain = {"StringEquals": {"aws:ResourceTag/ManagedByAmazonSageMakerResource": domain}}
    in_vpc = {"ArnEquals": {"ec2:Vpc": arn(scope, "ec2", f"vpc/{vpc_id}")}}
    return [
        allow("elasticfilesystem", _SEE_FILES, ["*"]),
        allow("elasticfilesystem", _REMOVE_FILES, files, of_domain),
        allow("ec2", _SEE_NETWORK, ["*"]),
        allow("ec2", _REMOVE_NETWORK, network, in_vpc),
    ]
