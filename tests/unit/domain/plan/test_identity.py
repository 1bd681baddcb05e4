"""Names that are safe everywhere and differ wherever the outputs differ."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.plan.identity import (
    FOLDER_BYTES,
    STEM_LIMIT,
    class_folder,
    derive_seed,
    output_identity,
    output_name,
    safe_stem,
)

NAME = re.compile(r"^[A-Za-z0-9._-]{1,64}~[a-z-]+~\d+~[0-9a-f]{8}\.jpg$")
any_identity = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"


def test_the_name_tells_source_export_variant_and_identity() -> None:
    assert output_name("raw/face_11_Zoë.JPG", "varied", 3, any_identity, "jpg") == "face_11_Zoe~varied~3~9f86d081.jpg"


@given(st.text(min_size=1, max_size=300))
def test_any_source_gives_a_safe_bounded_name(source: str) -> None:
    assert NAME.match(output_name(source, "resize-noise", 12, any_identity, "jpg"))


@given(
    st.text(alphabet="abcdefgh", min_size=STEM_LIMIT + 1, max_size=120), st.text(alphabet="xyz", min_size=1, max_size=9)
)
def test_long_stems_that_begin_alike_stay_apart(stem: str, tail: str) -> None:
    assert safe_stem(f"{stem}.jpg") != safe_stem(f"{stem}{tail}.jpg")
    assert len(safe_stem(f"{stem}.jpg")) == STEM_LIMIT


def test_a_stem_of_nothing_but_unsafe_characters_is_called_image() -> None:
    assert safe_stem("日本.jpg") == "image"
    assert safe_stem("~~~.jpg") == "image"


@given(st.text(max_size=300))
def test_class_folders_are_safe_and_bounded(label: str) -> None:
    folder = class_folder(label)
    assert not re.search(r'[\x00-\x1f\x7f-\x9f<>:"/\\|?*]', folder)
    assert 1 <= len(folder.encode()) <= FOLDER_BYTES
    assert folder == folder.strip(" .")
    assert folder not in {".", ".."}


@given(st.text(max_size=40), st.text(max_size=40))
def test_two_labels_never_share_a_folder(one: str, other: str) -> None:
    assert (class_folder(one) == class_folder(other)) == (one == other)


@pytest.mark.parametrize(
    "label", ["café", "日本", "ягода", "cat + dog", "it's (open)", "emoji 🙂", "Ünï-cödé_1.5~", "C#"]
)
def test_a_label_is_its_own_folder_where_file_systems_take_it(label: str) -> None:
    assert class_folder(label) == label


def test_spaces_of_a_label_stay() -> None:
    assert class_folder("mouth not open") == "mouth not open"
    assert class_folder("a/b: 100%") == "a%2Fb%3A 100%25"


parts = st.tuples(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5), st.text(max_size=5), st.integers(0, 9),
                  st.none() | st.integers(0, 9))  # fmt: skip


@given(parts, parts)
def test_identities_differ_when_anything_differs(one: tuple, other: tuple) -> None:
    if any("\0" in str(part) for part in (*one, *other)):
        return
    assert (output_identity(*one) == output_identity(*other)) == (one == other)


def test_seeds_depend_on_each_part_and_fit_64_bits() -> None:
    seeds = {derive_seed(run, source, branch, variant)
             for run in (1, 2) for source in ("a", "b") for branch in ("", "v") for variant in (0, 1)}  # fmt: skip
    assert len(seeds) == 16
    assert max(seeds) < 2**64
