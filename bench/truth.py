"""What must be true after a rush, read from the tables. Each broken promise is one line."""

from collections.abc import Iterator

from django.core.management import call_command
from django.core.management.base import CommandError
from django.db.models import Count, F, Q, Sum

from croqualim.groupbuy.models import Basket, Cycle, Event, EventKind, Offer, Order, OrderLine
from croqualim.messages.models import Message


def broken_promises(cycle: Cycle, *, ordered: int, refused: int) -> Iterator[str]:
    """`ordered` households were told that their order is noted; `refused` that it is not."""
    live = Order.objects.filter(cycle=cycle, cancelled_at=None)
    counts = {
        "orders": live.count(),
        "households that ordered": live.values("membership__household").distinct().count(),
        "references": live.values("reference").distinct().count(),
        "events": Event.objects.filter(cycle=cycle, kind=EventKind.ORDER_PLACED).count(),
        "messages": Message.objects.filter(key__startswith="order:").count(),
    }
    yield from (f"{n} {what} for {ordered} answers" for what, n in counts.items() if n != ordered)
    kept = Basket.objects.filter(cycle=cycle).count()
    if kept != refused:
        yield f"{kept} baskets kept for {refused} refused"
    yield from _wrong_sums(cycle)
    try:
        call_command("check_books", verbosity=0)
    except CommandError as wrong:
        yield str(wrong)


def _wrong_sums(cycle: Cycle) -> Iterator[str]:
    sums = dict(
        OrderLine.objects.filter(order__cycle=cycle, order__cancelled_at=None)
        .values_list("offer")
        .annotate(asked=Sum("asked_quantity"))
        .order_by()
    )
    for offer in Offer.objects.filter(cycle=cycle):
        if offer.ordered_quantity != sums.get(offer.pk, 0):
            yield f"{offer}: {offer.ordered_quantity} kept, {sums.get(offer.pk, 0)} in lines"
    oversold = Q(ordered_quantity__gt=F("limit_quantity"))
    yield from (f"{offer} is oversold" for offer in Offer.objects.filter(oversold, cycle=cycle))
    amounts = Order.objects.filter(cycle=cycle).annotate(
        lines_due=Sum("lines__due_cents"), lines_count=Count("lines")
    )
    wrong = amounts.exclude(due_cents=F("lines_due")).count()
    if wrong:
        yield f"{wrong} orders do not cost what their lines do"
