"""What a job in our own portal costs, by list prices: requests, the function's time, reads and writes of its table."""

from __future__ import annotations

from functools import partial

from domain import prices
from domain.labeling.cost import enough
from domain.workflow.inputs import CostEstimate, LabelingTask

_REQUESTS = 5
"""To take a task, see its page, its interface and what the page loads, and send the answer."""
_SECONDS, _GIGABYTES = 0.15, 1.0
"""Of the function for one request: its memory is PortalStack's."""
_ANSWER_WRITES, _ANSWER_READS = 20, 12
"""The object and the worker, each in two transactions, with the index and a gate: items of 1 to 2 KB."""
_OBJECT_WRITES, _OBJECT_READS = 4, 4
"""An object is put once in a transaction, with the index, and read once at the end, strongly consistent."""


def price(task: LabelingTask, objects: int, region: str = prices.HOME) -> CostEstimate:
    """As if everybody answered what she gets."""
    usd_of = partial(prices.usd, region=region)
    answers = min(objects, enough(task, objects) or objects) * task.workers_at_most
    seconds = _SECONDS * _GIGABYTES * usd_of("lambda/gb-second")
    request = usd_of("http-api/request") + usd_of("lambda/request") + seconds
    usd = (
        answers * (_REQUESTS * request + usd_of("s3/get"))
        + (answers * _ANSWER_WRITES + objects * _OBJECT_WRITES) * usd_of("dynamodb/write")
        + (answers * _ANSWER_READS + objects * _OBJECT_READS) * usd_of("dynamodb/read")
    )
    each = ", each asked again as often as may be" if task.ask_again_below is not None else ""
    told = f"{answers:,} answers of {objects:,} objects{each}, by requests, the function's time and the table's writes"
    return CostEstimate(usd=round(usd, 6), made_of=told, besides="what people skip, take back or look at twice")
