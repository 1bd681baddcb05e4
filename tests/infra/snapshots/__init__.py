"""Templates as they were reviewed: of each resource its kind and the properties that a reviewer looks at first.

Rights are left out, for `docs/permissions.md` has them, as are definitions of state machines, which are files, and
hashes of code. `python -m tests.infra.update_snapshots` writes them anew; what changed is reviewed as all changes are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.infra import variants as v

FOLDER = Path(__file__).parent
REVIEWED = {
    "ground-truth": v.IAM_PUBLIC,
    "guarded": v.SSO_PRIVATE,
    "nat-and-demands": v.DEMANDING,
    "nobody-labels": v.NOT_LABELING,
    "portal": v.IN_PORTAL,
    "portal-guarded": v.PORTAL_GUARDED,
    "label-studio": v.IN_LABEL_STUDIO,
    "by-itself": v.BY_ITSELF,
    "given-bucket-no-domain": v.WITHOUT_STUDIO,
    "given-domain": v.GIVEN_DOMAIN,
    "given-vpc": v.GIVEN_VPC,
    "given-group-own-key": v.GIVEN_GROUP,
}
"""By the name of the file: the variant."""
_LOOKED_AT = {
    *("AdminCreateUserConfig", "AlarmName", "AppNetworkAccessType", "Architectures", "AuthMode", "BillingMode"),
    *("BucketEncryption", "BucketName", "CidrBlock", "CidrIp", "CorsConfiguration", "DashboardName", "Domain"),
    *("DomainName", "EnableKeyRotation", "EphemeralStorage", "FromPort", "FunctionName", "GroupName", "IpProtocol"),
    *("KeySchema", "KmsKeyArn", "KmsKeyId", "KmsMasterKeyId", "LifecycleConfiguration", "LogGroupName"),
    *("ManagedPolicyArns", "MemorySize", "MetricName", "MfaConfiguration", "Name", "Path", "PermissionsBoundary"),
    *("PointInTimeRecoverySpecification", "PublicAccessBlockConfiguration", "RetentionInDays", "Runtime"),
    *("SSESpecification", "ScheduleExpression", "SecurityGroupEgress", "SecurityGroupIngress", "ServiceName"),
    *("ServiceTimeout", "Settings", "SqsManagedSseEnabled", "State", "StateMachineName", "SubnetIds", "TagPropagation"),
    *("Threshold", "TimeToLiveSpecification", "Timeout", "ToPort", "UserPoolName", "VersioningConfiguration"),
    *("VpcEndpointType", "VpcId"),
}
_HASH = re.compile(r"\b[0-9a-f]{64}\b")
_BY_CODE = {"AWS::Lambda::LayerVersion"}
"""Their logical ids hold a hash of what is in them."""


def reviewed(templates: Mapping[str, dict[str, Any]]) -> str:
    """Of one variant, as the file has it. `templates` by the stack's name or part."""
    return _HASH.sub("<hash>", json.dumps(reduced(templates), indent=1, sort_keys=True)) + "\n"


def reduced(templates: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {
        name.rsplit("-", 1)[-1]: {
            _title(identity, resource): _seen(resource) for identity, resource in template["Resources"].items()
        }
        for name, template in templates.items()
    }


def _title(identity: str, resource: dict[str, Any]) -> str:
    kind = resource["Type"]
    return kind if kind in _BY_CODE else f"{kind} {identity}"


def _seen(resource: dict[str, Any]) -> dict[str, Any]:
    properties = {key: one for key, one in resource.get("Properties", {}).items() if key in _LOOKED_AT}
    policy = {"DeletionPolicy": resource["DeletionPolicy"]} if "DeletionPolicy" in resource else {}
    return {**policy, **properties}
