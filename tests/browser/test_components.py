"""The page of components, seen: whatever passes here is sound everywhere."""

import gzip
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from croqualim.accounts.models import Person
from tests.browser.checks import check_axe, fits, touchable
from tests.factories import PersonFactory

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(phone: Page, scheme: str) -> None:
    phone.emulate_media(color_scheme=scheme)
    phone.goto("/composants/")
    check_axe(phone)
    fits(phone)
    touchable(phone)


def test_the_frame_holds_on_a_phone_for_somebody_who_came_in(
    phone: Page, sign_in: Callable[[Person], None]
) -> None:
    """The name, the way home and the way out stand on one line of 360 px."""
    sign_in(PersonFactory())
    phone.goto("/composants/")
    header = phone.locator(".site-header")
    expect(header.get_by_role("button", name="Sortir")).to_be_visible()
    tops = [
        header.locator(part).bounding_box()["y"] for part in (".word-mark", "nav a", "nav button")
    ]
    assert max(tops) - min(tops) < 8
    fits(phone)


def test_on_a_laptop(laptop: Page) -> None:
    laptop.goto("/composants/")
    check_axe(laptop)
    fits(laptop)


def test_the_narrowest_phone_still_holds_it(phone: Page) -> None:
    phone.set_viewport_size({"width": 320, "height": 640})
    phone.goto("/composants/")
    fits(phone)


def test_the_buttons_of_a_stepper_never_overlap(phone: Page) -> None:
    phone.goto("/composants/")
    for stepper in phone.locator(".stepper").all():
        less, field, more = (part.bounding_box() for part in stepper.locator("> *").all())
        assert less["x"] + less["width"] <= field["x"] + 0.5
        assert field["x"] + field["width"] <= more["x"] + 0.5
        assert field["width"] >= 64


def test_drawings_are_really_drawn(phone: Page) -> None:
    """A sprite that is not found, or a policy that refuses it, leaves an empty box."""
    phone.goto("/composants/")
    drawings = phone.locator("[data-component=drawing] use").all()
    assert drawings
    for drawing in drawings:
        box = drawing.evaluate("use => use.getBBox().width")
        assert box > 8, drawing.evaluate("use => use.outerHTML")


def test_the_keyboard_reaches_the_content_first(laptop: Page) -> None:
    laptop.goto("/composants/")
    laptop.keyboard.press("Tab")
    expect(laptop.locator(":focus")).to_have_text(re.compile("Aller au contenu"))
    laptop.keyboard.press("Enter")
    expect(laptop.locator("main")).to_be_focused()


def test_one_styled_page_weighs_little(phone: Page) -> None:
    """The first view: 100 KiB and 10 requests, compressed as the server compresses."""
    answers = []
    phone.on("response", lambda answer: answers.append(answer))
    phone.goto("/composants/", wait_until="networkidle")
    assert len(answers) <= 10
    assert sum(len(gzip.compress(answer.body())) for answer in answers) <= 100 * 1024
