"""The page of components, seen: whatever passes here is sound everywhere."""

import gzip
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.checks import check_axe, fits, touchable

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(phone: Page, scheme: str) -> None:
    phone.emulate_media(color_scheme=scheme)
    phone.goto("/composants/")
    check_axe(phone)
    fits(phone)
    touchable(phone)


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
