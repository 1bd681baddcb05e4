"""Between the server's services and who calls them: notes what IAM is asked for each call, and refuses as IAM does.

Nothing of it is imported unless the server is started with one of the two options, so it costs nothing otherwise.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any


def register(recording: Path | None, *, enforce: bool) -> Any:
    """After all else that wraps a service. Gives what must be closed at the end."""
    from localcloud.iam.gate import callers, requests_in, services
    from localcloud.iam.gate.judge import JUDGE, Judge
    from localcloud.iam.gate.recorder import Recorder

    recorder = Recorder(recording) if recording else None
    judge = Judge(recorder, enforce)
    JUDGE[:] = [judge]
    callers.register()
    requests_in.register(judge)
    services.register(judge)
    return recorder
