"""Where the worker portal listens; workforces and work teams show it as their SubDomain."""

from __future__ import annotations

_ADDRESS = {"authority": "localhost"}


def announce(authority: str) -> None:
    """Called once by the portal that starts, with "host:port"."""
    _ADDRESS["authority"] = authority


def sub_domain() -> str:
    return _ADDRESS["authority"]
