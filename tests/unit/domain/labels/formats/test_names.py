"""The list of formats is that of the modules."""

from __future__ import annotations

import pkgutil

import domain.labels.formats
from domain.labels.formats import NAMES
from domain.labels.formats.model import Format, format_named

SHARED = {"json_value", "model", "xml_tree"}


def test_each_name_has_its_module_and_each_module_its_name() -> None:
    modules = {module.name for module in pkgutil.iter_modules(domain.labels.formats.__path__)} - SHARED
    assert {name.replace("-", "_") for name in NAMES} == modules
    assert all(isinstance(format_named(name), Format) for name in NAMES)
