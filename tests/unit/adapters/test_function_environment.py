"""Environment variables of a function: parsed once, wrong ones named."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from adapters.clients import CONFIG, LONGEST_CALL_SECONDS
from adapters.environment import Environment
from domain.errors import InvalidSettings


class Settings(Environment):
    data_bucket: str
    attempts: int = 3


def test_fields_are_read_from_the_variables_of_their_name() -> None:
    settings = Settings.load({"DATA_BUCKET": "b", "ATTEMPTS": "5", "OTHER": "x"})
    assert (settings.data_bucket, settings.attempts) == ("b", 5)


def test_a_default_holds_where_there_is_no_variable() -> None:
    assert Settings.load({"DATA_BUCKET": "b"}).attempts == 3


@pytest.mark.parametrize(
    ("variables", "name"), [({}, "DATA_BUCKET"), ({"DATA_BUCKET": "b", "ATTEMPTS": "many"}, "ATTEMPTS")]
)
def test_a_missing_or_malformed_variable_is_named(variables: dict[str, str], name: str) -> None:
    with pytest.raises(InvalidSettings, match=f"environment of the function: {name}: "):
        Settings.load(variables)


def test_settings_cannot_be_changed() -> None:
    settings = Settings.load({"DATA_BUCKET": "b"})
    with pytest.raises(ValidationError):
        settings.data_bucket = "other"


def test_every_aws_call_ends_and_is_repeated_a_bounded_number_of_times() -> None:
    assert CONFIG.retries == {"mode": "standard", "total_max_attempts": 4}
    assert (CONFIG.connect_timeout, CONFIG.read_timeout) == (3, 20)
    # Pauses of up to 1, 2 and 4 s, and up to 5 more where the answer asks for it: botocore.retries.standard.
    assert LONGEST_CALL_SECONDS == 4 * (3 + 20) + (1 + 5) + (2 + 5) + (4 + 5)
