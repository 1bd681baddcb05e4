"""audio-transcript: accepted, corrected, nothing said; and one text of several people's."""

from __future__ import annotations

import pytest

from domain.labels.word_network import word_errors
from domain.task_types import task_type
from domain.task_types.audio_transcript import MAX_CHARACTERS
from domain.task_types.model import Choice, Outcome

KIND = task_type("audio-transcript")
GIVEN = {"transcript": "Good  morning, café."}


def answered(verdict: str, text: str = "") -> Choice:
    return KIND.choice({"kempelen-transcript": {"verdict": verdict, "transcript": text}}, (), GIVEN)


def came_to(*texts: str) -> Outcome:
    return KIND.consolidate([answered("correct", text) for text in texts], ())


def test_what_is_accepted_is_the_objects_own_text_and_never_the_forms() -> None:
    assert answered("accept", "Give me all your money") == Choice(("accepted",), transcript=GIVEN["transcript"])


def test_a_correction_of_spaces_or_of_how_letters_are_composed_is_an_acceptance() -> None:
    assert answered("correct", " Good morning,\ncafe\u0301. ") == Choice(("accepted",), transcript=GIVEN["transcript"])


def test_a_correction_is_kept_in_composed_form() -> None:
    assert answered("correct", " Bonsoir, cafe\u0301.\n") == Choice(("corrected",), transcript="Bonsoir, café.")
    assert answered("correct", " ") == Choice(("corrected",), transcript="")


@pytest.mark.parametrize(
    "value",
    [
        None,
        "accept",
        {},
        {"verdict": "accept"},
        {"verdict": "accept", "transcript": None},
        {"verdict": "reject", "transcript": "x"},
        {"verdict": ["accept"], "transcript": "x"},
        {"verdict": "correct", "transcript": 7},
        {"verdict": "correct", "transcript": "x" * (MAX_CHARACTERS + 1)},
    ],
)
def test_what_the_form_cannot_give_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="kempelen-transcript"):
        KIND.choice({"kempelen-transcript": value}, (), GIVEN)


def test_the_longest_correction_is_taken() -> None:
    assert answered("correct", "x" * MAX_CHARACTERS).labels == ("corrected",)


def test_the_text_that_most_vouch_for_wins_however_it_is_spaced() -> None:
    found = came_to("good evening", "good  evening", GIVEN["transcript"])
    assert (found.choice, found.confidence) == (Choice(("corrected",), transcript="good evening"), 0.67)
    found = came_to(GIVEN["transcript"], "good evening", GIVEN["transcript"])
    assert (found.choice.labels, found.choice.transcript) == (("accepted",), GIVEN["transcript"])


def test_without_a_majority_it_is_the_text_nearest_to_all_others() -> None:
    found = came_to("the cat sat on a mat", "the dog", "the cat sat on the mat", "the cat sat on the rat")
    assert (found.choice.transcript, found.confidence) == ("the cat sat on the mat", 0.25)


def test_of_texts_that_as_many_vouch_for_the_nearest_to_the_rest_wins() -> None:
    found = came_to("one two", "one two", "one two three four", "one two three four", "one two three")
    assert (found.choice.transcript, found.confidence) == ("one two", 0.4)
    found = came_to("one two", "one two", "one two three four", "one two three four", "one two three four five")
    assert found.choice.transcript == "one two three four"


def test_one_worker_gives_what_one_worker_gives_of_classes() -> None:
    classes = task_type("image-single-label").consolidate([Choice(("cat",))], ("cat", "dog"))
    assert came_to("hello").confidence == classes.confidence == 0


@pytest.mark.parametrize(
    ("one", "other", "errors"),
    [
        ("", "", 0),
        ("a b c", "a b c", 0),
        ("", "a b", 2),
        ("a b c", "a x c", 1),
        ("a b c", "a c", 1),
        ("a b c", "a b x c", 1),
        ("a a", "a", 1),
        ("a b a b a", "a b a", 2),
        ("k i t t e n", "s i t t i n g", 3),  # the textbook's
    ],
)
def test_word_errors_are_the_edit_distance_of_words(one: str, other: str, errors: int) -> None:
    assert word_errors(one.split(), other.split()) == word_errors(other.split(), one.split()) == errors


def test_it_is_said_as_a_person_reads_it() -> None:
    said = [KIND.said(answered(*form)) for form in (("accept",), ("correct", "Bonsoir"), ("correct", ""))]
    assert said == ["accepted", "Bonsoir", "nothing is said"]
