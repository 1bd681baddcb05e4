"""What a job in our own portal costs, by list prices: requests, the function's time, reads and writes of its table."""

from __future__ import annotations

from domain.labeling.cost import enough
from domain.prices import DYNAMODB_READ, DYNAMODB_WRITE, HTTP_API_REQUEST, LAMBDA_GB_SECOND, LAMBDA_REQUEST, S3_GET
from domain.workflow.inputs import CostEstimate, LabelingTask

_REQUESTS = 5
"""To take a task, see its page, its interface and what the page loads, and send the answer."""
_SECONDS, _GIGABYTES = 0.15, 1.0
"""Of the function for one request: its memory is PortalStack's."""
_ANSWER_WRITES, _ANSWER_READS = 20, 12
"""The object and the worker, each in two transactions, with the index and a gate: items of 1 to 2 KB."""
_OBJECT_WRITES, _OBJECT_READS = 4, 4
"""An object is put once in a transaction, with the index, and read once at the end, strongly consistent."""


def price(task: LabelingTask, objects: int) -> CostEstimate:
    """As if everybody answered what she gets."""
    answers = min(objects, enough(task, objects) or objects) * task.workers_at_most
    request = HTTP_API_REQUEST + LAMBDA_REQUEST + _SECONDS * _GIGABYTES * LAMBDA_GB_SECOND
    usd = (
        answers * (_REQUESTS * request + S3_GET)
        + (answers * _ANSWER_WRITES + objects * _OBJECT_WRITES) * DYNAMODB_WRITE
        + (answers * _ANSWER_READS + objects * _OBJECT_READS) * DYNAMODB_READ
    )
    each = ", each asked again as often as may be" if task.ask_again_below is not None else ""
    told = f"{answers:,} answers of {objects:,} objects{each}, by requests, the function's time and the table's writes"
    return CostEstimate(usd=round(usd, 6), made_of=told, besides="what people skip, take back or look at twice")
