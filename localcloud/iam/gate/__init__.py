"""Between the server's services and who calls them: notes what IAM is asked for each call, and refuses as IAM does.

Nothing of it is imported unless the server is started with one of the two options, so it costs nothing otherwise.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Gate:
    """`recorder` is None where nothing is recorded."""

    recorder: Any

    def calling(self, access_key: str) -> AbstractContextManager[None]:
        """What comes meanwhile is called by the session of this key."""
        from localcloud.iam.gate import callers

        return callers.calling(callers.of_access_key(access_key))

    def close(self) -> None:
        """Complete the recording."""
        if self.recorder:
            self.recorder.close()


def register(recording: Path | None, *, enforce: bool) -> Gate:
    """After all else that wraps a service."""
    from localcloud.iam.gate import callers, requests_in, services
    from localcloud.iam.gate.judge import Judge
    from localcloud.iam.gate.recorder import Recorder

    recorder = Recorder(recording) if recording else None
    judge = Judge(recorder, enforce)
    callers.register()
    requests_in.register(judge)
    services.register(judge)
    return Gate(recorder)
