"""Whether a transcript is what is said in a clip, and what is said if it is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from domain.task_types.audio_transcript.agreement import ACCEPTED, CORRECTED, most_vouched_for
from domain.task_types.audio_transcript.weighed import WEIGHED
from domain.task_types.model import Choice, Outcome, TaskType
from domain.text import composed, plain

MAX_CHARACTERS = 10_000
"""Of a corrected text: ten minutes of fast speech, at 15 characters a second."""


def read(value: Any, _labels: Sequence[str], given: Mapping[str, Any]) -> Choice:
    """What is accepted is the object's own transcript, whatever the form says. An empty text says that nothing is said.
    A correction that changes nothing but spaces is an acceptance."""
    original = str(given["transcript"])
    form = value if isinstance(value, Mapping) else {}
    text = form.get("transcript")
    if form.get("verdict") not in ("accept", "correct") or not isinstance(text, str):
        raise ValueError('{"verdict": <"accept" or "correct">, "transcript": <what is said>}')
    if form["verdict"] == "accept" or plain(text) == plain(original):
        return Choice((ACCEPTED,), transcript=original)
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"a text of at most {MAX_CHARACTERS:,} characters, not {len(text):,}")
    return Choice((CORRECTED,), transcript=composed(text.strip()))


def consolidate(choices: Sequence[Choice], _labels: Sequence[str]) -> Outcome:
    """The text that most workers vouch for. How sure: the share of workers that do; one worker alone gives 0."""
    index, vouching = most_vouched_for([plain(choice.transcript or "") for choice in choices])
    return Outcome(choices[index], round(vouching / len(choices), 2) if len(choices) > 1 else 0.0)


def said(choice: Choice) -> str:
    return ACCEPTED if choice.labels == (ACCEPTED,) else choice.transcript or "nothing is said"


TYPE = TaskType(
    "audio-transcript",
    Path(__file__).parent,
    min_labels=0,
    max_labels=0,
    endings=(".flac", ".wav", ".wave"),
    element="kempelen-transcript",
    read=read,
    consolidate=consolidate,
    medium="audio",
    fields=("transcript",),
    own_labels=(ACCEPTED, CORRECTED),
    usual="Listen to the whole clip, compare it with the text, and correct what is not said so, then submit.",
    said=said,
    weighed=WEIGHED,
)
