"""Starts the portal on a port of its own."""

from __future__ import annotations

from localcloud.ground_truth import portal_address
from localcloud.portal.home import create_app
from localcloud.serving import Serving, authority, listen, serve_on


def start_portal(port_hint: int | None = None) -> Serving:
    """Serve the portal from now on. The port is open when this returns."""
    listener = listen(port_hint)
    portal_address.announce(authority(listener))
    return serve_on(listener, create_app(), "worker-portal")
