"""The ordering page on the smallest telephone, its names long, its text twice as big."""

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page

from croqualim.groupbuy.actions.ordering import fill_basket
from tests.browser.checks import check_axe, fits, touchable
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.browser

# buttons that touch what is beside them, leave the screen or cut their number off
TROUBLE = """() => [...document.querySelectorAll('.stepper')].flatMap(stepper => {
    const [less, number, more] = [...stepper.children].map(e => e.getBoundingClientRect());
    const words = stepper.parentElement.querySelector('div').getBoundingClientRect();
    const output = stepper.children[1];
    return [
        less.right > number.left + 1 || number.right > more.left + 1 ? 'overlap' : '',
        words.bottom > less.top + 1 && words.right > less.left + 1 ? 'on the words' : '',
        less.left < 0 || more.right > innerWidth + 1 ? 'off the screen' : '',
        output.scrollWidth > output.clientWidth + 1 ? `cut off: ${output.textContent}` : '',
    ].filter(Boolean);
})"""


@pytest.mark.parametrize(("width", "text"), [(320, "100%"), (360, "100%"), (320, "200%")])
def test_more_and_less_never_overlap(phone: Page, sign_in, live_server, width, text) -> None:
    month = open_month(now=now())
    person, membership = month.member()
    long = month.offer(
        name="Huile d’olive vierge extra de la vallée des Baux-de-Provence, le bidon de 5 litres",
        unit="piece",
        step_quantity=1,
        priced_quantity=1,
    )
    odd = month.offer(name="Anticonstitutionnellementlongue farine de petit épeautre")
    fill_basket(
        popup=month.popup,
        membership=membership,
        quantities={long.pk: 200, odd.pk: 12_500},
        now=now(),
    )
    sign_in(person)
    phone.set_viewport_size({"width": width, "height": 640})
    phone.goto(f"/groupements/epiceries/{month.popup.pk}/commander/")
    phone.evaluate("size => { document.documentElement.style.fontSize = size }", text)

    assert phone.evaluate(TROUBLE) == []
    fits(phone)
    touchable(phone)
    check_axe(phone)
