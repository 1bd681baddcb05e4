"""boto3-like clients over a fake account: requests checked against botocore's models, lists in pages of one, faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from typing import Any

import botocore.loaders
import botocore.model
import botocore.validate
from botocore import xform_name
from botocore.exceptions import ClientError

from adapters.teardown.cloud import Clients
from tests.support.fakes.faults import APPLIED, Faults, raise_fault
from tests.support.fakes.studio import FakeStudio


@cache
def input_shapes(service: str) -> dict[str, Any]:
    """Operations of a service by boto3's method name, with the shape of their requests."""
    model = botocore.model.ServiceModel(botocore.loaders.Loader().load_service_model(service, "service-2"), service)
    return {xform_name(name): model.operation_model(name).input_shape for name in model.operation_names}


def check_request(service: str, operation: str, request: dict[str, Any]) -> None:
    shape = input_shapes(service)[operation]
    report = botocore.validate.ParamValidator().validate(request, shape)
    assert not report.has_errors(), f"{service}.{operation}: {report.generate_report()}"


class FakeClient:
    """One service's client. `member` of a list's pages is looked up as the real paginator names it."""

    def __init__(self, service: str, account: FakeStudio, faults: Faults, *, check: bool) -> None:
        self._service = service
        self._account = account
        self._faults = faults
        self._check = check

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        return lambda **request: self._call(operation, request)

    def _call(self, operation: str, request: dict[str, Any]) -> Any:
        if self._check:
            check_request(self._service, operation, request)
        self._account.settle()
        fault = self._faults.before(operation, str(request))
        carry_out = getattr(self._account, operation)
        if fault == "by hand":  # somebody was quicker by an instant
            with suppress(ClientError):
                carry_out(**request)
        answer = carry_out(**request)
        if fault in APPLIED:
            raise_fault(str(fault), operation)
        if fault == "poison entry":
            return [{}] if isinstance(answer, list) else {}
        return {} if answer is None else answer

    def get_paginator(self, operation: str) -> FakePaginator:
        return FakePaginator(operation, self._call)


class FakePaginator:
    """Pages of one: a further request a page, on the list as it is by then."""

    def __init__(self, operation: str, call: Callable[[str, dict[str, Any]], Any]) -> None:
        self._operation = operation
        self._call = call

    def paginate(self, **request: Any) -> Iterator[dict[str, Any]]:
        seen = 0
        while True:
            entries = self._call(self._operation, request)
            page = entries[seen : seen + 1]
            yield _AnyMember(page)
            seen += 1
            if seen >= len(entries):
                return


class _AnyMember(dict[str, Any]):
    """A page whose list is found under whatever member the caller reads; real pages are tested with real clients."""

    def __init__(self, entries: list[Any]) -> None:
        super().__init__()
        self._entries = entries

    def get(self, key: str, default: Any = None) -> Any:
        return self._entries


def fake_clients(account: FakeStudio, faults: Faults, *, check: bool = True) -> Clients:
    names = ("sagemaker", "efs", "ec2", "scheduler", "stepfunctions", "logs")
    return Clients(*(FakeClient(name, account, faults, check=check) for name in names))
