"""The personal card, on paper."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from croqualim.accounts.models import Person
from croqualim.ui.pdf import render_pdf
from croqualim.ui.qr import qr_svg


def card_pdf(*, person: Person, secret: str, numbers: Sequence[str] = ()) -> bytes:
    """One A4 sheet with her card to cut out and fold. `secret` is what issue_card returned;
    `numbers` are said below her name: 'n° 12, La Viste'.

    The sheet is the only copy there is: it carries no date, and nobody can print it again.
    """
    address = settings.SITE_URL + reverse("accounts:enter_by_card", args=[secret])
    data = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "numbers": list(numbers),
        "code": qr_svg(address),
    }
    return render_pdf("accounts/papers/card.typ", data)
