"""What a request to the server calls: service, operation and parameters, whatever the protocol."""

from __future__ import annotations

import importlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qs, unquote

import botocore.session
from ministack.core import iam_actions

Query = Mapping[str, Any]
# Of REST services, the model that has their paths.
_MODELS = {
    "apigateway": "apigatewayv2",
    "elasticfilesystem": "efs",
    "lambda": "lambda",
    "scheduler": "scheduler",
    "xray": "xray",
}


@dataclass(frozen=True)
class Call:
    """`service` as policies name it (`states`); `operation` as its API does, of S3 as policies do. `params`: by the
    API's names; of the query protocol flat, as they are sent (`GroupId.1`).
    """

    service: str
    operation: str
    params: Mapping[str, Any]

    def many(self, name: str) -> list[Any]:
        """A list, in either form."""
        if isinstance(self.params.get(name), list):
            return list(self.params[name])
        return [value for key, value in self.params.items() if re.fullmatch(rf"{name}(\.member)?\.\d+", key)]


def parse(service: str, method: str, path: str, headers: Mapping[str, str], body: bytes, query: Query) -> Call | None:
    """None for what is no operation that is known, such as a page for a browser. `service` as ministack names it."""
    namespace = iam_actions.SERVICE_TO_IAM_NAMESPACE.get(service, service)
    if service == "s3":
        return _of_s3(method, path, query)
    if target := headers.get("x-amz-target"):
        return Call(namespace, target.rsplit(".", 1)[-1], _json(body))
    form = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True) if b"Action=" in (body or b"") else {}
    flat = {key: value[0] if isinstance(value, list) else value for key, value in {**form, **query}.items()}
    if "Action" in flat:
        return Call(namespace, flat["Action"], flat)
    if found := re.search(r"/operation/(\w+)$", path):
        return Call(namespace, found[1], _cbor(body))
    return _of_rest(namespace, method, path, flat, body) if service in _MODELS else None


def _of_s3(method: str, path: str, query: Query) -> Call | None:
    action = iam_actions._s3_action(method, path, query)
    bucket, _, key = path.lstrip("/").partition("/")
    first = {name: value[0] if isinstance(value, list) else value for name, value in query.items()}
    return Call("s3", action, {**first, "Bucket": bucket, "Key": key}) if action else None


def _cbor(body: bytes) -> dict[str, Any]:
    cbor2 = importlib.import_module("cbor2")  # ministack's, and only its environment has it
    return dict(cbor2.loads(body)) if body else {}


def _of_rest(namespace: str, method: str, path: str, query: Mapping[str, str], body: bytes) -> Call | None:
    for verb, pattern, operation, names in _routes(_MODELS[namespace]):
        found = pattern.fullmatch(path.rstrip("/")) if verb == method else None
        if found:
            labels = {names[index]: unquote(value) for index, value in enumerate(found.groups())}
            given = {_members(_MODELS[namespace], operation).get(name, name): value for name, value in query.items()}
            return Call(namespace, operation, {**_json(body), **given, **labels})
    return None


def _json(body: bytes) -> dict[str, Any]:
    """A body may be anything: that of an invocation is the function's event; a broken one the service refuses."""
    try:
        read = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


@cache
def _routes(model: str) -> list[tuple[str, re.Pattern[str], str, list[str]]]:
    """Those with the most letters first: `/functions/{name}/policy` before `/functions/{name}`."""
    service = _model(model)
    routes = []
    for operation in map(service.operation_model, service.operation_names):
        uri = operation.http["requestUri"].split("?")[0].rstrip("/")
        members = _members(model, operation.name)
        names = [members.get(label, label) for label in re.findall(r"\{(\w+)\+?\}", uri)]
        letters = len(re.sub(r"\{.*?\}", "", uri))
        pattern = "".join(
            ("(.+)" if part.endswith("+}") else "([^/]+)") if part.startswith("{") else re.escape(part)
            for part in re.split(r"(\{\w+\+?\})", uri)
        )
        routes.append((letters, operation.http["method"], re.compile(pattern), operation.name, names))
    return [route[1:] for route in sorted(routes, key=lambda route: -route[0])]


@cache
def _model(name: str) -> Any:
    return botocore.session.get_session().get_service_model(name)


@cache
def _members(model: str, operation: str) -> dict[str, str]:
    """By how they are named on the way."""
    shape = _model(model).operation_model(operation).input_shape
    return {one.serialization.get("name", name): name for name, one in shape.members.items()} if shape else {}
