"""What EventBridge sends at a scheduled time."""

from __future__ import annotations

from pydantic import ConfigDict

from domain.workflow.states import Request


class Tick(Request):
    """`time`: the scheduled time, as EventBridge writes it; nothing else of the event is used.

    https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    time: str

    def about(self) -> dict[str, str]:
        return {"run_id": self.time}
