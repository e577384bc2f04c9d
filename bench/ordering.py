"""The ordering page in one process, without a network."""

from collections.abc import Callable

from django.test import Client
from django.urls import reverse

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import Membership, Offer, Popup

ROUNDS = 200
Timer = Callable[[int, Callable[[int], object]], float]


def measure(median_ms: Timer) -> None:
    popup = Popup.objects.select_related("cycle").order_by("pk")[0]
    member = Membership.objects.filter(group=popup.group, left_at=None).order_by("-pk")[0]
    client = Client()
    client.force_login(Person.objects.get(household=member.household))
    page = reverse("groupbuy:choose", args=[popup.pk])
    shown_ms = median_ms(ROUNDS, lambda _n: client.get(page).content)
    products = Offer.objects.filter(cycle=popup.cycle).count()
    print(f"{f'ordering page, {products} products, in process':46} {shown_ms:7.2f} ms")
