"""Somebody's thumb: she goes, presses, follows, fills in; every page she comes to must be sound."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, expect

from croqualim.accounts.models import Person
from tests.browser.checks import check_axe, fits


class Walk:
    def __init__(self, page: Page, *, sign_in=None) -> None:
        self.page, self._sign_in = page, sign_in

    def as_(self, person: Person | None) -> None:
        """The telephone is in these hands now, at home; nobody's: not signed in."""
        self.page.context.clear_cookies()
        if person is not None:
            self._sign_in(person)
        self.go("/")

    def go(self, path: str) -> None:
        self.page.goto(path)
        self.look()

    def press(self, name: str) -> None:
        """A button that leads to a page."""
        with self._another_page():
            self.page.get_by_role("button", name=name, exact=True).click()

    def follow(self, name: str, *, exact: bool = True) -> None:
        with self._another_page():
            self.page.get_by_role("link", name=name, exact=exact).first.click()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def choose(self, label: str) -> None:
        self.page.get_by_role("radio", name=label).check()

    def open(self, summary: str) -> None:
        """What is folded away: details."""
        self.page.locator("summary", has_text=summary).click()

    def reads(self, *texts: str) -> None:
        """These words are on the page; a space may be any space."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def look(self) -> None:
        """Titled, headed once, sound for those who listen to it, and no wider than the screen."""
        heading = self.page.locator("h1")
        expect(heading).to_have_count(1)
        assert heading.inner_text().strip(), self.page.url
        title, _, site = self.page.title().rpartition(" · ")
        assert title.strip() and site == "Croqualim", f"{self.page.url}: {self.page.title()}"
        check_axe(self.page)
        fits(self.page)

    @contextmanager
    def _another_page(self) -> Iterator[None]:
        with self.page.expect_navigation():
            yield
        self.look()
