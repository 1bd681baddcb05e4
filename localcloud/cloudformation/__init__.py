"""CloudFormation of the local cloud: ministack's, plus the resource types that it lacks."""

from __future__ import annotations


def register() -> None:
    from localcloud.cloudformation import budgets, cognito, ec2, failures, keys, patience, registry, s3, sagemaker

    for module in (budgets, cognito, ec2, keys, s3, sagemaker):
        module.register_types()
    registry.run_on_worker_threads()
    patience.register()
    failures.register()
