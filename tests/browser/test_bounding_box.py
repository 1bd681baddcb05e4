"""crowd-bounding-box: what is drawn is what is posted, in the image's own pixels."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.the_frame import HEIGHT, WIDTH, answer, attribute, frame, overflows, submit, submit_button

pytestmark = pytest.mark.long


SIZE = {"height": HEIGHT, "width": WIDTH}
HOSTILE = ['<script>alert("x")</script>', "x" * 256, "👩‍👩‍👧‍👦", "שלום"]


def template(labels=("house", "sun"), initial=None, extra=""):
    given = f'initial-value="{attribute(initial)}"' if initial is not None else ""
    return f"""<crowd-bounding-box name="boxes" src="/picture.png" header="Mark every house and sun"
      labels="{attribute(list(labels))}" {given} {extra}>
      <short-instructions><p>Boxes fit tightly.</p></short-instructions></crowd-bounding-box>"""


def box(label, left, top, width, height):
    return {"height": height, "label": label, "left": left, "top": top, "width": width}


HOUSE, SUN = box("house", 300, 200, 400, 400), box("sun", 800, 420, 240, 240)


def opened(show, *arguments, phone=False, **options):
    page = show(template(*arguments, **options.pop("template", {})), phone=phone, **options)
    frame(page).get_by_alt_text("The image to mark").evaluate("image => image.decode()")
    return page


def place(page, x, y):
    """Where a pixel of the image is in the window."""
    image = frame(page).get_by_alt_text("The image to mark").bounding_box()
    return image["x"] + x * image["width"] / WIDTH, image["y"] + y * image["height"] / HEIGHT


def drag(page, start, end):
    (x1, y1), (x2, y2) = place(page, *start), place(page, *end)
    page.mouse.move(x1, y1)
    page.mouse.down()
    page.mouse.move((x1 + x2) / 2, (y1 + y2) / 2)
    page.mouse.move(x2, y2)
    page.mouse.up()


def touch(page, *moves):
    """Fingers along lists of window points, all of one length."""
    session = page.context.new_cdp_session(page)
    for step, points in enumerate(zip(*moves, strict=True)):
        fingers = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": fingers})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def assert_close(found, *expected):
    """Every edge is within one pixel of the expected one."""
    assert found["inputImageProperties"] == SIZE
    assert [one["label"] for one in found["boundingBoxes"]] == [one["label"] for one in expected]
    for one, other in zip(found["boundingBoxes"], expected, strict=True):
        assert list(one) == list(other)
        for name in ("left", "top"):
            assert isinstance(one[name], int)
            assert abs(one[name] - other[name]) <= 1
        for edge, length in (("left", "width"), ("top", "height")):
            assert abs(one[edge] + one[length] - other[edge] - other[length]) <= 1


def test_boxes_drawn_by_mouse(show):
    page = opened(show)
    expect(submit_button(page)).to_be_disabled()
    drag(page, (300, 200), (700, 600))
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    drag(page, (1040, 660), (800, 420))
    assert_close(submit(page)["boxes"], HOUSE, SUN)


def test_a_box_drawn_at_a_zoomed_view(show):
    page = opened(show)
    page.mouse.move(*place(page, 920, 540))
    for _ in range(4):
        page.mouse.wheel(0, -200)
    page.wait_for_timeout(100)
    before = place(page, 920, 540)
    page.keyboard.down("Space")
    drag(page, (920, 540), (900, 520))
    page.keyboard.up("Space")
    assert place(page, 920, 540) != before
    page.keyboard.press("2")
    drag(page, (910, 500), (960, 540))
    assert_close(submit(page)["boxes"], box("sun", 910, 500, 50, 40))


def test_a_box_drawn_by_touch_on_a_phone(show):
    page = opened(show, phone=True)
    touch(page, [place(page, 300, 200), place(page, 500, 300), place(page, 700, 600)])
    assert_close(submit(page)["boxes"], HOUSE)


def test_a_box_drawn_by_pen(show):
    page = opened(show)
    session = page.context.new_cdp_session(page)
    moves = [("mousePressed", (300, 200)), ("mouseMoved", (500, 500)), ("mouseMoved", (700, 600))]
    for kind, point in [*moves, ("mouseReleased", (700, 600))]:
        x, y = place(page, *point)
        pen = {"x": x, "y": y, "button": "left", "buttons": 1, "pointerType": "pen", "clickCount": 1}
        session.send("Input.dispatchMouseEvent", {"type": kind, **pen})
    assert_close(submit(page)["boxes"], HOUSE)


def test_two_fingers_zoom_and_draw_nothing(show):
    page = opened(show, phone=True)
    image = frame(page).get_by_alt_text("The image to mark")
    before = image.bounding_box()["width"]
    first, second = place(page, 500, 400), place(page, 700, 400)
    touch(page, [first, (first[0] - 40, first[1])], [second, (second[0] + 40, second[1])])
    assert image.bounding_box()["width"] > before * 1.5
    expect(frame(page).get_by_role("button", name="box 1")).to_have_count(0)
    expect(submit_button(page)).to_be_disabled()


def test_it_is_clipped_to_the_image(show):
    page = opened(show)
    drag(page, (1000, 700), (1300, 900))
    assert_close(submit(page)["boxes"], box("house", 1000, 700, 200, 100))


def test_moving_stops_at_the_edge(show):
    page = opened(show, ("house",), [HOUSE])
    drag(page, (500, 450), (600, 500))
    drag(page, (600, 500), (1100, 500))
    assert_close(submit(page)["boxes"], box("house", 800, 250, 400, 400))


EDGES = {
    "n": ((500, 200), (0, 50, 0, -50)),
    "ne": ((700, 200), (0, 50, 30, -50)),
    "e": ((700, 400), (0, 0, 30, 0)),
    "se": ((700, 600), (0, 0, 30, 50)),
    "s": ((500, 600), (0, 0, 0, 50)),
    "sw": ((300, 600), (30, 0, -30, 50)),
    "w": ((300, 400), (30, 0, -30, 0)),
    "nw": ((300, 200), (30, 50, -30, -50)),
}


def test_the_eight_handles_resize(show):
    page = opened(show, ("house",), [HOUSE])
    for start, (left, top, width, height) in EDGES.values():
        page.mouse.click(*place(page, 500, 420))
        drag(page, start, (start[0] + 30, start[1] + 50))
        name = f"left {300 + left}, top {200 + top}, width {400 + width}, height {400 + height}"
        expect(frame(page).get_by_role("button", name=name)).to_be_visible()
        page.keyboard.press("Control+z")
    assert submit(page)["boxes"]["boundingBoxes"] == [HOUSE]


def test_handles_are_large_enough_for_a_finger(show):
    page = opened(show, ("house",), [HOUSE], phone=True)
    touch(page, [place(page, 500, 420)])
    handles = frame(page).locator(".handle")
    sizes = [handles.nth(index).bounding_box() for index in range(8)]
    assert all(size["width"] >= 24 and size["height"] >= 24 for size in sizes)
    corner = place(page, 700, 600)
    end = place(page, 750, 650)
    touch(page, [(corner[0] + 10, corner[1] + 10), (end[0] + 10, end[1] + 10)])
    assert_close(submit(page)["boxes"], box("house", 300, 200, 450, 450))


def test_the_keyboard_alone(show):
    page = opened(show)
    page.keyboard.press("n")
    page.keyboard.press("2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Control+ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+Control+ArrowDown")
    page.keyboard.press("Enter")
    (made,) = answer(page)["boxes"]["boundingBoxes"]
    assert made["label"] == "sun"
    # The middle of the image, one pixel to the left and ten up, then one wider and ten higher.
    assert abs(made["left"] + (made["width"] - 1) / 2 - (WIDTH / 2 - 1)) <= 1
    assert abs(made["top"] + (made["height"] - 10) / 2 - (HEIGHT / 2 - 10)) <= 1


def test_tab_goes_through_the_boxes_and_delete_removes(show):
    page = opened(show, ("house", "sun"), [HOUSE, SUN])
    frame(page).get_by_role("button", name="sun, box 2").focus()
    page.keyboard.press("Shift+Tab")
    expect(frame(page).get_by_role("button", name="house, box 1")).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Delete")
    assert submit(page)["boxes"]["boundingBoxes"] == [{**HOUSE, "left": 301}]


def test_the_delete_button_and_undo_and_redo(show):
    page = opened(show, ("house", "sun"), [HOUSE, SUN])
    page.mouse.click(*place(page, 500, 420))
    frame(page).get_by_role("button", name="Delete").click()
    expect(frame(page).get_by_role("button", name="house, box")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(frame(page).get_by_role("button", name="house, box")).to_have_count(1)
    page.keyboard.press("Control+Shift+z")
    assert submit(page)["boxes"]["boundingBoxes"] == [SUN]


def test_escape_takes_a_running_gesture_back(show):
    page = opened(show, ("house",), [HOUSE])
    page.mouse.move(*place(page, 500, 420))
    page.mouse.down()
    page.mouse.move(*place(page, 700, 420))
    page.keyboard.press("Escape")
    page.mouse.move(*place(page, 800, 420))
    page.mouse.up()
    assert submit(page)["boxes"]["boundingBoxes"] == [HOUSE]


def test_a_box_inside_a_box(show):
    page = opened(show, ("house", "sun"), [HOUSE])
    page.keyboard.down("Shift")
    drag(page, (400, 300), (500, 400))
    page.keyboard.up("Shift")
    frame(page).get_by_role("button", name="Draw inside").click()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    drag(page, (550, 450), (650, 550))
    assert_close(submit(page)["boxes"], HOUSE, box("house", 400, 300, 100, 100), box("sun", 550, 450, 100, 100))


def test_the_label_of_a_chosen_box_changes_by_key_and_by_list(show):
    page = opened(show, ("house", "sun"), [HOUSE, SUN])
    page.mouse.click(*place(page, 500, 420))
    page.keyboard.press("2")
    page.mouse.click(*place(page, 920, 540))
    frame(page).get_by_role("radio", name="house").click()
    assert [one["label"] for one in submit(page)["boxes"]["boundingBoxes"]] == ["sun", "house"]


def test_keys_while_a_box_is_dragged(show):
    page = opened(show, ("house", "sun"), [HOUSE])
    page.mouse.move(*place(page, 500, 420))
    page.mouse.down()
    page.mouse.move(*place(page, 520, 420))
    for key in ("2", "n", "Delete", "Control+z"):
        page.keyboard.press(key)
    page.mouse.move(*place(page, 550, 420))
    page.mouse.up()
    assert_close(submit(page)["boxes"], {**HOUSE, "label": "sun", "left": 350})


def test_no_tool_fails_without_the_image(show):
    page = show(template().replace("/picture.png", "/absent.png"))
    expect(frame(page).get_by_role("alert")).to_be_visible()
    for name in ("Zoom in", "Add box"):
        frame(page).get_by_role("button", name=name).click()
    for key in ("n", "Delete", "+", "1", "Escape", "Control+z"):
        page.keyboard.press(key)
    expect(submit_button(page)).to_be_disabled()


def test_pinched_on_a_phone_a_finger_draws_pixel_for_pixel(show):
    page = opened(show, phone=True)
    first, second = place(page, 500, 400), place(page, 700, 400)
    touch(page, [first, (first[0] - 60, first[1])], [second, (second[0] + 60, second[1])])
    touch(page, [place(page, 580, 380), place(page, 600, 400), place(page, 640, 430)])
    assert_close(submit(page)["boxes"], box("house", 580, 380, 60, 50))


def test_nothing_to_mark_must_be_said(show):
    page = opened(show)
    expect(submit_button(page)).to_be_disabled()
    frame(page).get_by_role("checkbox", name="There is nothing to mark").check()
    assert submit(page) == {"boxes": {"boundingBoxes": [], "inputImageProperties": SIZE}}


def test_a_box_takes_nothing_to_mark_back(show):
    page = opened(show)
    page.keyboard.press("0")
    expect(submit_button(page)).to_be_enabled()
    drag(page, (300, 200), (700, 600))
    nothing = frame(page).get_by_role("checkbox", name="There is nothing to mark")
    expect(nothing).not_to_be_checked()
    expect(nothing).to_be_disabled()
    page.keyboard.press("Delete")
    expect(submit_button(page)).to_be_disabled()


def test_a_click_draws_nothing(show):
    page = opened(show)
    page.mouse.click(*place(page, 100, 100))
    expect(submit_button(page)).to_be_disabled()


def test_initial_boxes_outside_the_image_are_clipped_or_left_out(show):
    page = opened(
        show, ("house",), [box("house", -50, 700, 100, 300), box("house", 2000, 0, 10, 10), {"label": "house"}]
    )
    assert submit(page)["boxes"]["boundingBoxes"] == [box("house", 0, 700, 50, 100)]


def test_an_image_that_cannot_be_loaded_says_so(show):
    page = show(template().replace("/picture.png", "/absent.png"))
    expect(frame(page).get_by_role("alert")).to_have_text("The image could not be loaded. Skip this task, please.")
    page.keyboard.press("0")
    expect(submit_button(page)).to_be_disabled()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_it_fits_with_hostile_labels(show, picture, phone, scheme):
    hostile = [box(label, 60 + 280 * index, 500, 200, 200) for index, label in enumerate(HOSTILE)]
    page = opened(show, HOSTILE, [*hostile, box("sun", 20, 20, 30, 20)], phone=phone, color_scheme=scheme)
    page.keyboard.press("1")
    for label in HOSTILE:
        expect(frame(page).get_by_role("radio", name=label, exact=True)).to_be_visible()
    assert not overflows(page)
    frame(page).get_by_role("button", name="box 1").focus()
    picture(page, f"boxes-{'phone' if phone else 'desk'}-{scheme}")
    assert submit(page)["boxes"]["boundingBoxes"][:4] == hostile
