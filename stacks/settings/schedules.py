"""Augmentations that recur."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from stacks.settings.fields import Slug
from stacks.settings.section import Section

# Minutes, hours, day of month, month, day of week, year, with what each may hold besides numbers.
_CRON_FIELDS = (
    r"[\d*,/-]+",
    r"[\d*,/-]+",
    r"\?|[\d*,/-]+[LW]?|LW?",
    r"[\d*,/-]+|[A-Z]{3}([,-][A-Z]{3})*",
    r"\?|[\d*,/#-]+L?|L|[A-Z]{3}([,-][A-Z]{3})*(L|#[1-5])?",
    r"[\d*,/-]+",
)


def _schedule_expression(text: str) -> str:
    """As docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html has it, without `at`: this one recurs."""
    rate = re.fullmatch(r"rate\(([1-9]\d*) (minute|hour|day)(s?)\)", text)
    if rate and (rate[1] != "1") == bool(rate[3]):
        return text
    cron = re.fullmatch(r"cron\(([^()]+)\)", text)
    fields = cron[1].split(" ") if cron else []
    if len(fields) == len(_CRON_FIELDS) and all(map(re.fullmatch, _CRON_FIELDS, fields)):
        if (fields[2] == "?") != (fields[4] == "?"):
            return text
        raise ValueError(f"{text!r}: exactly one of day of month and day of week must be ?")
    raise ValueError(f"{text!r} is neither like rate(15 minutes) or rate(1 hour), nor like cron(0 6 ? * MON-FRI *)")


class ScheduleSettings(Section):
    """One recurring augmentation of a data set that has been labeled.

    `code` and `backgrounds` are what its runs bring along, as in the input of `augment`: a key below code/, a prefix
    below backgrounds/.
    """

    dataset: Slug
    recipe: str = Field(min_length=1, max_length=1024)
    code: Annotated[str, Field(pattern=r"^code/.", max_length=1024)] | None = None
    backgrounds: Annotated[str, Field(pattern=r"^backgrounds/", max_length=1024)] | None = None
    expression: Annotated[str, AfterValidator(_schedule_expression)]
    seed: int = Field(default=0, ge=0, le=2**63 - 1)
    instances: int = Field(default=1, ge=1, le=100)
    enabled: bool = False
