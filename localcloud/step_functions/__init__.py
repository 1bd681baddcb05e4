"""Step Functions of the local cloud: ministack's interpreter, SageMaker's integrations, what AWS does differently."""

from __future__ import annotations


def register() -> None:
    from localcloud.step_functions import callback, language, limits, nested, redrive, requests, running, sagemaker

    running.register()
    language.register()
    nested.register()
    callback.register()
    sagemaker.register()
    requests.register()
    limits.register()
    redrive.register()
