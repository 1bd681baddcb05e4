"""Resource types that ministack's CloudFormation lacks, written as ordinary clients of the local cloud."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.services.cloudformation import provisioners, stacks

Properties = dict[str, Any]
Created = tuple[str, dict[str, Any]]  # physical id (what Ref gives), attributes (what Fn::GetAtt gives)
Create = Callable[[Properties, str], Created]
Delete = Callable[[str, Properties], None]
Update = Callable[[str, Properties, Properties], Created]

_TYPES: set[str] = set()


def register(kind: str, create: Create, delete: Delete, *, update: Update | None = None, tags: bool = False) -> None:
    """Add a resource type.

    `create` gets the properties and a name for resources that have none of their own. Without `update` a change
    replaces the resource, as CloudFormation's "Update requires: Replacement". `tags`: give it the stack's tags, too.
    """
    _TYPES.add(kind)
    handler: dict[str, Any] = {
        "create": lambda logical_id, properties, stack: create(properties, f"{stack}-{logical_id}"),
        "delete": delete,
    }
    if update is not None:
        handler["update"] = lambda physical_id, old, new, _stack: update(physical_id, old, new)
    provisioners._RESOURCE_HANDLERS[kind] = handler
    if tags:
        provisioners._STACK_TAG_PROPERTY[kind] = ("Tags", "list")


def run_on_worker_threads() -> None:
    """The handlers call this very server and wait for states, so they must stay off its event loop."""
    blocks = stacks._runs_on_worker_thread
    stacks._runs_on_worker_thread = lambda kind: kind in _TYPES or blocks(kind)
