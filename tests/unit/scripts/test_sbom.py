"""Bills of materials name what is shipped, with its licence."""

from __future__ import annotations

from scripts import sbom


def test_a_component_of_a_lock_file_gets_its_licence() -> None:
    bom = {"components": [{"name": "PyYAML", "version": "6"}, {"name": "kempelen-no-such-package"}]}
    named, unknown = sbom.with_licences(bom)["components"]
    assert named["licenses"] == [{"expression": "MIT"}]
    assert "licenses" not in unknown


def test_every_script_and_page_that_is_served_is_named() -> None:
    names = {component["name"] for component in sbom.own_files()["components"]}
    assert {"portal/static/portal.js", "portal/elements/record.js", "workflows/augment.asl.json"} <= names
