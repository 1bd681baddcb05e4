"""A Lambda's environment variables, parsed once into a frozen model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Self

from pydantic import BaseModel, ConfigDict, ValidationError

from domain.errors import InvalidSettings


class Environment(BaseModel):
    """Base of each handler's own model: field `data_bucket` is read from variable `DATA_BUCKET`."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    @classmethod
    def load(cls, variables: Mapping[str, str] = os.environ) -> Self:
        """The variables that this model names, parsed.

        Raises:
            InvalidSettings: a variable is missing or malformed; the message names it.
        """
        known = {name: variables[name.upper()] for name in cls.model_fields if name.upper() in variables}
        try:
            return cls.model_validate(known)
        except ValidationError as error:
            details = "; ".join(
                f"{'.'.join(str(part) for part in item['loc']).upper()}: {item['msg']}"
                for item in error.errors(include_url=False)
            )
            raise InvalidSettings(f"environment of the function: {details}") from error
