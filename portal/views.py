"""The job list, the task page, and what a worker does with a task."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from portal import elements_script
from portal.exchange import Exchange, Refusal
from portal.pages import page, static_path
from portal.work import BadAnswer, Gone, Interface, JobCard, NotShown, Preview, Task

SHOWN_ENDED = 10
_SANDBOX = "sandbox allow-scripts allow-forms"


def start(exchange: Exchange) -> Response:
    return RedirectResponse("/jobs" if exchange.person else "/login", 303)


def jobs(exchange: Exchange) -> Response:
    cards = exchange.work.jobs(exchange.worker)
    if exchange.as_json:
        return JSONResponse({"jobs": [card.shown() for card in cards]})
    opened = [card for card in cards if card.open]
    ended = [card for card in cards if not card.open]
    return page("jobs", title="Jobs", email=exchange.worker.email, jobs=opened, ended=ended[:SHOWN_ENDED])


def job(exchange: Exchange) -> Response:
    """Where a worker waits when there is no task at present."""
    card = job_of(exchange)
    if exchange.as_json:
        return JSONResponse(card.shown())
    return page("waiting", title=card.title, email=exchange.worker.email, job=card)


def next_task(exchange: Exchange) -> Response:
    card = job_of(exchange)
    found = exchange.work.take(exchange.worker, card.name)
    return offered(exchange, found, card, card.path)


def undo(exchange: Exchange) -> Response:
    """The worker's last answer as a task once more."""
    found = exchange.work.undo(exchange.worker, job_of(exchange).name)
    if found is None:
        raise Refusal(409, "It is too late: your last answer is part of a label already, or the job has ended.")
    return JSONResponse({"task": found.shown()})


def task(exchange: Exchange) -> Response:
    found = _task(exchange)
    if exchange.as_json:
        return JSONResponse({"task": found.shown()})
    return page("task", title=found.title, email=exchange.worker.email, task=found)


def interface(exchange: Exchange) -> Response:
    """The interface may be anybody's HTML: it gets no origin, so it cannot use the worker's session."""
    return interface_of(exchange, _task(exchange))


def preview(exchange: Exchange) -> Response:
    """For whoever has the link: a task as workers will see it. Nothing is recorded."""
    return page("preview", title=_preview(exchange).title, address=f"{exchange.request.url.path}/interface")


def preview_interface(exchange: Exchange) -> Response:
    return framed(exchange, _preview(exchange).interface)


def _preview(exchange: Exchange) -> Preview:
    try:
        found = exchange.work.preview(exchange.request.path_params["name"], script())
    except NotShown as error:
        raise Refusal(500, f"The page cannot be shown: {error}") from error
    if found is None:
        raise Refusal(404, "There is no such preview any more. Ask for a new link.")
    return found


def script() -> str:
    """The address of the elements."""
    return f"{static_path()}/{elements_script.NAME}"


def offered(exchange: Exchange, found: Task | None, card: JobCard, waiting: str) -> Response:
    """The next task, or where to wait for one."""
    if exchange.as_json:
        return JSONResponse({"task": found.shown() if found else None, "status": card.status})
    return RedirectResponse(found.path if found else waiting, 303)


def interface_of(exchange: Exchange, task: Task) -> Response:
    """Raises Refusal: the template cannot be shown."""
    try:
        made = exchange.work.interface(exchange.worker, task, script())
    except NotShown as error:
        raise Refusal(500, f"The job's worker template cannot be shown: {error}") from error
    return framed(exchange, made)


@contextmanager
def refusing() -> Iterator[None]:
    """What cannot be an answer, and what is no longer this person's, is refused."""
    try:
        yield
    except BadAnswer as error:
        raise Refusal(400, str(error)) from error
    except Gone as error:
        raise Refusal(404, str(error)) from error


def framed(exchange: Exchange, made: Interface) -> Response:
    """For a sandboxed frame."""
    base = exchange.request.base_url
    ours = f"frame-ancestors {base.scheme}://{base.netloc}"
    policy = "; ".join([_SANDBOX, *([] if made.trusted else _strict(exchange, made)), ours])
    return HTMLResponse(made.html, headers={"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"})


def _strict(exchange: Exchange, made: Interface) -> list[str]:
    """A sandboxed page has no origin of its own, so ours is named."""
    base, media = exchange.request.base_url, " ".join(made.sources)
    return [
        "default-src 'none'",
        f"script-src {base.scheme}://{base.netloc}{static_path()}/",
        "style-src 'unsafe-inline'",
        f"img-src data: {media}",
        f"media-src {media}",
        f"connect-src {media}",
        "base-uri 'none'",
        "form-action 'none'",
    ]


def submit(exchange: Exchange) -> Response:
    name, task_id = names_of(exchange)
    with refusing():
        exchange.work.submit(exchange.worker, name, task_id, exchange.fields)
    return JSONResponse({"status": "submitted"})


def skip(exchange: Exchange) -> Response:
    return _give_back(exchange, for_good=False)


def decline(exchange: Exchange) -> Response:
    return _give_back(exchange, for_good=True)


def _give_back(exchange: Exchange, *, for_good: bool) -> Response:
    name, task_id = names_of(exchange)
    with refusing():
        exchange.work.give_back(exchange.worker, name, task_id, for_good=for_good)
    return JSONResponse({"status": "declined" if for_good else "skipped"})


def names_of(exchange: Exchange) -> tuple[str, str]:
    """Of job and task."""
    parameters = exchange.request.path_params
    return parameters["name"], parameters["task"]


def job_of(exchange: Exchange) -> JobCard:
    """Raises Refusal: there is none for this person."""
    name = exchange.request.path_params["name"]
    found = exchange.work.job(exchange.worker, name)
    if found is None:
        raise Refusal(404, f"There is no job {name} for you.")
    return found


def _task(exchange: Exchange) -> Task:
    name, task_id = names_of(exchange)
    found = exchange.work.task(exchange.worker, name, task_id)
    if found is None:
        card = exchange.work.job(exchange.worker, name)
        message = "This task is no longer yours: it was done, its time ran out, or the job ended."
        raise Refusal(404, message, next_at=f"{card.path}/next" if card and card.open else None)
    return found
