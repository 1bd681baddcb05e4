"""The places where the local cloud extends ministack, checked before anything is registered.

All of them are ministack's internals, so its version is pinned exactly and each name is looked for at start: an upgrade
that moves one stops the server with that name, instead of a deploy that fails strangely much later.
"""

from __future__ import annotations

import importlib
from importlib.metadata import PackageNotFoundError, version

MINISTACK = "1.5.33"

NAMES: dict[str, tuple[str, ...]] = {
    "ministack.app": (
        "SERVICE_REGISTRY",
        "SERVICE_HANDLERS",
        "_lazy_handler",
        "_docker_socket_present",
        "app",
        "_stop_docker_containers",
        "_send_response",
        "_routing_params",
    ),
    "ministack.core.iam_evaluator": ("_resolve_managed_policy_document", "_resource_policy"),
    "ministack.core.router": ("SERVICE_PATTERNS", "extract_access_key_id"),
    "ministack.core.concurrency": ("run_reentrant",),
    "ministack.core.iam_actions": (
        "SERVICE_TO_IAM_NAMESPACE",
        "_s3_action",
        "access_denied_response",
        "extract_resource_arn",
        "s3_additional_checks",
    ),
    "ministack.core.lambda_runtime": (
        "_PYTHON_WORKER_SCRIPT",
        "_NODEJS_WORKER_SCRIPT",
        "_detect_runtime_binary",
        "execution_credentials",
        "Worker",
    ),
    "ministack.core.responses": ("AccountScopedDict", "AccountRegionScopedDict"),
    "ministack.services.apigateway": (
        "_apis",
        "_create_api",
        "_delete_api",
        "_get_api",
        "decode_http_api_path",
        "handle_execute",
        "run_reentrant",
        "stages_for_api",
    ),
    "ministack.services.cloudwatch_logs": ("_log_groups",),
    "ministack.services.cognito": (
        "_admin_create_user",
        "_admin_initiate_auth",
        "_create_user_pool_client",
        "_create_user_pool_domain",
        "_find_pool_by_client_id",
        "_generate_temp_password",
        "_oauth2_error",
        "_password_policy_errors",
        "_qp",
        "_sign_up",
        "_user_pools",
        "_verify_pkce",
        "handle_login_submit",
        "handle_logout",
        "handle_oauth2_authorize",
    ),
    "ministack.services.dynamodb": ("_tables",),
    "ministack.services.ec2": (
        "_ACTION_MAP",
        "_network_interfaces",
        "_subnets",
        "_vpc_endpoints",
        "_security_groups",
        "_tags",
        "_p",
        "_error",
        "_xml",
        "_parse_filters",
        "_parse_member_list",
        "_create_security_group",
        "_authorize_sg_ingress",
        "_authorize_sg_egress",
    ),
    "ministack.services.efs": (
        "_file_systems",
        "_mount_targets",
        "_access_points",
        "_create_file_system",
        "_delete_file_system",
        "_create_mount_target",
        "_delete_mount_target",
        "_modify_mount_target_security_groups",
        "_delete_access_point",
    ),
    "ministack.services.eventbridge": (
        "_invoke_target",
        "_put_events",
    ),
    "ministack.services.iam": ("_roles",),
    "ministack.services.scheduler": ("_at_time_epoch", "_create_schedule", "_error", "_update_schedule"),
    "ministack.services.secretsmanager": ("_resolve",),
    "ministack.services.sns": ("_topics",),
    "ministack.services.sqs": ("_queue_by_arn",),
    "ministack.services.sts": ("_sessions", "register_session"),
    "ministack.services.tagging": ("resource_tags",),
    "ministack.services.lambda_svc": (
        "_emit_lambda_logs",
        "_execute_function_warm",
        "_execute_function_with_config_scope",
        "_functions",
        "_get_func_record_for_ref",
    ),
    "ministack.services.s3": ("_bucket_tags", "_buckets", "_dispatch", "_error", "_bucket_encryption"),
    "ministack.services.stepfunctions": (
        "_AWS_SDK_SERVICE_MAP",
        "_AWS_SDK_ERROR_PREFIX",
        "_AWS_SDK_ERROR_CODE_OVERRIDES",
        "_SERVICE_DISPATCH",
        "_ExecutionError",
        "_add_event",
        "_apply_jsonata_output",
        "_apply_output_path",
        "_describe_execution",
        "_error_matches",
        "_execute_choice",
        "_executions",
        "_fail_execution",
        "_invoke_nested_start_execution_sync",
        "_invoke_resource",
        "_invoke_resource_with_timeout",
        "_invoke_with_callback",
        "_nested_start_execution_request",
        "_run_execution",
        "_send_task_success",
        "_start_execution",
        "_state_query_language",
        "_stop_execution",
        "_task_tokens",
        "_call_lambda",
        "_invoke_nested_start_execution",
        "_state_machines",
    ),
    "ministack.services.cloudformation": ("_change_sets", "_stacks"),
    "ministack.services.cloudformation.provisioners": (
        "_RESOURCE_HANDLERS",
        "_STACK_TAG_PROPERTY",
        "_apigw_v2_api_create",
        "_apigw_v2_api_delete",
    ),
    "ministack.services.cloudformation.stacks": ("_provision_resource", "_runs_on_worker_thread"),
}


class HookMissingError(RuntimeError):
    """ministack is not the version that the local cloud extends, or lacks a name that it extends."""


def check() -> None:
    """Raise HookMissingError that says what is missing and what to do."""
    try:
        found = version("ministack")
    except PackageNotFoundError as error:
        raise HookMissingError("ministack is not installed in this environment: use .venv-localcloud") from error
    if found != MINISTACK:
        raise HookMissingError(
            f"ministack {found} is installed, but the local cloud extends {MINISTACK}: run `make setup`"
        )
    missing = [f"{module}.{name}" for module, names in NAMES.items() for name in names if not _has(module, name)]
    if missing:
        raise HookMissingError(f"ministack {found} lacks {', '.join(missing)}: adapt localcloud/hooks.py and its users")


def _has(module: str, name: str) -> bool:
    try:
        return hasattr(importlib.import_module(module), name)
    except ModuleNotFoundError:
        return False
