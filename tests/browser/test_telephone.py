"""Twelve lines by telephone, typed on a keyboard and nothing else."""

from dataclasses import dataclass, field

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from croqualim.groupbuy.models import Order
from tests.browser.checks import check_axe, fits
from tests.groupbuy.month import Month, open_month

pytestmark = pytest.mark.browser

PRODUCTS = (
    "Lentilles vertes",
    "Lentilles corail",
    "Pois chiches",
    "Farine de blé T65",
    "Riz rond de Camargue",
    "Huile d’olive vierge extra",
    "Miel de lavande",
    "Sucre blond de canne",
    "Amandes décortiquées",
    "Raisins secs",
    "Pommes de terre",
    "Carottes",
    "Oignons jaunes",
)
LINES = (
    "len 2", "1", "po ch 1", "far 3", "riz 1,5", "hui 2", "miel 1",
    "suc 1", "ama 500", "rai 500", "pom 5", "car 2", "oi 1",
)  # fmt: skip


@dataclass
class Keyboard:
    page: Page
    strokes: int = 0
    trips: list[str] = field(default_factory=list)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text, delay=20)
        self.page.keyboard.press("Enter")
        self.strokes += len(text) + 1


@pytest.fixture
def month(live_server) -> Month:
    made = open_month(now=now(), products=1)
    product = made.offers[0].product
    product.name = PRODUCTS[0]
    product.save()
    for name in PRODUCTS[1:]:
        made.offer(name=name)
    made.member(given_name="Zoé", family_name="Sauge")
    made.member(given_name="Aminata", family_name="Romarin")
    made.member(given_name="Amir", family_name="Thym")
    return made


def test_twelve_lines_without_a_mouse(laptop: Page, sign_in, month: Month) -> None:
    sign_in(month.coordinator)
    laptop.goto("/")
    laptop.locator("[accesskey=t]").press("Enter")  # Alt + T, where there is a window
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Qui appelle ?")
    check_axe(laptop)
    keys = Keyboard(laptop)
    laptop.on("request", lambda request: keys.trips.append(request.method))

    laptop.keyboard.type("ami", delay=20)
    expect(laptop.locator("#found")).to_contain_text("Aminata Romarin")
    keys.type("")
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Aminata Romarin")
    check_axe(laptop)
    for line in LINES:
        keys.type(line)
    keys.type("")
    expect(laptop.locator("main")).to_contain_text("Relisez-lui sa commande")
    check_axe(laptop)
    fits(laptop)
    keys.type("")
    expect(laptop.locator(".reference")).to_be_visible()
    order = Order.objects.get()
    expect(laptop.locator(".reference")).to_have_text(order.reference)
    check_axe(laptop)
    keys.type("")  # the next call
    expect(laptop.get_by_role("heading", level=1)).to_have_text("Qui appelle ?")

    assert order.lines.count() == 12
    assert order.placed_by == month.coordinator
    assert keys.strokes + 3 <= 90, keys.strokes
    assert keys.trips.count("POST") == len(LINES) + 2


def test_what_is_typed_while_the_network_is_slow_is_not_lost(
    laptop: Page, sign_in, month: Month
) -> None:
    sign_in(month.coordinator)
    _, membership = month.member()
    laptop.goto(f"/groupements/adherents/{membership.pk}/commander/{month.popup.pk}/")
    laptop.route("**/commander/**", lambda route: (laptop.wait_for_timeout(250), route.continue_()))
    keys = Keyboard(laptop)

    for line in ("po ch 1", "far 3", "mangues 2"):
        keys.type(line)
    laptop.keyboard.type("riz 1", delay=20)

    expect(laptop.locator("main")).to_contain_text("rien ne s’appelle ainsi")
    expect(laptop.locator(".dictated")).to_contain_text("Farine de blé T65")
    expect(laptop.get_by_label("Produit et quantité")).to_have_value("riz 1")


def test_without_scripts_the_same_lines_make_the_same_order(
    plain_phone: Page, sign_in, month: Month
) -> None:
    sign_in(month.coordinator)
    plain_phone.goto(f"/groupements/cycles/{month.cycle.pk}/telephone/")
    keys = Keyboard(plain_phone)
    expect(plain_phone.get_by_label("Nom, numéro ou téléphone")).to_be_focused()
    keys.type("roma")
    for line in ("len 2", "1", "oi 1", "", ""):
        expect(plain_phone.get_by_label("Produit et quantité")).to_be_focused()
        fits(plain_phone)
        with plain_phone.expect_navigation():
            keys.type(line)

    expect(plain_phone.locator(".reference")).to_have_text(Order.objects.get().reference)
    fits(plain_phone)
