"""The environment of the functions that tear down."""

from __future__ import annotations

from pydantic import Json, ValidationError

from adapters.environment import Environment
from domain.errors import InvalidSettings
from domain.teardown.scope import Scope


class TeardownEnvironment(Environment):
    """`project_tag`: the tag's key; its value is the stage. `state_machine_arns`: a JSON list. `retain` has no default,
    so that a variable that got lost neither deletes home directories nor leaves them behind unnoticed."""

    stage: str
    project_tag: str
    job_name_prefix: str
    retain: bool
    schedule_group: str | None = None
    state_machine_arns: Json[tuple[str, ...]] = ()

    def scope(self, domain_id: str, *, without_machine: str = "") -> Scope:
        """What belongs to the stage; `without_machine` is the machine that asks, which must not stop itself.

        Raises:
            InvalidSettings: an id, tag or prefix is empty or malformed and would match more than the stage's own.
        """
        try:
            return Scope(
                domain_id=domain_id,
                tag_key=self.project_tag,
                stage=self.stage,
                job_name_prefix=self.job_name_prefix,
                schedule_group=self.schedule_group,
                state_machine_arns=tuple(arn for arn in self.state_machine_arns if arn != without_machine),
                retain=self.retain,
            )
        except ValidationError as error:
            problems = "; ".join(f"{item['loc'][0]} {item['msg']}" for item in error.errors(include_url=False))
            raise InvalidSettings(f"teardown cannot know its own from others': {problems}") from error
