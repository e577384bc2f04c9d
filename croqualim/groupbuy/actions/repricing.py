"""Orders follow what really came: quantities, amounts, what the envelope holds, who is told.

A fixed number of queries, whatever the number of orders.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Sum

from croqualim.accounts.models import Person
from croqualim.groupbuy import letters
from croqualim.groupbuy.actions.noting import note_orders
from croqualim.groupbuy.actions.subsidies import hold_subsidies
from croqualim.groupbuy.actions.telling import Telling, tell_many
from croqualim.groupbuy.models import Cycle, EventKind, Order, OrderLine
from croqualim.groupbuy.rules.pricing import line_amounts
from croqualim.kernel.money import in_euros
from croqualim.kernel.quantity import in_words

# Plain SQL: `bulk_update` takes two hundred times as long to write its CASEs as this to be done.
CHANGE_LINE = """
    UPDATE groupbuy_orderline SET quantity = %s, cost_price_cents = %s, cost_cents = %s,
    due_cents = %s WHERE id = %s
"""
CHANGE_ORDER = "UPDATE groupbuy_order SET cost_cents = %s, due_cents = %s WHERE id = %s"


@dataclass(frozen=True)
class Change:
    """A line of which somebody gets or pays more or less than a moment ago."""

    line: OrderLine
    before: int
    due_before_cents: int

    @property
    def in_words(self) -> list[str]:
        """[what, before, after], as the history says it."""
        product = self.line.offer.product
        if self.before == self.line.quantity:  # only its price has changed
            return [product.name, in_euros(self.due_before_cents), in_euros(self.line.due_cents)]
        return [
            product.name,
            in_words(self.before, product.unit),
            in_words(self.line.quantity, product.unit),
        ]


def reprice(
    *,
    cycle: Cycle,
    given: Mapping[OrderLine, int],
    key: str,
    opening: str,
    reason: str = "",
    actor: Person | None,
    now: datetime,
) -> int:
    """Give each line its quantity; say how many orders that changes, to each household too.

    Lines come with their order, its membership and popup, and their offer's product. The caller
    holds the cycle's lock. `opening` begins what people read. Raises ledger.NotEnough when an
    envelope no longer holds what the orders need again.
    """
    due_before = {line.order_id: line.order.due_cents for line in given}
    by_order = reprice_untold(cycle=cycle, given=given, reason=reason, actor=actor, now=now)
    if not by_order:
        return 0
    tell_many(
        tellings=[
            Telling(
                order.membership,
                key=f"order:{order.pk}:{key}",
                letter=letters.order_repriced(
                    order,
                    lines,
                    due_before_cents=due_before[order.pk],
                    opening=opening,
                ),
            )
            for order, lines in by_order.items()
        ],
        now=now,
    )
    return len(by_order)


def reprice_untold(
    *,
    cycle: Cycle,
    given: Mapping[OrderLine, int],
    kind: EventKind = EventKind.ORDER_REPRICED,
    keeps_price: bool = False,
    reason: str = "",
    actor: Person | None,
    now: datetime,
) -> dict[Order, list[list[str]]]:
    """`reprice` for somebody who is there and hears it; say what changed, as the history does.

    `keeps_price`: at what each line was counted before, not at the offer's price of today.
    """
    by_order: dict[Order, list[Change]] = defaultdict(list)
    for change in _change_lines(given, keeps_price=keeps_price):
        by_order[change.line.order].append(change)
    if not by_order:
        return {}
    _change_totals(by_order)
    hold_subsidies(by_order, now)
    said = {order: [change.in_words for change in of] for order, of in by_order.items()}
    note_orders(kind, lines=said, reason=reason, actor=actor, now=now)
    return said


def _change_lines(given: Mapping[OrderLine, int], *, keeps_price: bool) -> list[Change]:
    changes = []
    for line, quantity in given.items():
        price_cents = line.cost_price_cents if keeps_price else line.offer.cost_price_cents
        amounts = line_amounts(
            quantity,
            cost_price_cents=price_cents,
            priced_quantity=line.offer.priced_quantity,
            share_percent=line.order.share_percent,
        )
        if (line.quantity, line.cost_cents) == (quantity, amounts.cost_cents):
            continue
        changes.append(Change(line, before=line.quantity, due_before_cents=line.due_cents))
        line.quantity, line.cost_price_cents = quantity, price_cents
        line.cost_cents, line.due_cents = amounts.cost_cents, amounts.due_cents
    _write(
        CHANGE_LINE,
        [
            (
                c.line.quantity,
                c.line.cost_price_cents,
                c.line.cost_cents,
                c.line.due_cents,
                c.line.pk,
            )
            for c in changes
        ],
    )
    return changes


def _change_totals(orders: Iterable[Order]) -> None:
    by_id = {order.pk: order for order in orders}
    totals = (
        OrderLine.objects.filter(order__in=by_id)
        .values_list("order")
        .annotate(Sum("cost_cents"), Sum("due_cents"))
        .order_by("order")
    )
    for order_id, cost_cents, due_cents in totals:
        by_id[order_id].cost_cents, by_id[order_id].due_cents = cost_cents, due_cents
    _write(CHANGE_ORDER, ((o.cost_cents, o.due_cents, o.pk) for o in by_id.values()))


def _write(statement: str, rows: Iterable[tuple[int, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(statement, list(rows))
