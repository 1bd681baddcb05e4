"""Service Quotas: how many instances processing jobs may use at once, as an account has it that asked for some."""

from __future__ import annotations

import json
from typing import Any

from localcloud import json_services
from localcloud.sagemaker.model import SERVICE

_TARGET = "ServiceQuotasV20190624."
_INSTANCES = 20.0
_PAGE = 100


def register() -> None:
    json_services.add("servicequotas", _TARGET, handle_request)


async def handle_request(
    _method: str, _path: str, headers: dict[str, str], body: bytes, _query: Any
) -> json_services.Response:
    operation, params = headers.get("x-amz-target", "").removeprefix(_TARGET), json.loads(body or b"{}")
    if operation != "ListServiceQuotas":
        return json_services.error("UnknownOperationException", f"{operation}: the local cloud does not emulate it")
    if params.get("ServiceCode") != "sagemaker":
        return json_services.error("NoSuchResourceException", f"no quotas of {params.get('ServiceCode')}")
    start, size = int(params.get("NextToken") or 0), min(params.get("MaxResults") or _PAGE, _PAGE)
    quotas = _quotas()
    more = {"NextToken": str(start + size)} if start + size < len(quotas) else {}
    return json_services.answer(200, {"Quotas": quotas[start : start + size], **more})


def _quotas() -> list[dict[str, Any]]:
    """One for each instance type that SageMaker's model names; the codes are made up."""
    types = SERVICE.shape_for("ProcessingInstanceType").metadata["enum"]
    return [
        {
            "ServiceCode": "sagemaker",
            "QuotaCode": f"L-{number:08X}",
            "QuotaName": f"{kind} for processing job usage",
            "Value": _INSTANCES,
        }
        for number, kind in enumerate(types)
    ]
