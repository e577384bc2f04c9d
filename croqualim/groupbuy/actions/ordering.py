"""Choosing, confirming, changing, cancelling an order.

Locks, in this order and once each: the membership (two phones of one household), then the offers
by id (everybody else, and the closing). The offers' CHECK stands behind.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import NamedTuple

from django.db import connection, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from croqualim.accounts.models import Person
from croqualim.groupbuy import letters
from croqualim.groupbuy.actions.joining import be_member_on
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.subsidies import envelope_for, hold_subsidy, subsidy_key
from croqualim.groupbuy.actions.telling import Telling, tell_many
from croqualim.groupbuy.models import (
    Basket,
    EventKind,
    Membership,
    Offer,
    Order,
    OrderLine,
    Popup,
    Stop,
)
from croqualim.groupbuy.queries import orders as queries
from croqualim.groupbuy.queries.containers import deposits_of_offers
from croqualim.groupbuy.queries.due import Due, owed_for
from croqualim.groupbuy.queries.stops import stops_of
from croqualim.groupbuy.rules import ordering as rules
from croqualim.groupbuy.rules.pricing import Amounts, line_amounts, total
from croqualim.groupbuy.rules.stages import Stage, stage_at
from croqualim.groupbuy.rules.stops import problem_with_choice
from croqualim.kernel.quantity import in_words
from croqualim.ledger import actions as ledger
from croqualim.storage.prepared import Prepared


class Locked(NamedTuple):
    """An offer, while nobody else may order of it."""

    pk: int
    step_quantity: int
    limit_quantity: int | None
    ordered_quantity: int
    withdrawn_at: datetime | None
    cost_price_cents: int
    priced_quantity: int


LOCKED_OFFERS = Prepared(
    lambda cycle, *pks: (
        Offer.objects.filter(cycle=cycle, pk__in=pks)
        .select_for_update(no_key=True)
        .order_by("pk")
        .values_list(*Locked._fields)
    )
)
LOCKED_MEMBERSHIP = Prepared(
    lambda pk: Membership.objects.filter(pk=pk).order_by().select_for_update(no_key=True)
)
TAKEN_REFERENCES = Prepared(
    lambda cycle, *names: (
        Order.objects.filter(cycle=cycle, reference__in=names).order_by().values_list("reference")
    )
)
PRODUCTS = Prepared(
    lambda *offers: (
        Offer.objects.filter(pk__in=offers)
        .order_by()
        .values_list("pk", "product__name", "product__unit")
    )
)
# Plain SQL where Django has no other way than a CASE of twelve branches, ten times as long to write
ADD_ORDERED = "UPDATE groupbuy_offer SET ordered_quantity = ordered_quantity + %s WHERE id = %s"
EMPTY_BASKET = "DELETE FROM groupbuy_basket WHERE cycle_id = %s AND membership_id = %s"


class OrderRefused(Exception):
    """Nothing was written; `problems` say why."""

    def __init__(self, problems: Sequence[rules.Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


@transaction.atomic
def fill_basket(
    *,
    popup: Popup,
    membership: Membership,
    quantities: Mapping[int, int],
    extras: Mapping[int, int] | None = None,
    now: datetime,
) -> None:
    """Keep what is being chosen, and what more would be taken to complete a packaging (None: as
    before). Refuses nothing: that is for the confirmation."""
    more = {} if extras is None else {"extras": {str(offer): n for offer, n in extras.items()}}
    Basket.objects.update_or_create(
        cycle_id=popup.cycle_id,
        membership=membership,
        defaults={
            "quantities": {str(offer): n for offer, n in quantities.items()},
            **more,
            "updated_at": now,
        },
    )


@transaction.atomic
def confirm_order(
    *,
    popup: Popup,
    membership: Membership,
    basket: rules.Basket,
    extras: rules.Basket | None = None,
    stop: Stop | None = None,
    actor: Person,
    now: datetime,
) -> Order:
    """Make the household's order of this cycle say exactly what the basket says.

    `extras`: as much more of each as she takes if that completes a packaging; None: as she said
    before. `stop`: of a shop that goes round, where she collects; None: as her order says.
    Confirming the same twice changes nothing the second time. Raises OrderRefused.
    """
    deposits = deposits_of_offers(basket)  # before the locks: they change in no rush
    (membership,) = LOCKED_MEMBERSHIP(membership.pk)
    order = queries.live_order(popup.cycle_id, membership)
    held, held_extras = queries.asked_of(order)
    offers = _lock_offers(popup.cycle_id, {*basket, *held})
    # read after the locks: a closing has won or waits
    moments = queries.moments_of(popup.cycle_id)
    wanted = {offer_id: asked for offer_id, asked in basket.items() if asked}
    more = rules.extras_of(wanted, held_extras if extras is None else extras)
    offered = queries.as_offered(offers.values(), held)
    problems = rules.problems_with(basket, offered, stage=stage_at(moments, now))
    if problems := problems or rules.problems_with_extras(more, offered):
        raise OrderRefused(problems)
    stop, moved = _choose_stop(popup, order, stop)

    _empty_basket(popup.cycle_id, membership)
    is_the_same = (wanted, more, membership.share_percent)
    if order and not moved and is_the_same == (held, held_extras, order.share_percent):
        return order
    kind = EventKind.ORDER_CHANGED if order else EventKind.ORDER_PLACED
    order = order or _new_order(popup, membership, actor, now)
    order.popup, order.stop = popup, stop
    _write_lines(order, membership.share_percent, wanted, more, offers, now)
    _change_ordered(_changes(held, wanted))
    _hold_subsidy(order, now)
    year = be_member_on(membership=membership, day=localdate(popup.starts_at))
    lines = _differences(held, wanted) + more_in_words(held_extras, more) + moved
    note(kind, order=order, lines=lines, actor=actor, now=now)
    due = Due(order.due_cents, owed_for(year), year, deposits)
    _tell_confirmed(order, due, more, closes_at=moments.closes_at, now=now)
    return order


@transaction.atomic
def cancel_order(*, order: Order, actor: Person, now: datetime, reason: str = "") -> None:
    """Give everything back; a second time changes nothing. Raises OrderRefused when closed."""
    (membership,) = LOCKED_MEMBERSHIP(order.membership_id)
    order.refresh_from_db(fields=["cancelled_at"])
    if order.cancelled_at:
        return
    held = queries.quantities_of(order)
    _lock_offers(order.cycle_id, set(held))
    if queries.stage_of(order.cycle_id, now) is not Stage.OPEN:
        raise OrderRefused([rules.Problem(rules.Reason.NOT_OPEN)])
    _change_ordered(_changes(held, {}))
    order.cancelled_at = now
    order.save(update_fields=["cancelled_at"])
    _empty_basket(order.cycle_id, membership)
    ledger.release(key=subsidy_key(order))
    note(
        EventKind.ORDER_CANCELLED,
        order=order,
        lines=_differences(held, {}),
        reason=reason,
        actor=actor,
        now=now,
    )
    telling = Telling(
        membership, key=f"order:{order.pk}:cancelled", letter=letters.order_cancelled(order)
    )
    tell_many(tellings=[telling], now=now)


def _lock_offers(cycle_id: int, offer_ids: set[int]) -> dict[int, Locked]:
    if not offer_ids:
        return {}
    return {row[0]: Locked._make(row) for row in LOCKED_OFFERS(cycle_id, *sorted(offer_ids))}


def _empty_basket(cycle_id: int, membership: Membership) -> None:
    with connection.cursor() as cursor:
        cursor.execute(EMPTY_BASKET, [cycle_id, membership.pk])


def _choose_stop(
    popup: Popup, order: Order | None, stop: Stop | None
) -> tuple[Stop | None, list[list[str]]]:
    """Where this order is collected, None at the shop itself; and that in words when it is new.

    Read under the offers' locks, as stops change. Raises OrderRefused.
    """
    before = order.stop_id if order else None
    chosen = stop.pk if stop else before
    if chosen is None and not popup.has_stops:
        return None, []
    stops = {stop.pk: stop for stop in stops_of(popup)}
    if problem := problem_with_choice(chosen, stops):
        raise OrderRefused([problem])
    found = stops.get(chosen or 0)
    if found is None or chosen == before:
        return found, []
    return found, [[_("lieu de retrait"), str(stops.get(before or 0, "")), str(found)]]


def _new_order(popup: Popup, membership: Membership, actor: Person, now: datetime) -> Order:
    return Order(
        cycle_id=popup.cycle_id,
        popup=popup,
        membership=membership,
        reference=_free_reference(popup.cycle_id, membership.number),
        placed_at=now,
        placed_by=actor,
    )


def _free_reference(cycle_id: int, member_number: int) -> str:
    names = rules.references(member_number, cycle_id)
    while True:
        candidates = list(islice(names, 8))
        taken = {reference for (reference,) in TAKEN_REFERENCES(cycle_id, *candidates)}
        if free := next((name for name in candidates if name not in taken), None):
            return free


def _write_lines(
    order: Order,
    share_percent: int,
    wanted: rules.Basket,
    extras: rules.Basket,
    offers: Mapping[int, Locked],
    now: datetime,
) -> None:
    lines = [
        _line(offers[offer_id], quantity, extras.get(offer_id, 0), share_percent)
        for offer_id, quantity in sorted(wanted.items())
    ]
    amounts = total([Amounts(line.cost_cents, line.due_cents) for line in lines])
    order.cost_cents, order.due_cents = amounts.cost_cents, amounts.due_cents
    _stand_behind(order, share_percent)
    if order.pk:
        order.changed_at = now
        OrderLine.objects.filter(order=order).delete()  # what they said stays in the history
    order.save()
    for line in lines:
        line.order = order
    OrderLine.objects.bulk_create(lines)


def _line(offer: Locked, quantity: int, extra: int, share_percent: int) -> OrderLine:
    amounts = line_amounts(
        quantity,
        cost_price_cents=offer.cost_price_cents,
        priced_quantity=offer.priced_quantity,
        share_percent=share_percent,
    )
    return OrderLine(
        offer_id=offer.pk,
        asked_quantity=quantity,
        extra_quantity=extra,
        quantity=quantity,
        cost_cents=amounts.cost_cents,
        cost_price_cents=offer.cost_price_cents,
        due_cents=amounts.due_cents,
    )


def _stand_behind(order: Order, share_percent: int) -> None:
    """Her share, and the envelope that answers for it; the one before holds nothing more."""
    before, order.share_percent = order.envelope_id, share_percent
    order.envelope = envelope_for(order.membership, share_percent)
    if None not in (before, order.envelope) and before != order.envelope_id:
        ledger.release(key=subsidy_key(order))


def _changes(before: rules.Basket, after: rules.Basket) -> dict[int, int]:
    return {
        offer_id: after.get(offer_id, 0) - before.get(offer_id, 0)
        for offer_id in sorted({*before, *after})
    }


def _change_ordered(changes: Mapping[int, int]) -> None:
    """Add to what live orders ask for; the CHECK refuses an oversale."""
    changed = [(change, offer_id) for offer_id, change in changes.items() if change]
    with connection.cursor() as cursor:
        cursor.executemany(ADD_ORDERED, changed)


def _hold_subsidy(order: Order, now: datetime) -> None:
    """Hold on the envelope what this order leaves it to pay: it is not promised twice."""
    if order.share_percent >= 100:
        if order.changed_at:  # she may have paid less before
            ledger.release(key=subsidy_key(order))
        return
    try:
        hold_subsidy(order, now)
    except ledger.NotEnough as short:
        raise OrderRefused([rules.Problem(rules.Reason.ENVELOPE_SHORT)]) from short


def _differences(before: rules.Basket, after: rules.Basket) -> list[list[str]]:
    changed = {
        offer_id: (before.get(offer_id), after.get(offer_id, 0))
        for offer_id in sorted({*before, *after})
        if before.get(offer_id, 0) != after.get(offer_id, 0)
    }
    products = {pk: (name, unit) for pk, name, unit in PRODUCTS(*changed)} if changed else {}
    return [
        [
            products[offer_id][0],
            in_words(had, products[offer_id][1]) if had is not None else "",
            in_words(has, products[offer_id][1]),
        ]
        for offer_id, (had, has) in changed.items()
    ]


def more_in_words(before: rules.Basket, after: rules.Basket) -> list[list[str]]:
    """The same of what would be taken to complete a packaging."""
    return [
        [_("%(what)s, pour le compléter") % {"what": what}, had, _("jusqu’à %(n)s") % {"n": has}]
        for what, had, has in _differences(before, after)
    ]


def _tell_confirmed(
    order: Order,
    due: Due,
    more: rules.Basket,
    *,
    closes_at: datetime,
    now: datetime,
) -> None:
    telling = Telling(
        order.membership,
        key=f"order:{order.pk}:confirmed:{now.isoformat()}",
        letter=letters.order_confirmed(
            order, due, closes_at=closes_at, more=_differences({}, more)
        ),
    )
    tell_many(tellings=[telling], now=now)
