"""What must share a split though no picture shows it: a patient's images, a recording's clips, a scene's frames."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from sys import intern
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from domain.text import counted


def _compiles(expression: str) -> str:
    try:
        re.compile(expression)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from error
    return expression


class Group(BaseModel):
    """Where a source's group is read; one of the three."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    name: Annotated[str, AfterValidator(_compiles)] | None = Field(
        None, description="Regular expression that is looked for in the name; what its groups match is the group."
    )
    folder: Annotated[int, Field(ge=1)] | None = Field(
        None, description="The name of the folder at this level below the input, 1 for the uppermost."
    )
    column: Annotated[str, Field(min_length=1)] | None = Field(
        None, description="A column of the table of labels; `group`, if labels are no table."
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Group:
        if sum(value is not None for value in (self.name, self.folder, self.column)) != 1:
            raise ValueError("give one of name, folder and column")
        return self

    def of_all(self, sources: Iterable[str], told: Mapping[str, str]) -> dict[str, str]:
        """The group of each source; `told` is what the column says.

        Raises:
            ValueError: some have none, which would be a leak that nobody sees.
        """
        find, found, without = self._finder(told), dict[str, str](), list[str]()
        for source in sources:
            key = find(source)
            if key:
                found[source] = intern(key)
            else:
                without.append(source)
        if without:
            raise ValueError(f"{counted(len(without), 'name')} of no group {self._why}, {min(without)!r} for one")
        return found

    def _finder(self, told: Mapping[str, str]) -> Callable[[str], str | None]:
        if self.name is not None:
            search = re.compile(self.name).search
            return lambda source: _matched(search(source))
        if self.folder is not None:
            level = self.folder - 1
            return lambda source: _folder(source, level)
        return told.get

    @property
    def _why(self) -> str:
        if self.name is not None:
            return f"(the expression {self.name!r} matches nothing in them)"
        if self.folder is not None:
            return f"(they lie in no folder of level {self.folder})"
        return f"(their labels have no column {self.column!r})"


def first_of_each(groups: Mapping[str, str]) -> dict[str, str]:
    """Each source with the first one of its group."""
    first: dict[str, str] = {}
    return {source: first.setdefault(key, source) for source, key in groups.items()}


def _matched(match: re.Match[str] | None) -> str | None:
    if match is None:
        return None
    return "\0".join(part or "" for part in match.groups()).strip("\0") if match.re.groups else match[0]


def _folder(source: str, level: int) -> str | None:
    folders = source.split("/")[:-1]
    return folders[level] if level < len(folders) else None
