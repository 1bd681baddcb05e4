"""Stops what runs before its stack goes: CloudFormation deletes a state machine only when its executions have ended."""

from __future__ import annotations

from collections.abc import Iterable

from constructs import Construct

from stacks.constructs.shared.python_function import PythonFunctions
from stacks.constructs.studio.teardown_access import all_machine_arns, work_permissions
from stacks.constructs.studio.teardown_provider import TeardownResources
from stacks.naming import Names
from stacks.settings import Settings


class StopWork(Construct):
    """On destroy it runs before anything of `stops` is deleted: schedules go, executions and jobs are stopped.

    A labeling job waits for people for days, and its workteam cannot be deleted meanwhile. Labels that were given stay
    in the bucket. A teardown that runs is stopped too, for the destruction does its work.
    """

    def __init__(
        self,
        scope: Construct,
        identity: str,
        *,
        settings: Settings,
        functions: PythonFunctions,
        domain_id: str,
        stops: Iterable[Construct],
    ) -> None:
        super().__init__(scope, identity)
        names = Names(settings.stage)
        machines = all_machine_arns(self, names)
        resources = TeardownResources(
            self,
            settings=settings,
            functions=functions,
            domain_id=domain_id,
            machine_arns=machines,
            permissions=work_permissions(self, names, machines),
            name="-stop-work",
        )
        resources.add("Resource", "Custom::KempelenStopWork", {"Part": "work"}).node.add_dependency(*stops)
