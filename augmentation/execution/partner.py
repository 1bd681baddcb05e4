"""The other image of a pair, as its file has it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from augmentation.errors import BadFile, BadPartner
from augmentation.execution.graph import Media
from augmentation.files import reason_of
from augmentation.medium import Medium


@dataclass(frozen=True)
class Partners:
    """Files below `folder`; the bytes that were read are kept: one for each source's worth of pairs."""

    medium: Medium
    folder: Path
    _read: dict[str, bytes] = field(default_factory=dict)

    def content(self, name: str) -> bytes:
        """Raises BadPartner."""
        if name not in self._read:
            try:
                self._read[name] = self.medium.content(self.folder, name)
            except (BadFile, OSError) as error:
                raise BadPartner(name, reason_of(error)) from error
        return self._read[name]

    def media(self, name: str) -> Media:
        """Raises BadPartner."""
        try:
            return self.medium.read(self.content(name))
        except BadFile as error:
            raise BadPartner(name, str(error)) from error
