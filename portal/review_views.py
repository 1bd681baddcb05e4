"""The review queue: an object with all its votes, and what the reviewer makes of it."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from portal.exchange import Exchange, Refusal
from portal.pages import page
from portal.views import interface_of, job_of, names_of, offered, refusing
from portal.work import Reviews, ReviewTask

MAX_COMMENT = 1_000
"""Characters."""


def waiting(exchange: Exchange) -> Response:
    """Where a reviewer is when there is nothing to review at present."""
    _reviews(exchange)
    card = job_of(exchange)
    if exchange.as_json:
        return JSONResponse(card.shown())
    return page("reviewed", title=card.title, email=exchange.worker.email, job=card)


def next_task(exchange: Exchange) -> Response:
    card = job_of(exchange)
    found = _reviews(exchange).take(exchange.worker, card.name)
    return offered(exchange, found, card, card.review_path)


def undo(exchange: Exchange) -> Response:
    """The reviewer's last decision once more."""
    found = _reviews(exchange).undo(exchange.worker, job_of(exchange).name)
    if found is None:
        raise Refusal(409, "It is too late: the job has ended.")
    return JSONResponse({"task": found.shown()})


def task(exchange: Exchange) -> Response:
    found = _task(exchange)
    if exchange.as_json:
        return JSONResponse({"task": found.shown()})
    waits = job_of(exchange).reviews
    return page("review", title=found.title, email=exchange.worker.email, task=found, waits=waits, most=MAX_COMMENT)


def interface(exchange: Exchange) -> Response:
    return interface_of(exchange, _task(exchange))


def submit(exchange: Exchange) -> Response:
    """{"answer": <the form's value, or null: no label fits>, "comment"}"""
    reviews, name, task_id = _reviews(exchange), *names_of(exchange)
    answer, comment = exchange.fields.get("answer"), exchange.fields.get("comment", "")
    if "answer" not in exchange.fields or not (answer is None or isinstance(answer, dict)):
        raise Refusal(400, 'Give {"answer": <the form\'s value, or null where no label fits>, "comment": <text>}.')
    if not isinstance(comment, str) or len(comment) > MAX_COMMENT:
        raise Refusal(400, f"A comment is a text of at most {MAX_COMMENT:,} characters.")
    with refusing():
        reviews.decide(exchange.worker, name, task_id, answer, comment.strip())
    return JSONResponse({"status": "submitted"})


def skip(exchange: Exchange) -> Response:
    name, task_id = names_of(exchange)
    with refusing():
        _reviews(exchange).skip(exchange.worker, name, task_id)
    return JSONResponse({"status": "skipped"})


def _reviews(exchange: Exchange) -> Reviews:
    reviews = exchange.home.reviews
    if reviews is None or not reviews.may(exchange.worker):
        raise Refusal(403, "You are not one of the people who review here. Ask who invited you.")
    return reviews


def _task(exchange: Exchange) -> ReviewTask:
    name, task_id = names_of(exchange)
    found = _reviews(exchange).task(exchange.worker, name, task_id)
    if found is None:
        card = job_of(exchange)
        message = "This review is no longer yours: it was decided, its time ran out, or the job ended."
        raise Refusal(404, message, next_at=f"{card.review_path}/next" if card.open else None)
    return found
