"""Pictures of the instructions are refused before anybody labels, and frozen by their content."""

from __future__ import annotations

import hashlib

import pytest

from domain.errors import InvalidInput
from domain.workflow.examples import LIMIT_BYTES, freeze_examples, with_examples_in
from domain.workflow.inputs import LabelingTask, parse
from tests.support.builders.runs import any_task
from tests.support.fakes.store import MemoryStore

JPEG = b"\xff\xd8\xff\xe0 a picture".decode("utf-8", "surrogateescape")
PNG = b"\x89PNG\r\n\x1a\n another".decode("utf-8", "surrogateescape")
KEY = "instructions/open mouth.jpg"


def task(*images: str) -> LabelingTask:
    examples = [{"image": image, "good": True, "caption": "wide"} for image in images]
    return parse(LabelingTask, any_task(examples=examples))


def store(**objects: str) -> MemoryStore:
    return MemoryStore(objects={KEY: JPEG, "raw/faces/1.png": PNG, **objects})


def test_a_copy_by_its_content_is_what_people_see() -> None:
    data = store()
    frozen = freeze_examples(task(KEY, "s3://data-bucket/raw/faces/1.png"), data)
    digests = [hashlib.sha256(data.read_bytes(key)).hexdigest()[:16] for key in (KEY, "raw/faces/1.png")]
    assert [example.image for example in frozen.examples] == [
        f"s3://data-bucket/instructions/frozen/{digests[0]}.jpg",
        f"s3://data-bucket/instructions/frozen/{digests[1]}.png",
    ]
    data.objects[KEY] = PNG
    assert data.read(f"instructions/frozen/{digests[0]}.jpg") == JPEG
    assert freeze_examples(frozen, data) == frozen
    assert frozen.examples[0].caption == "wide"


def test_a_picture_that_is_replaced_meanwhile_is_noticed() -> None:
    class Replaced(MemoryStore):
        def copy(self, source: str, target: str) -> None:
            self.write(target, PNG)

    with pytest.raises(InvalidInput, match=r"^task\.examples\.0: .* was changed while it was read"):
        freeze_examples(task(KEY), Replaced(objects={KEY: JPEG}))


@pytest.mark.parametrize(
    ("image", "content", "said"),
    [
        ("instructions/none.jpg", None, r"^task\.examples\.0: s3://data-bucket/instructions/none\.jpg is not there"),
        ("instructions/a.jpg", "<svg>", r"^task\.examples\.0: .*/a\.jpg is neither a JPEG nor a PNG image"),
        ("instructions/a.jpg", JPEG + "x" * LIMIT_BYTES, r"^task\.examples\.0: .* has 2\.0 MB, and at most 2 MB"),
        ("s3://other-bucket/raw/a.jpg", JPEG, r"^task\.examples\.0: .* is outside the data bucket"),
    ],
)
def test_what_cannot_be_shown_is_refused(image: str, content: str | None, said: str) -> None:
    data = store()
    if content is not None:
        data.objects[image] = content
    with pytest.raises(InvalidInput, match=said):
        freeze_examples(task(image), data)


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("labels/a.jpg", "only below instructions/ and raw/"),
        ("s3://data-bucket/labels/a.jpg", "only below instructions/ and raw/"),
        ("instructions/../a.jpg", "has a '.' or '..' segment"),
        ("instructions/a' | x }}.jpg", "name the file with plain letters"),
    ],
)
def test_a_name_that_has_no_place_in_a_page_is_refused(image: str, said: str) -> None:
    with pytest.raises(InvalidInput, match=rf"^examples\.0\.image: .*{said}"):
        task(image)


def test_at_most_eight_are_shown() -> None:
    with pytest.raises(InvalidInput, match=r"^examples: .* at most 8 items"):
        task(*[KEY] * 9)


def test_a_key_is_named_by_its_uri_for_a_preview() -> None:
    named = with_examples_in(task(KEY, "s3://data-bucket/raw/a.png"), "data-bucket")
    assert [example.image for example in named.examples] == [f"s3://data-bucket/{KEY}", "s3://data-bucket/raw/a.png"]
