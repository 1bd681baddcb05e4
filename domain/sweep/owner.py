"""Whose a thing is. What is not surely ours is not ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from domain.sweep.model import KINDS, Thing

PROJECT = "kempelen"
STAGE_TAG = f"{PROJECT}:stage"
_NAME = re.compile(rf"{PROJECT}-(?P<stage>[a-z][a-z0-9]{{0,11}})")
"""What is named for the stage alone: `Names` in stacks/naming.py."""


class Whose(str, Enum):
    """SAGEMAKER: SageMaker made it, by itself or at somebody's request; it is none of ours."""

    OURS = "ours"
    SAGEMAKER = "in SageMaker, not ours"
    OTHER = "somebody else's"


@dataclass(frozen=True)
class Owner:
    """`stage`: of what is ours. `by`: how that is known."""

    whose: Whose
    stage: str = ""
    by: str = ""


def may_be_ours(name: str) -> bool:
    """Whether it is worth a request for tags: names that CloudFormation and we give have the project in them."""
    return PROJECT in name.lower()


def owner_of(thing: Thing, domains: Mapping[str, str]) -> Owner:
    """`domains`: the stages of our Studio domains, by their ids.

    A tag counts before anything; what belongs to one of our domains is ours, as an app or a home file system is; a name
    counts where AWS has no tags.
    """
    tags = thing.tags or {}
    if tags.get(STAGE_TAG):
        return Owner(Whose.OURS, tags[STAGE_TAG], "tag")
    if thing.domain is not None and thing.domain in domains:
        return Owner(Whose.OURS, domains[thing.domain], "its domain")
    named = _NAME.fullmatch(thing.name)
    if named and KINDS[thing.kind].untagged:
        return Owner(Whose.OURS, named["stage"], "name")
    if KINDS[thing.kind].of_sagemaker or thing.by_service:
        return Owner(Whose.SAGEMAKER)
    return Owner(Whose.OTHER)


def domains_of(things: Iterable[Thing]) -> dict[str, str]:
    """Our Studio domains among the things: their stages by their ids."""
    found = {}
    for thing in things:
        if thing.kind == "domain" and thing.domain and (thing.tags or {}).get(STAGE_TAG):
            found[thing.domain] = (thing.tags or {})[STAGE_TAG]
    return found
