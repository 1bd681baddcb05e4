"""What is shipped has licences that we may ship, and the page says which."""

from __future__ import annotations

import pytest

from scripts.licences import BUNDLED, PAGE, SHIPPED, Package, licence, locked, packages, page, problems


def test_every_package_that_is_shipped_has_a_licence_that_is_fine() -> None:
    assert problems(packages()) == []


def test_the_lock_files_of_what_is_shipped_are_read() -> None:
    named = {place: dict(locked(place)) for place in SHIPPED}
    assert {"boto3", "starlette"} <= set(named["lambda"])
    assert {"numpy", "pillow"} <= set(named["engine"])
    assert "onnxruntime" in named["learning"]


@pytest.mark.parametrize("said", ["AGPL-3.0-only", "GNU Affero General Public License v3", "GPL-2.0", "SSPL-1.0"])
def test_a_licence_that_binds_whoever_uses_it_is_refused(said: str) -> None:
    (told,) = problems([Package("some", "1", ("lambda",), said, "metadata")])
    assert told.endswith("is refused")


@pytest.mark.parametrize("said", ["", "LGPL-2.1", "Proprietary", "UNKNOWN"])
def test_a_licence_that_nobody_has_looked_at_is_told(said: str) -> None:
    (told,) = problems([Package("some", "1", ("lambda",), said, "metadata")])
    assert "add it with its reason" in told


def test_libraries_inside_a_wheel_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of soundfile the metadata says BSD; what reads the clips is LGPL."""
    monkeypatch.delitem(BUNDLED, "soundfile")
    (told,) = problems([Package("soundfile", "1", ("engine",), "BSD-3-Clause", "metadata")])
    assert "shared libraries" in told


def test_a_package_that_is_not_there_has_no_licence() -> None:
    assert licence("kempelen-no-such-package") == ("", "not installed")


def test_the_page_has_the_table() -> None:
    """Else run: python -m scripts.licences"""
    text = PAGE.read_text(encoding="utf-8")
    assert page(text) == text
