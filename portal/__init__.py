"""The worker portal's pages: one web application, with our own jobs behind it on AWS, and with Ground Truth's in the
local cloud.

`create_app` takes the work that there is (`portal.work.Work`) and how people sign in; the pages are the same.
"""

from __future__ import annotations

from portal.app import create_app
from portal.exchange import Home

__all__ = ["Home", "create_app"]
