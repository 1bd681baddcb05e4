"""Label files of other tools, read into label rows and written from them: one module a format."""

from __future__ import annotations

NAMES = ("augmented-manifest", "coco", "csv", "cvat", "kempelen", "label-studio", "pascal-voc", "yolo")
"""Each has a module of its name, with an underscore for the dash, that holds `FORMAT`."""
