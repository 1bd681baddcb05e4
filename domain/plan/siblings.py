"""A published version as the source of another: what was made of one source stays in one split there too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from domain.plan.identity import NAME_DIGITS

_OUTPUT = re.compile(rf"(?P<origin>.*[^/])~[^~/]+~\d+~[0-9a-f]{{{NAME_DIGITS}}}\.[^./]+")
"""As `output_name` gives it."""


def siblings_of(sources: Iterable[str]) -> dict[str, str]:
    """Of sources that are a version's outputs, by their names: the first one that was made of the same source.

    Two sources of one name in one folder of the version count as one: nothing but the name is known of them.
    """
    first: dict[str, str] = {}
    siblings: dict[str, str] = {}
    for source in sources:
        found = _OUTPUT.fullmatch(source)
        if found:
            siblings[source] = first.setdefault(found["origin"], source)
    return siblings


def together(groups: Mapping[str, str], others: Mapping[str, str]) -> Mapping[str, str]:
    """Two ways to group, each by a leader, as one: whoever is with somebody in either is with them."""
    if not others:
        return groups
    parent: dict[str, str] = {}

    def leader(source: str) -> str:
        while (above := parent.setdefault(source, source)) != source:
            parent[source] = source = parent[above]
        return source

    for source, first in (*groups.items(), *others.items()):
        one, other = leader(source), leader(first)
        parent[max(one, other)] = min(one, other)
    return {source: leader(source) for source in parent}
