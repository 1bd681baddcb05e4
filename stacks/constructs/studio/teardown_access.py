"""What the teardown code may do: see and remove what hangs on one domain, one VPC and one name prefix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import Stack
from constructs import Construct

from domain.teardown.scope import JOB_LOG_GROUP, NO_DOMAIN
from stacks.constructs.shared.access import ANY, Permission, arn
from stacks.naming import MACHINES, Names
from stacks.settings import Settings

_JOB_KINDS = ("labeling-job", "processing-job")
_JOB_ACTIONS = ("ListTags", "StopLabelingJob", "StopProcessingJob")
_DOMAIN_PARTS = ("app", "space", "user-profile")
_DOMAIN_ACTIONS = (
    *(f"Delete{thing}" for thing in ("App", "Domain", "Space", "UserProfile")),
    *(f"Describe{thing}" for thing in ("Domain", "Space", "UserProfile")),
)
_SEE_FILES = ("DescribeAccessPoints", "DescribeFileSystems", "DescribeMountTargets")
_UNMOUNT_FILES = ("DeleteMountTarget",)
_REMOVE_FILES = ("DeleteAccessPoint", "DeleteFileSystem", *_UNMOUNT_FILES)
_SEE_NETWORK = ("DescribeSecurityGroups",)
_REMOVE_NETWORK = ("DeleteSecurityGroup", "RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress")

_LISTS = "Lists and descriptions of EC2, EFS, Logs, Scheduler and SageMaker know no resources."


@dataclass(frozen=True)
class DomainRef:
    """A domain of the stage's own, and the VPC in which it leaves things behind."""

    domain_id: str
    vpc_id: str
    resource: Construct


def domain_variable(own: DomainRef | None) -> str:
    """What the functions that tear down are told of the domain: its id, or the word for none of the stage's own."""
    return own.domain_id if own else NO_DOMAIN


def teardown_permissions(scope: Construct, *, settings: Settings, own: DomainRef | None) -> list[Permission]:
    return [
        *stage_permissions(scope, settings=settings, vpc_id=own.vpc_id if own else None),
        *(domain_permissions(scope, settings, own.domain_id) if own else ()),
    ]


def stage_permissions(scope: Construct, *, settings: Settings, vpc_id: str | None) -> list[Permission]:
    """What can be said before the domain has an id; without a domain of the stage's own there is no `vpc_id`."""
    names = Names(settings.stage)
    return [
        *work_permissions(scope, names, machine_arns(scope, names)),
        *(_network_leftovers(scope, vpc_id) if vpc_id else ()),
        # They say how the data that is kept came to be.
        *([] if settings.storage.retain else _job_logs(scope, names)),
    ]


def domain_permissions(scope: Construct, settings: Settings, domain_id: str) -> list[Permission]:
    """The domain, what lives in it, and its home file system."""
    return [*_domain(scope, domain_id), *_home_files(scope, domain_id, retain=settings.storage.retain)]


def machine_arns(scope: Construct, names: Names) -> list[str]:
    """The machines whose executions teardown stops: all but its own, each before those that it starts."""
    own = machine_arn(scope, names, "teardown")
    return [machine for machine in all_machine_arns(scope, names) if machine != own]


def machine_arn(scope: Construct, names: Names, machine: str) -> str:
    """By name: a machine names its functions, and is deployed after the domain's stack, so neither can refer to it."""
    return arn(scope, "states", f"stateMachine:{names.machine(machine)}")


def all_machine_arns(scope: Construct, names: Names) -> list[str]:
    """Each before those that it starts."""
    return [machine_arn(scope, names, machine) for machine in reversed(MACHINES)]


def own_stack(scope: Construct) -> Permission:
    """An update deletes resources too; only CloudFormation knows whether the whole stack goes."""
    return Permission("cloudformation", ["DescribeStacks"], [Stack.of(scope).stack_id])


def work_permissions(scope: Construct, names: Names, machines: Sequence[str]) -> list[Permission]:
    """What runs for the stage: to see it, and to stop it."""
    return [*_schedules_and_executions(scope, names, machines), *jobs_permissions(scope, names)]


