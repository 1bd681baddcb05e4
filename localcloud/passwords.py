"""A user pool's rule for passwords, as Cognito has it."""

from __future__ import annotations

from typing import Any

# https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html
_SYMBOLS = set("^$*.[]{}()?-\"!@#%&/\\,><':;|_~`+= ")
_KINDS = {
    "RequireUppercase": ("an upper-case letter", str.isupper),
    "RequireLowercase": ("a lower-case letter", str.islower),
    "RequireNumbers": ("a digit", str.isdigit),
    "RequireSymbols": ("a symbol", _SYMBOLS.__contains__),
}


def least_length(policy: dict[str, Any]) -> int:
    return int(policy.get("MinimumLength", 8))


def needed_kinds(policy: dict[str, Any]) -> tuple[str, ...]:
    """The kinds of characters of which one is needed at least, in words."""
    return tuple(words for member, (words, _) in _KINDS.items() if policy.get(member))


def lacks(policy: dict[str, Any], password: str) -> list[str]:
    """What a password lacks, in words; nothing when the policy (a pool's PasswordPolicy) takes it."""
    missing = [words for member, (words, kind) in _KINDS.items() if policy.get(member) and not any(map(kind, password))]
    if len(password) < least_length(policy):
        missing.insert(0, f"at least {least_length(policy)} characters")
    return missing
