"""What a look at an account finds: things, and what could not be looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType


class Removal(str, Enum):
    """What a sweep may do with a kind of thing that is ours.

    STOP and DELETE lose nothing that cannot be made again. DATA holds files of people, so it goes only when asked for
    by name. NEVER: labels, versions, keys and people's accounts, which no sweep touches.
    """

    STOP = "stop"
    DELETE = "delete"
    DATA = "delete, with its data"
    NEVER = "never"


@dataclass(frozen=True)
class KindOf:
    """`of_sagemaker`: SageMaker makes it, so it is told whoever's it is. `untagged`: AWS gives it no tags, so its name
    alone says whose it is. `turn`: smaller ones are removed first."""

    removal: Removal
    of_sagemaker: bool = False
    untagged: bool = False
    turn: int = 0


KINDS: Mapping[str, KindOf] = {
    "endpoint": KindOf(Removal.DELETE, of_sagemaker=True, turn=1),
    "inference component": KindOf(Removal.DELETE, of_sagemaker=True),
    "notebook instance": KindOf(Removal.STOP, of_sagemaker=True),
    "app": KindOf(Removal.DELETE, of_sagemaker=True),
    "space": KindOf(Removal.DATA, of_sagemaker=True, turn=1),
    "domain": KindOf(Removal.NEVER, of_sagemaker=True),
    "processing job": KindOf(Removal.STOP, of_sagemaker=True),
    "training job": KindOf(Removal.STOP, of_sagemaker=True),
    "warm pool": KindOf(Removal.NEVER, of_sagemaker=True),
    "transform job": KindOf(Removal.STOP, of_sagemaker=True),
    "labeling job": KindOf(Removal.STOP, of_sagemaker=True),
    "AutoML job": KindOf(Removal.STOP, of_sagemaker=True),
    "tuning job": KindOf(Removal.STOP, of_sagemaker=True),
    "feature group": KindOf(Removal.NEVER, of_sagemaker=True),
    "MLflow server": KindOf(Removal.STOP, of_sagemaker=True),
    "HyperPod cluster": KindOf(Removal.NEVER, of_sagemaker=True),
    "NAT gateway": KindOf(Removal.DELETE, turn=1),
    "public address": KindOf(Removal.DELETE, turn=2),
    "interface endpoint": KindOf(Removal.DELETE, turn=1),
    "volume": KindOf(Removal.DATA, turn=2),
    "snapshot": KindOf(Removal.DATA, turn=2),
    "file system": KindOf(Removal.DATA, turn=2),
    "bucket": KindOf(Removal.NEVER),
    "table": KindOf(Removal.NEVER),
    "log group": KindOf(Removal.DELETE, turn=3),
    "alarm": KindOf(Removal.DELETE),
    "dashboard": KindOf(Removal.DELETE, untagged=True),
    "key": KindOf(Removal.NEVER),
    "user pool": KindOf(Removal.NEVER),
}
"""All kinds of things that a sweep looks for, in the order in which they are told."""


@dataclass(frozen=True)
class Use:
    """So many units of a price of the list; `price` is its name."""

    price: str
    amount: float = 1.0


@dataclass(frozen=True)
class Thing:
    """One thing as AWS lists it.

    tags: None where nobody asked for them, because the name cannot be one of ours.
    uses: what it is billed by; empty where that is use alone, or where `unpriced` says what nobody knows a price of.
    domain: the id of the Studio domain that it belongs to.
    by_service: SageMaker made it by itself, for the account or for a domain.
    stack: the CloudFormation stack that has it, if it still exists.
    address: what the request that removes it takes, by the API's own member names.
    """

    kind: str
    name: str
    tags: Mapping[str, str] | None = None
    status: str = ""
    uses: tuple[Use, ...] = ()
    unpriced: str = ""
    domain: str | None = None
    by_service: bool = False
    stack: str = ""
    address: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Gap:
    """What could not be looked at, and why: what costs money there is not in the sum."""

    kind: str
    reason: str
