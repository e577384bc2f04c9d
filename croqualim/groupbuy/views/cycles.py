"""A coordinator follows her cycle to its end: what to do now, its orders, their history."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_GET

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.queries import cycles as queries
from croqualim.groupbuy.queries.due import due_of
from croqualim.groupbuy.queries.envelope_dates import warnings_for_cycle
from croqualim.groupbuy.queries.history import events_of_cycle, events_of_order
from croqualim.groupbuy.queries.orders import lines_of
from croqualim.groupbuy.rules.stages import Stage

PER_PAGE = 50


@require_GET
def cycle(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Where it is in its month, and the one thing to do now."""
    cycle = access.get_cycle(request.user, cycle_id)
    context = {
        "cycle": cycle,
        "walk": queries.walk_of(cycle, now()),
        "totals": queries.totals_of(cycle),
        "shops": queries.shops_of(cycle),
        "warnings": [] if cycle.bought_at else warnings_for_cycle(cycle),
        "events": events_of_cycle(cycle)[::-1],
    }
    return render(request, "groupbuy/cycle.html", context)


@require_GET
def cycle_orders(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    text = request.GET.get("cherche", "")[:60]
    group = request.GET.get("groupement", "")
    group_id = int(group) if group.isdecimal() and len(group) < 10 else 0
    found = queries.orders_of(cycle, text=text, group_id=group_id)
    context = {
        "cycle": cycle,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "shops": queries.shops_of(cycle),
        "text": text,
        "group_id": group_id,
        "query": {"cherche": text, "groupement": str(group_id or "")},
    }
    return render(request, "groupbuy/cycle_orders.html", context)


@require_GET
def order_history(request: MemberRequest, order_id: int) -> HttpResponse:
    """What became of an order: quantities, moments, what is left to pay. No share, no cost."""
    order = access.get_order(request.user, order_id)
    is_open = order.cycle.stage(now()) is Stage.OPEN
    context = {
        "order": order,
        "is_waiting": not (order.cancelled_at or order.collected_at or order.absent_at),
        "due": due_of(order, localdate(order.popup.starts_at)),
        "may_change": is_open and not order.cancelled_at and not order.membership.left_at,
        "people": queries.people_of_order(order),
        "lines": lines_of(order),
        "events": events_of_order(order),
    }
    return render(request, "groupbuy/order_history.html", context)
