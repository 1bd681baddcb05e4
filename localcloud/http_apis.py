"""API Gateway's HTTP APIs, each at an address of its own: http://127.0.0.1:<port>, the root of its $default stage.

ministack names a host of its own for each API, which no browser resolves, and below which cookies and redirects do not
work. What the API does with a request stays ministack's; the event that a function gets is completed as AWS documents
it: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import time
from collections.abc import Awaitable, Callable
from email.utils import formatdate
from typing import Any
from urllib.parse import parse_qs, urlsplit

import ministack.app
from ministack.services import apigateway, lambda_svc
from ministack.services.cloudformation import provisioners

from localcloud import foreign_pages
from localcloud.serving import Serving, listen, serve_on

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Answer = tuple[int, dict[str, Any], Any]

# https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html (payload size)
BODY_LIMIT_BYTES = 10_485_760
_STAGE = "$default"
_OF_THE_CONNECTION = {"connection", "keep-alive", "proxy-connection", "te", "transfer-encoding", "upgrade"}
_SERVED: dict[str, Serving] = {}
_LOG = logging.getLogger("localcloud")


def register() -> None:
    apigateway.run_reentrant = _completing(apigateway.run_reentrant)
    _follow_cloudformation()
    _follow_requests()


def reopen() -> None:
    """Serve the APIs that were kept, at the same ports when they are free."""
    for (_account, _region, api_id), api in list(apigateway._apis.all_items()):
        _open(api_id, api, urlsplit(api["apiEndpoint"]).port)


def close_all() -> None:
    for api_id in list(_SERVED):
        _close(api_id)


def _open(api_id: str, api: dict[str, Any], port_hint: int | None = None) -> str:
    """The API's address. One of a WebSocket API is ministack's."""
    if api["protocolType"] == "HTTP":
        _SERVED[api_id] = serve_on(listen(port_hint), _Api(api_id), f"http-api-{api_id}")
        api["apiEndpoint"] = _SERVED[api_id].url
    return str(api["apiEndpoint"])


def _close(api_id: str) -> None:
    serving = _SERVED.pop(api_id, None)
    if serving is not None:
        serving.begin_to_stop()


def _follow_cloudformation() -> None:
    handler = provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"]
    create, delete = handler["create"], handler["delete"]

    def create_api(logical_id: str, properties: dict[str, Any], stack: str) -> Any:
        api_id, attributes = create(logical_id, properties, stack)
        return api_id, {**attributes, "ApiEndpoint": _open(api_id, apigateway._apis[api_id])}

    def delete_api(api_id: str, properties: dict[str, Any]) -> None:
        _close(api_id)
        delete(api_id, properties)

    handler["create"] = provisioners._apigw_v2_api_create = create_api  # the second is what a replacement calls
    handler["delete"] = provisioners._apigw_v2_api_delete = delete_api


def _follow_requests() -> None:
    create, delete = apigateway._create_api, apigateway._delete_api

    def create_api(data: dict[str, Any]) -> Answer:
        status, headers, body = create(data)
        if status == 201:
            api_id = json.loads(body)["apiId"]
            _open(api_id, apigateway._apis[api_id])
            _, headers, body = apigateway._get_api(api_id)
        return status, headers, body

    def delete_api(api_id: str) -> Any:
        _close(api_id)
        return delete(api_id)

    apigateway._create_api, apigateway._delete_api = create_api, delete_api


class _Api:
    """The ASGI application of one API."""

    def __init__(self, api_id: str) -> None:
        self._id = api_id

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while (message := await receive())["type"] != "lifespan.shutdown":
                await send({"type": f"{message['type']}.complete"})
            await send({"type": "lifespan.shutdown.complete"})
        elif reason := foreign_pages.foreign_host(scope["headers"]):
            await foreign_pages.refuse(scope, send, reason)
        elif scope["type"] == "websocket":
            await foreign_pages.refuse(scope, send, "An HTTP API has no WebSockets.")
        else:
            body = await _read(receive)
            if body is not None:
                status, headers, content = await self._answer(scope, body)
                dated = {"Date": formatdate(usegmt=True), **headers}
                await ministack.app._send_response(send, status, dated, content)

    async def _answer(self, scope: dict[str, Any], body: bytes) -> Answer:
        if len(body) > BODY_LIMIT_BYTES:
            return _message(413, "Request Entity Too Large")
        if _STAGE not in apigateway.stages_for_api(self._id):
            return _message(404, "Not Found")
        path = apigateway.decode_http_api_path(scope["raw_path"].decode("latin-1"))
        query = scope["query_string"].decode("latin-1")
        try:
            status, headers, content = await apigateway.handle_execute(
                self._id,
                _STAGE,
                path,
                scope["method"],
                _headers(scope, len(body)),
                body,
                parse_qs(query, keep_blank_values=True),
                raw_query_string=query,
            )
            answer = int(status), {"apigw-requestid": secrets.token_urlsafe(12), **headers}, content
        except Exception:  # noqa: BLE001  (a function may answer anything)
            _LOG.exception("HTTP API %s", self._id)
            return _message(500, "Internal Server Error")
        return answer


async def _read(receive: Receive) -> bytes | None:
    """The request's body, or what is just too much of it; None when the client leaves before its end."""
    parts: list[bytes] = []
    more, size = True, 0
    while more and size <= BODY_LIMIT_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        more = message.get("more_body", False)
    return b"".join(parts)


