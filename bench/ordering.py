from collections.abc import Callable
from datetime import timedelta
from random import Random

from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from croqualim.accounts.actions import register_person
from croqualim.accounts.models import Person
from croqualim.demo.months import Month, dates_around
from croqualim.demo.region import found_region
from croqualim.groupbuy.actions import joining, ordering
from croqualim.groupbuy.models import Membership, Offer, Popup

Timer = Callable[[int, Callable[[int], object]], float]


def measure(median_ms: Timer, *, rounds: int, lines: int) -> None:
    """Print medians in milliseconds and their ratios."""
    popup, members = _open_cycle(rounds + 10)
    offers = list(Offer.objects.filter(cycle=popup.cycle, limit_quantity=None)[:lines])
    basket = {offer.pk: offer.step_quantity for offer in offers}
    client = Client()
    client.force_login(members[0][0])
    page = reverse("groupbuy:choose", args=[popup.pk])
    queue = iter(members)

    def order(_n: int) -> None:
        person, membership = next(queue)
        ordering.confirm_order(
            popup=popup, membership=membership, basket=basket, actor=person, now=now()
        )

    shown_ms = median_ms(rounds, lambda _n: client.get(page).content)
    ordered_ms = median_ms(rounds, order)
    bare_ms = median_ms(rounds, lambda n: _bare_rows(n, lines))
    print(connection.vendor)  # noqa: T201
    print(f"ordering page, 101 products   {shown_ms:7.2f} ms")  # noqa: T201
    print(f"order of {lines} lines             {ordered_ms:7.2f} ms")  # noqa: T201
    print(f"the same rows in bare SQL     {bare_ms:7.2f} ms")  # noqa: T201
    print(f"order / bare SQL              {ordered_ms / bare_ms:7.1f}")  # noqa: T201


def _open_cycle(households: int) -> tuple[Popup, list[tuple[Person, Membership]]]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("import_communes", verbosity=0)
    at = now()
    month = Month(found_region(at), dates_around(at + timedelta(days=18)), Random(0))  # noqa: S311
    popup = month.popups()[0]
    members = []
    for n in range(households):
        person = register_person(given_name="Essai", family_name=f"Numéro {n}", now=at)
        membership = joining.join_group(group=popup.group, household=person.household, now=at)
        members.append((person, membership))
    return Popup.objects.select_related("cycle").get(pk=popup.pk), members


def _bare_rows(n: int, lines: int) -> None:
    """An order's rows and its offers' counters, and nothing else."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE IF NOT EXISTS bare_order (id bigint, label text)")
        cursor.execute(
            "CREATE TEMPORARY TABLE IF NOT EXISTS bare_line (id bigint, quantity bigint)"
        )
        cursor.execute("INSERT INTO bare_order VALUES (%s, %s)", [n, f"RADIS-{n}"])
        cursor.executemany(
            "INSERT INTO bare_line VALUES (%s, %s)", [(n, 500) for _ in range(lines)]
        )
