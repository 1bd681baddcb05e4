"""CloudFormation's question whether a stage may take its settings: those that are fixed while it stands may not change.

Which values stand is kept in the physical id: what an update was refused is never in it, so that the update's rollback,
for which CloudFormation asks once more with old and new exchanged, is let through.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/crpg-ref-requesttypes-update.html
"""

from __future__ import annotations

import json
from typing import Any

from adapters.environment import Environment
from domain.errors import SettingIsFixed
from lambdas.shared.custom_resource import ResourceRequest
from lambdas.shared.entry import entry


class Variables(Environment):
    stage: str


@entry(ResourceRequest, Variables)
def on_event(request: ResourceRequest, variables: Variables) -> dict[str, Any]:
    """Accepts the settings `{"<section>.<name>": "<value>"}` under `Settings`.

    Raises:
        SettingIsFixed: one has another value than the one that stands; the message names it, and what to do.
    """
    if request.kind == "Delete":
        return {"PhysicalResourceId": request.identity}
    wanted: dict[str, str] = request.properties["Settings"]
    standing: dict[str, str] = json.loads(request.identity) if request.kind == "Update" else {}
    changes = [
        f"{name} from {standing[name]!r} to {value!r}"
        for name, value in sorted(wanted.items())
        if standing.get(name, value) != value
    ]
    if changes:
        raise SettingIsFixed(
            f"Stage {variables.stage!r} cannot change {' and '.join(changes)} while it stands: a new domain "
            f"or bucket would be made, and the present one would go with everybody's home directory or all of its "
            f"data. Set it back. Or copy what is to stay to a place of its own, run `cdk destroy --all`, then deploy."
        )
    return {"PhysicalResourceId": json.dumps(wanted, sort_keys=True)}