def _message(status: int, text: str) -> Answer:
    return status, {"Content-Type": "application/json"}, json.dumps({"message": text}, separators=(",", ":"))


def _headers(scope: dict[str, Any], size: int) -> dict[str, str]:
    """In lower case, repeated ones joined, with those that API Gateway adds."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name not in _OF_THE_CONNECTION:
            joint = "; " if name == "cookie" else ","
            headers[name] = f"{headers[name]}{joint}{value}" if name in headers else value
    came_by = [headers["x-forwarded-for"]] if "x-forwarded-for" in headers else []
    trace = f"Root=1-{int(time.time()):08x}-{os.urandom(12).hex()}"
    return {
        "x-amzn-trace-id": trace,
        **headers,
        "content-length": str(size),
        "x-forwarded-for": ", ".join([*came_by, scope["client"][0]]),
        "x-forwarded-port": str(scope["server"][1]),
        "x-forwarded-proto": "http",
    }


def _completing(run: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """What ministack's execute path runs off its loop: here the function's event is whole, and its outcome known."""

    async def run_completed(call: Any, *arguments: Any, **options: Any) -> Any:
        if call is not lambda_svc._execute_function_with_config_scope:
            return await run(call, *arguments, **options)
        record, event = arguments
        result = await run(call, record, _completed(event), **options)
        return _failed(result) if result.get("error") and not result.get("throttle") else result

    return run_completed


def _completed(event: dict[str, Any]) -> dict[str, Any]:
    """Cookies are a list and no header; the domain is the one that was asked, with its port."""
    if event.get("version") != "2.0" or "http" not in event.get("requestContext", {}):
        return event
    headers = dict(event["headers"])
    cookies = [cookie.strip() for cookie in headers.pop("cookie", "").split(";") if cookie.strip()]
    host = headers.get("host", event["requestContext"]["domainName"])
    context = {**event["requestContext"], "domainName": host, "domainPrefix": host.split(".")[0]}
    whole = {**event, "headers": headers, "requestContext": context, "cookies": cookies or None}
    return {name: value for name, value in whole.items() if value is not None}


def _failed(result: dict[str, Any]) -> dict[str, Any]:
    """A caller learns nothing of a function's error.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-troubleshooting-lambda.html
    """
    status, headers, body = _message(500, "Internal Server Error")
    return {**result, "body": {"statusCode": status, "headers": headers, "body": body}}
