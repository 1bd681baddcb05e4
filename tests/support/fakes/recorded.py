"""Clients that answer from a record: requests and answers are checked against botocore's models, lists come in pages of
one entry, as AWS may cut them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import botocore.loaders
import botocore.model
import botocore.validate
from botocore import xform_name
from botocore.exceptions import ClientError

Answer = Mapping[str, Any] | Callable[..., Mapping[str, Any]]


@cache
def _models(service: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Operations and paginators by boto3's method name."""
    loader = botocore.loaders.Loader()
    model = botocore.model.ServiceModel(loader.load_service_model(service, "service-2"), service)
    operations = {xform_name(name): model.operation_model(name) for name in model.operation_names}
    paginators = loader.load_service_model(service, "paginators-1")["pagination"]
    return operations, {xform_name(name): paginator for name, paginator in paginators.items()}


def _check(shape: Any, values: Mapping[str, Any], told: str) -> None:
    if shape is None:
        assert not values, told
        return
    report = botocore.validate.ParamValidator().validate(values, shape)
    assert not report.has_errors(), f"{told}: {report.generate_report()}"


class RecordedAccount:
    """`answers`: by service and operation, what it answers, or a function of the request. An operation without an
    answer is denied. `asked` holds every request that was answered."""

    def __init__(self, answers: Mapping[str, Mapping[str, Answer]]) -> None:
        self.answers = {service: dict(own) for service, own in answers.items()}
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def client(self, service: str) -> RecordedClient:
        return RecordedClient(service, self)

    def call(self, service: str, operation: str, request: dict[str, Any]) -> dict[str, Any]:
        model = _models(service)[0][operation]
        _check(model.input_shape, request, f"{service}.{operation}")
        if operation not in self.answers.get(service, {}):
            raise ClientError({"Error": {"Code": "AccessDeniedException", "Message": "not authorized"}}, model.name)
        self.asked.append((service, operation, request))
        answer = self.answers[service][operation]
        found = answer(**request) if callable(answer) else answer
        _check(model.output_shape, found, f"answer of {service}.{operation}")
        return dict(found)


class RecordedClient:
    """One service's client."""

    def __init__(self, service: str, account: RecordedAccount) -> None:
        self._service = service
        self._account = account

    def __getattr__(self, operation: str) -> Callable[..., dict[str, Any]]:
        return lambda **request: self._account.call(self._service, operation, request)

    def get_paginator(self, operation: str) -> RecordedPages:
        assert operation in _models(self._service)[1], f"{self._service}.{operation} has no pages"
        return RecordedPages(self._service, operation, self._account)


class RecordedPages:
    """Pages of one."""

    def __init__(self, service: str, operation: str, account: RecordedAccount) -> None:
        self._service = service
        self._operation = operation
        self._account = account

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        keys = _models(self._service)[1][self._operation]["result_key"]
        names = [keys] if isinstance(keys, str) else keys
        answer = self._account.call(self._service, self._operation, request)
        for name in names:
            for entry in answer.get(name, []):
                yield {name: [entry]}