def _schedules_and_executions(scope: Construct, names: Names, machines: Sequence[str]) -> list[Permission]:
    executions = [f"{machine.replace(':stateMachine:', ':execution:')}:*" for machine in machines]
    schedules = [arn(scope, "scheduler", f"schedule/{names.schedule_group}/*")]
    return [
        Permission("scheduler", ["ListSchedules"], ANY, _LISTS),
        Permission("scheduler", ["DeleteSchedule"], schedules, "The schedules of this stage's own group."),
        Permission("states", ["ListExecutions"], machines),
        Permission("states", ["StopExecution"], executions, "Executions of these very machines."),
    ]


def jobs_permissions(scope: Construct, names: Names) -> list[Permission]:
    """To see jobs of the stage, and to stop them."""
    jobs = [arn(scope, "sagemaker", f"{kind}/{names.job_prefix}*") for kind in _JOB_KINDS]
    return [
        Permission("sagemaker", ["ListLabelingJobs", "ListProcessingJobs"], ANY, _LISTS),
        Permission(
            "sagemaker", _JOB_ACTIONS, jobs, "A job's name holds data set and run; the stage's prefix is exact."
        ),
    ]


def _domain(scope: Construct, domain_id: str) -> list[Permission]:
    parts = [arn(scope, "sagemaker", f"{part}/{domain_id}/*") for part in _DOMAIN_PARTS]
    domain = arn(scope, "sagemaker", f"domain/{domain_id}")
    return [
        Permission("sagemaker", ["ListApps", "ListSpaces", "ListUserProfiles"], ANY, _LISTS),
        Permission("sagemaker", _DOMAIN_ACTIONS, [*parts, domain], "Whatever hangs on this one domain."),
    ]


def _home_files(scope: Construct, domain_id: str, *, retain: bool) -> list[Permission]:
    """SageMaker tags the home file system with its domain. One that is kept only lets go of the subnets."""
    domain = arn(scope, "sagemaker", f"domain/{domain_id}")
    kinds = ("file-system",) if retain else ("file-system", "access-point")
    files = [arn(scope, "elasticfilesystem", f"{kind}/*") for kind in kinds]
    of_domain = {"StringEquals": {"aws:ResourceTag/ManagedByAmazonSageMakerResource": domain}}
    actions = _UNMOUNT_FILES if retain else _REMOVE_FILES
    return [
        Permission("elasticfilesystem", actions, files, "Only files of this domain: the tag is asked for.", of_domain),
    ]


def _network_leftovers(scope: Construct, vpc_id: str) -> list[Permission]:
    """Groups and interfaces are known by the domain's VPC."""
    groups, interfaces = ([arn(scope, "ec2", f"{kind}/*")] for kind in ("security-group", "network-interface"))
    in_vpc = {"ArnEquals": {"ec2:Vpc": arn(scope, "ec2", f"vpc/{vpc_id}")}}
    return [
        Permission("elasticfilesystem", _SEE_FILES, ANY, _LISTS),
        Permission("ec2", _SEE_NETWORK, ANY, _LISTS),
        Permission("ec2", _REMOVE_NETWORK, groups, "Only in the VPC of this stage's own domain.", in_vpc),
        # DeleteMountTarget asks for it: docs.aws.amazon.com/efs/latest/ug/API_DeleteMountTarget.html.
        Permission(
            "ec2", ["DeleteNetworkInterface"], interfaces, "Only in the VPC of this stage's own domain.", in_vpc
        ),
    ]


def _job_logs(scope: Construct, names: Names) -> list[Permission]:
    """IAM knows a log group as `<its ARN>:*`. Others' streams are in it too; only those of our jobs may be deleted."""
    group = arn(scope, "logs", f"log-group:{JOB_LOG_GROUP}")
    streams = f"{group}:log-stream:{names.job_prefix}*"
    return [
        Permission("logs", ["DescribeLogGroups"], ANY, _LISTS),
        Permission(
            "logs", ["DeleteLogGroup", "DescribeLogStreams"], [f"{group}:*"], "One log group; IAM names it with `:*`."
        ),
        Permission(
            "logs", ["DeleteLogStream"], [streams], "A stream's name begins with its job's; the prefix is ours."
        ),
    ]
