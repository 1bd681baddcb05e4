"""The worker portal: sign-in, job list and task pages of Ground Truth's private workforce, on a port of its own.

The local cloud's server calls `start_portal(port_hint)` once, after its own endpoint answers and before it says that it
is ready: the portal signs workers in through that endpoint (AWS_ENDPOINT_URL), from its own threads. It binds 127.0.0.1
only, to the hinted port when that is free and to any free one otherwise; `Serving.url` has no slash at its end.
"""

from __future__ import annotations

from localcloud.portal.serving import start_portal

__all__ = ["start_portal"]
