"""Names of objects out of the addresses that manifests and tools have for them."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from domain.errors import InvalidInput


def common_folder(addresses: Sequence[str]) -> str:
    """The folder that all lie in; none where one of them is relative, for then it is a name already."""
    if not all(address.startswith("/") or "://" in address for address in addresses):
        return ""
    folders = [posixpath.dirname(address).replace("://", "/", 1) for address in addresses]
    try:
        return posixpath.commonpath(folders) if folders else ""
    except ValueError:  # some begin with "/" and others do not
        return ""


def below(address: str, folder: str) -> str:
    """What follows the folder in the address, with or without the scheme.

    Raises:
        InvalidInput: it lies elsewhere.
    """
    for base in (folder.rstrip("/"), folder.replace("/", "://", 1).rstrip("/")):
        if base and address.startswith(f"{base}/"):
            return address[len(base) + 1 :]
    if not folder:
        return address
    raise InvalidInput(f"{address} does not lie below {folder}")
