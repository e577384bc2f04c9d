"""Closing a month of 1,000, 3,000 and 10,000 orders of twelve lines, with its papers.

    python -m bench.closing                                       on SQLite
    python -m tools.with_postgres python -m bench.closing         on PostgreSQL

The closing is the real action; the papers are the PDF of each producer's purchase order. Orders are
written in bulk, as `confirm_order` would have left them: that is what `bench.ordering` measures.
Each closing is rolled back, so that all begin with the same month. Three kinds of month:

    all rounded up        no order changes: the default
    a fifth otherwise     of a hundred products ten are rounded down, ten completed by volunteers
    all rounded down      the worst: nearly every order changes, is repriced and told
"""

import os
import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from croqualim.accounts.models import Person
    from croqualim.groupbuy.models import Cycle, Membership, Offer, Popup

SIZES = (1_000, 3_000, 10_000)
LINES = 12


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
    with tempfile.TemporaryDirectory(prefix="croqualim-bench-") as folder:
        os.environ["DATA_DIR"] = folder
        import django  # noqa: PLC0415 (settings read the environment made above)

        django.setup()
        measure()


def measure() -> None:
    from django.db import connection  # noqa: PLC0415 (needs a set-up Django)

    print(connection.vendor)
    popup, have = open_month(), 0
    for size in SIZES:
        add_orders(popup, have, size)
        have = size
        for name, rules in (
            ("all rounded up", {}),
            ("a fifth otherwise", {"down": 10, "volunteers": 10}),
            ("all rounded down", {"down": 1_000}),
        ):
            with _rolled_back():
                _set_rules(popup.cycle, rules)
                closed, papers, changed, made = _close(popup.cycle)
            print(
                f"{size:6} orders, {name:18} closing {closed:6.2f} s  "
                f"{made} papers {papers:5.2f} s  {changed:5} orders changed"
            )


def _close(cycle: "Cycle") -> tuple[float, float, int, int]:
    from croqualim.groupbuy.actions.closing import close_cycle  # noqa: PLC0415
    from croqualim.groupbuy.models import PurchaseOrder  # noqa: PLC0415
    from croqualim.groupbuy.papers.purchase_order import purchase_order_pdf  # noqa: PLC0415

    over = cycle.closes_at + timedelta(hours=1)
    started = time.perf_counter()
    changed = close_cycle(cycle=cycle, actor=_coordinator(cycle), now=over)
    closed = time.perf_counter()
    made = PurchaseOrder.objects.filter(cycle=cycle).select_related(
        "producer", "cycle__collective__structure", "cycle__collective__warehouse"
    )
    papers = [purchase_order_pdf(order, printed_at=over) for order in made]
    return closed - started, time.perf_counter() - closed, changed, len(papers)


def _coordinator(cycle: "Cycle") -> "Person":
    from croqualim.accounts.models import Person  # noqa: PLC0415

    return Person.objects.filter(roles__structure=cycle.collective.structure_id)[0]


def _set_rules(cycle: "Cycle", rules: dict[str, int]) -> None:
    from croqualim.groupbuy.models import Offer  # noqa: PLC0415

    Offer.objects.filter(cycle=cycle).update(rounding="up")
    offers = iter(Offer.objects.filter(cycle=cycle).order_by("pk"))
    for rounding, number in rules.items():
        chosen = [offer.pk for offer, _n in zip(offers, range(number), strict=False)]
        Offer.objects.filter(pk__in=chosen).update(rounding=rounding)


@contextmanager
def _rolled_back() -> Iterator[None]:
    from django.db import transaction  # noqa: PLC0415

    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def open_month() -> "Popup":
    from django.core.management import call_command  # noqa: PLC0415
    from django.utils.timezone import now  # noqa: PLC0415

    from croqualim.demo.months import Month, dates_around  # noqa: PLC0415
    from croqualim.demo.region import found_region  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("import_communes", verbosity=0)
    at = now()
    month = Month(found_region(at), dates_around(at + timedelta(days=18)), Random(0))  # noqa: S311
    return month.popups()[0]


def add_orders(popup: "Popup", have: int, size: int) -> None:
    """So that there are `size`: each of a household of its own, a third at half price."""
    from django.db import transaction  # noqa: PLC0415
    from django.db.models import Sum  # noqa: PLC0415

    from croqualim.groupbuy.models import Offer, OrderLine  # noqa: PLC0415

    offers = list(Offer.objects.filter(cycle=popup.cycle, limit_quantity=None))
    with transaction.atomic():
        _write(popup, _members(popup, have, size), offers, Random(size))  # noqa: S311
        asked = OrderLine.objects.filter(order__cycle=popup.cycle).order_by().values_list("offer")
        for offer_id, quantity in asked.annotate(Sum("asked_quantity")):
            Offer.objects.filter(pk=offer_id).update(ordered_quantity=quantity)


def _members(popup: "Popup", have: int, size: int) -> "list[Membership]":
    from croqualim.accounts.models import Household, Person  # noqa: PLC0415
    from croqualim.groupbuy.models import Membership  # noqa: PLC0415

    at: datetime = popup.cycle.opens_at
    households = Household.objects.bulk_create(Household() for _ in range(have, size))
    Person.objects.bulk_create(
        Person(
            household=household,
            given_name="Essai",
            family_name=f"Numéro {n}",
            email=f"essai-{n}@exemple.fr",
        )
        for n, household in enumerate(households, start=have)
    )
    return Membership.objects.bulk_create(
        Membership(
            group_id=popup.group_id,
            collective_id=popup.cycle.collective_id,
            household=household,
            number=100_000 + n,
            share_percent=50 if n % 3 == 0 else 100,
            joined_at=at,
        )
        for n, household in enumerate(households, start=have)
    )


def _write(
    popup: "Popup", members: "list[Membership]", offers: "list[Offer]", chance: Random
) -> None:
    from croqualim.accounts.models import Person  # noqa: PLC0415
    from croqualim.groupbuy.models import Order, OrderLine, ShareOption  # noqa: PLC0415
    from croqualim.groupbuy.rules.pricing import line_amounts  # noqa: PLC0415

    placed_by = Person.objects.first()
    options = ShareOption.objects.filter(collective=popup.cycle.collective_id)
    envelopes = dict(options.values_list("share_percent", "envelope"))
    orders = [
        Order(
            cycle_id=popup.cycle_id,
            popup=popup,
            membership=membership,
            reference=f"ESSAI-{membership.number}",
            share_percent=membership.share_percent,
            envelope_id=envelopes[membership.share_percent],
            placed_at=popup.cycle.opens_at + timedelta(seconds=n),
            placed_by=placed_by,
        )
        for n, membership in enumerate(members)
    ]
    lines = []
    for order in orders:
        for offer in chance.sample(offers, LINES):
            quantity = offer.step_quantity * chance.randint(1, 4)
            amounts = line_amounts(
                quantity,
                cost_price_cents=offer.cost_price_cents,
                priced_quantity=offer.priced_quantity,
                share_percent=order.share_percent,
            )
            order.cost_cents += amounts.cost_cents
            order.due_cents += amounts.due_cents
            lines.append(
                OrderLine(
                    order=order,
                    offer=offer,
                    asked_quantity=quantity,
                    quantity=quantity,
                    cost_price_cents=offer.cost_price_cents,
                    extra_quantity=offer.step_quantity * chance.choice((0, 0, 0, 1)),
                    cost_cents=amounts.cost_cents,
                    due_cents=amounts.due_cents,
                )
            )
    Order.objects.bulk_create(orders)
    OrderLine.objects.bulk_create(lines)


if __name__ == "__main__":
    main()
