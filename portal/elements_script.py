"""The elements of the tasks' pages as one script.

They have the names and attributes that AWS documents for crowd-html-elements, and ours (kempelen-…) beside them:
https://docs.aws.amazon.com/sagemaker/latest/dg/sms-ui-template-reference.html

One, because a sandboxed frame has a cache of its own that ends with it: each task would fetch every file again.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

NAME = "crowd-html-elements.js"
_FOLDER = Path(__file__).with_name("elements")
# In this order: the form listens before the elements inside it say what their first value is.
_PARTS = (
    "theme",
    "common",
    "keys",
    "form",
    "choices",
    "classifiers",
    "boxes",
    "image-view",
    "bounding-box",
    "text-area",
    "waveform",
    "audio",
    "transcript",
    "record",
    "controls",
)


@cache
def elements_script() -> str:
    return "\n".join((_FOLDER / f"{part}.js").read_text(encoding="utf-8") for part in _PARTS)
