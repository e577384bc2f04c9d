"""What every page must pass in a real browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def check_axe(page: Page) -> None:
    """Fail with what axe-core finds, said so that one can find it again."""
    found = Axe().run(page).response["violations"]
    lines = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    {node['html']}"
        f"\n    {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def fits(page: Page) -> None:
    """Nothing sticks out sideways: the page is no wider than the screen."""
    width = page.viewport_size["width"]
    wide = page.evaluate("document.scrollingElement.scrollWidth")
    too_wide = """width => [...document.querySelectorAll('body *')]
        .filter(e => e.getBoundingClientRect().right > width + 1)
        .slice(-3).map(e => e.outerHTML.slice(0, 120))"""
    assert wide <= width, f"{page.url}: {wide} px wide: {page.evaluate(too_wide, width)}"


def touchable(page: Page) -> None:
    """Whatever is pressed is at least 44 px high, but for links inside a sentence."""
    small = page.evaluate(
        """() => [...document.querySelectorAll('button, .button, input, select, nav a')]
            .filter(e => e.type !== 'hidden' && e.checkVisibility())
            .map(e => [e, (['checkbox', 'radio'].includes(e.type) && e.closest('label, .choice')
                           || e).getBoundingClientRect()])
            .filter(([e, box]) => box.height < 44 || box.width < 44)
            .map(([e, box]) => `${box.width}×${box.height} ${e.outerHTML.slice(0, 120)}`)"""
    )
    assert not small, f"{page.url}: too small to touch: {small}"
