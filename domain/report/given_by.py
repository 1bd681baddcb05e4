"""Who gave the labels of a run in rounds: people or the machine, and how far the machine can be trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from domain.labels.assisted import Assisted, Share
from domain.report.html import percent, rendered
from domain.text import counted

if TYPE_CHECKING:
    from markupsafe import Markup

NAMES = {"person": "one person", "consensus": "several people", "machine": "the machine"}


def given_by_section(assisted: Assisted | None, noun: str = "image") -> Markup:
    """A bar for each who gave labels, and what was measured on the way; empty without `assist.json`."""
    by = {name: getattr(assisted, name) for name in NAMES} if assisted else {}
    return rendered(
        "given_by.html",
        bars=[(NAMES[name], count, name) for name, count in by.items() if count],
        largest=max(by.values(), default=0),
        facts=_facts(assisted, noun) if assisted else {},
        note=_note(assisted, noun) if assisted else "",
    )


def _note(assisted: Assisted, noun: str) -> str:
    told = [
        f"People were asked about {assisted.asked:,} of {counted(assisted.objects, noun)}, in "
        f"{counted(assisted.rounds, 'round')}; a model that learned of their answers labeled {assisted.machine:,}."
    ]
    if assisted.earlier:
        told.append(f"{counted(assisted.earlier, noun)} had a label from an earlier run.")
    if assisted.stopped:
        told.append("The rounds were ended before their time, so no label of the machine is used.")
    elif not assisted.machine:
        told.append(
            f"It was not sure enough of any: it must have {counted(assisted.minimum, 'answer')} at least, and be right "
            f"for {percent(assisted.target)}."
        )
    return " ".join(told)


def _facts(assisted: Assisted, noun: str) -> dict[str, str | None]:
    machine = assisted.accuracy is not None and assisted.threshold is not None
    return {
        "Accuracy the machine must have": percent(assisted.target),
        "Accuracy it is estimated to have": percent(assisted.accuracy or 0) if machine else None,
        "It is at least this sure of each": percent(assisted.threshold or 0) if machine else None,
        "Confirmed by people in audits": _share(assisted.audit),
        "Its labels withdrawn after an audit": counted(assisted.withdrawn, noun) if assisted.withdrawn else "none",
        "People agree with a suggestion they see": _share(assisted.suggested),
        "People agree with one they do not see": _share(assisted.blind),
        "Model, sha256": assisted.model or None,
    }


def _share(share: Share) -> str:
    """With its 95 % interval: of few answers a share says little."""
    if not share.of:
        return "not measured"
    value = percent(share.hits / share.of)
    return f"{value} ({share.hits:,} of {share.of:,}; 95 % interval {percent(share.low)} to {percent(share.high)})"
