"""What the proof finds and what is right all the same, each with its reason: `explained.toml`.

A finding that nothing explains fails, and so does an explanation that explains nothing any more.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from scripts.iam_proof.stage import Grant

FILE = Path(__file__).with_name("explained.toml")


@dataclass(frozen=True)
class Explanation:
    """Shell patterns of a grant's three words, any of each; `why` is for people. `stages`: those of the recordings in
    which it holds; empty means all. `what`: which mutants of it may survive.
    """

    kind: str
    who: tuple[str, ...]
    may: tuple[str, ...]
    on: tuple[str, ...]
    why: str
    stages: tuple[str, ...] = ()
    what: str = "*"

    def explains(self, grant: Grant, what: str = "") -> bool:
        words = ((grant.who, self.who), (grant.may, self.may), (grant.on, self.on))
        told = all(any(fnmatchcase(word, pattern) for pattern in patterns) for word, patterns in words)
        return told and fnmatchcase(what, self.what)

    def __str__(self) -> str:
        return f"[[{self.kind}]] {', '.join(self.who)}: {', '.join(self.may)} on {', '.join(self.on)}"


@dataclass
class Explanations:
    """Those of one stage. Which of them were needed is remembered."""

    listed: tuple[Explanation, ...]
    needed: Counter[Explanation] = field(default_factory=Counter)

    def of(self, kind: str, grant: Grant, what: str = "") -> Explanation | None:
        found = next((one for one in self.listed if one.kind == kind and one.explains(grant, what)), None)
        if found:
            self.needed[found] += 1
        return found

    def unexplained(self, kind: str, grants: Iterable[Grant]) -> list[Grant]:
        return [grant for grant in grants if not self.of(kind, grant)]

    def stale(self) -> list[Explanation]:
        return [one for one in self.listed if one not in self.needed]


def explanations(stage: str, file: Path = FILE) -> Explanations:
    """Raises ValueError for an entry without a reason, and for one that names something that there is not."""
    found = []
    for kind, entries in tomllib.loads(file.read_text("utf-8")).items():
        for entry in entries:
            try:
                lists = {name: tuple(entry.pop(name)) for name in ("who", "may", "on")}
                one = Explanation(
                    kind,
                    **lists,
                    why=entry.pop("why"),
                    stages=tuple(entry.pop("stages", ())),
                    what=entry.pop("what", "*"),
                )
            except (KeyError, TypeError) as error:
                raise ValueError(f"{file.name}, [[{kind}]]: {error} is missing in {entry}") from error
            if entry or not one.why:
                raise ValueError(f"{file.name}, {one}: what is {', '.join(entry) or 'the reason'}?")
            found.append(one)
    return Explanations(tuple(one for one in found if not one.stages or stage in one.stages))
