"""Why a file, or the whole run, cannot be worked on."""

from __future__ import annotations


class BadFile(Exception):  # noqa: N818 - read as a reason, in quarantine.jsonl
    """One file cannot be used; it goes to the quarantine with this reason, and the run goes on."""


class BadImage(BadFile):
    """An image that cannot be used."""


class BadClip(BadFile):
    """A clip that cannot be used."""


class BadText(BadFile):
    """A text that cannot be used."""


class BadRecord(BadFile):
    """A record that cannot be used."""


class BadPartner(Exception):  # noqa: N818 - read as a reason, in quarantine.jsonl
    """The image that a source is to be mixed with cannot be used."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}, with which it is mixed: {reason}")


class UsageError(Exception):
    """The run cannot start: says what is wrong, where, and what to do. Exit code 2."""


class CustomStepFailed(BadImage):
    """A function of the user's raised or returned no image: the image goes to the quarantine, and the run goes on."""
