"""crowd-image-classifier, crowd-classifier and their kinds that take several labels."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.the_frame import answer, answers, attribute, forwarded_keys, frame, overflows, submit, submit_button

pytestmark = pytest.mark.long


HELP = """<short-instructions><p>Look at the whole image.</p></short-instructions>
<full-instructions header="How to choose"><p>All that can be seen counts.</p></full-instructions>"""
NONE = attribute({"text": "None of these"})
LABELS = ["house", "sun", "car"]
HOSTILE = ['<script>alert("x")</script>', 'l\'œil "fermé" & co', "x" * 256, "👩‍👩‍👧‍👦 family", "שלום עולם", "__proto__"]


def single(labels=LABELS):
    return f"""<crowd-image-classifier name="answer" src="/picture.png" header="What is it?"
      categories="{attribute(labels)}">{HELP}</crowd-image-classifier>"""


def multi(labels=LABELS, exclusion=NONE):
    return f"""<crowd-image-classifier-multi-select name="answer" src="/picture.png" header="What can be seen?"
      categories="{attribute(labels)}" exclusion-category="{exclusion}">{HELP}</crowd-image-classifier-multi-select>"""


def text(content="The delivery came <b>two</b> days late."):
    return f"""<crowd-classifier name="answer" header="How does the writer feel?"
      categories="{attribute(["glad", "angry"])}"><classification-target>{content}</classification-target>{HELP}
      </crowd-classifier>"""


def test_one_label_by_mouse(show):
    page = show(single())
    expect(submit_button(page)).to_be_disabled()
    frame(page).get_by_text("sun", exact=True).click()
    assert submit(page) == {"answer": {"label": "sun"}}


def test_one_label_by_keyboard(show):
    page = show(single())
    page.keyboard.press("Enter")
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    assert answer(page) == {"answer": {"label": "car"}}


def test_several_labels_by_mouse(show):
    page = show(multi())
    expect(submit_button(page)).to_be_disabled()
    for label in ("car", "house"):
        frame(page).get_by_role("checkbox", name=label).check()
    assert submit(page) == {"answer": {"labels": ["house", "car"]}}


def test_several_labels_by_keyboard_and_a_second_press_takes_one_back(show):
    page = show(multi())
    for key in "1232":
        page.keyboard.press(key)
    page.keyboard.press("Enter")
    assert answer(page) == {"answer": {"labels": ["house", "car"]}}


def test_several_labels_by_touch(show):
    page = show(multi(), phone=True)
    frame(page).get_by_text("sun", exact=True).tap()
    submit_button(page).tap()
    assert answer(page) == {"answer": {"labels": ["sun"]}}


def test_taking_the_last_label_back_leaves_the_form_incomplete(show):
    page = show(multi())
    page.keyboard.press("1")
    expect(submit_button(page)).to_be_enabled()
    page.keyboard.press("1")
    expect(submit_button(page)).to_be_disabled()


def test_none_of_the_labels_is_an_answer_and_excludes_the_others(show):
    page = show(multi())
    page.keyboard.press("1")
    page.keyboard.press("0")
    expect(frame(page).get_by_role("checkbox", name="house")).not_to_be_checked()
    assert submit(page) == {"answer": {"labels": []}}


def test_a_label_takes_none_of_the_labels_back(show):
    page = show(multi())
    page.keyboard.press("0")
    page.keyboard.press("2")
    expect(frame(page).get_by_role("checkbox", name="None of these")).not_to_be_checked()
    assert submit(page) == {"answer": {"labels": ["sun"]}}


def test_without_an_exclusion_category_there_is_none(show):
    page = show(single().replace("crowd-image-classifier", "crowd-image-classifier-multi-select"))
    expect(frame(page).get_by_role("checkbox")).to_have_count(3)


def test_the_loose_json_of_awss_examples_is_understood(show):
    page = show("""<crowd-image-classifier-multi-select name="answer" src="/picture.png" header="?"
      categories="['it\\'s', 'b']" exclusion-category="{ text: 'None: of the above' }">
      </crowd-image-classifier-multi-select>""")
    expect(frame(page).get_by_role("checkbox", name="None: of the above")).to_be_visible()
    page.keyboard.press("1")
    assert submit(page) == {"answer": {"labels": ["it's"]}}


def test_categories_that_are_no_json_are_said_on_the_page(show):
    page = show('<crowd-image-classifier name="answer" src="/picture.png" categories="[1,"></crowd-image-classifier>')
    expect(frame(page).get_by_role("alert")).to_contain_text("attribute categories of crowd-image-classifier")
    expect(submit_button(page)).to_be_disabled()


def test_a_text_by_keyboard_and_by_touch(show):
    page = show(text())
    expect(frame(page).get_by_text("The delivery came two days late.")).to_be_visible()
    page.keyboard.press("2")
    page.keyboard.press("Enter")
    assert answer(page) == {"answer": {"label": "angry"}}
    page = show(text(), phone=True)
    frame(page).get_by_text("glad", exact=True).tap()
    submit_button(page).tap()
    assert answer(page) == {"answer": {"label": "glad"}}


def test_several_labels_of_a_text(show):
    page = show(text().replace("crowd-classifier", "crowd-classifier-multi-select"))
    page.keyboard.press("2")
    page.keyboard.press("1")
    assert submit(page) == {"answer": {"labels": ["glad", "angry"]}}


@pytest.mark.parametrize("template", [single, multi])
@pytest.mark.parametrize("phone", [False, True])
def test_hostile_labels_are_text(show, picture, template, phone):
    page = show(template(HOSTILE), phone=phone)
    for label in HOSTILE:
        expect(frame(page).get_by_text(label, exact=True)).to_be_visible()
    assert not overflows(page)
    picture(page, f"hostile-{template.__name__}-{'phone' if phone else 'desk'}")
    page.keyboard.press("1")
    chosen = submit(page)["answer"]
    assert chosen == ({"label": HOSTILE[0]} if template is single else {"labels": [HOSTILE[0]]})


def test_keys_do_nothing_while_the_instructions_are_open(show):
    page = show(single())
    frame(page).get_by_role("button", name="View full instructions").click()
    expect(frame(page).get_by_role("dialog", name="How to choose")).to_be_visible()
    page.keyboard.press("1")
    page.keyboard.press("s")
    page.keyboard.press("Escape")
    expect(frame(page).get_by_role("dialog")).to_be_hidden()
    expect(submit_button(page)).to_be_disabled()
    assert forwarded_keys(page) == []


def test_number_keys_go_to_the_question_that_has_no_answer_yet(show):
    second = text().replace('name="answer"', 'name="second"')
    page = show(text() + second)
    page.keyboard.press("1")
    frame(page).get_by_text("angry", exact=True).nth(1).click()
    page.keyboard.press("1")
    assert submit(page) == {"answer": {"label": "glad"}, "second": {"label": "glad"}}


def test_a_screen_reader_gets_roles_and_names(show):
    page = show(multi())
    expect(frame(page).get_by_role("heading", name="What can be seen?", level=1)).to_be_visible()
    group = frame(page).get_by_role("group", name="Select all that apply")
    expect(group.get_by_role("checkbox")).to_have_count(4)
    expect(frame(page).get_by_role("img", name="The image to label")).to_be_visible()


def test_a_template_may_prevent_the_submission(show):
    # The policy allows no script of the template, so the frame gets it from outside.
    page = show(single())
    page.frames[1].evaluate(
        """document.querySelector('crowd-form')
        .addEventListener('submit', (event) => event.preventDefault(), { once: true })"""
    )
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    assert answers(page) == []
    expect(submit_button(page)).to_be_enabled()
    page.keyboard.press("Enter")
    assert answer(page) == {"answer": {"label": "house"}}


def test_a_refused_answer_can_be_sent_again(show):
    page = show(single())
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    answer(page)
    page.keyboard.press("Enter")
    page.evaluate("document.querySelector('iframe').contentWindow.postMessage({ kempelen: 'refused' }, '*')")
    expect(submit_button(page)).to_be_enabled()
    page.keyboard.press("Enter")
    page.wait_for_function("posted.filter((data) => data.kempelen === 'submit').length === 2")
    assert answers(page) == [{"answer": {"label": "house"}}] * 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
@pytest.mark.parametrize("template", [single, multi, text])
def test_it_fits_and_follows_the_colour_scheme(show, picture, template, phone, scheme):
    page = show(template(), phone=phone, color_scheme=scheme)
    page.keyboard.press("1")
    expect(submit_button(page)).to_be_enabled()
    assert not overflows(page)
    background = page.frames[1].evaluate("getComputedStyle(document.body).backgroundColor")
    assert background == ("rgb(244, 247, 247)" if scheme == "light" else "rgb(16, 24, 27)")
    picture(page, f"{template.__name__}-{'phone' if phone else 'desk'}-{scheme}")
