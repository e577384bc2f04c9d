"""A member telephones: who is it, what does she take, read it back, say its reference."""

from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import taking as actions
from croqualim.groupbuy.actions.ordering import OrderRefused, confirm_order
from croqualim.groupbuy.forms.taking import TakingForm
from croqualim.groupbuy.models import Order
from croqualim.groupbuy.queries.callers import callers
from croqualim.groupbuy.queries.cycles import people_of_order
from croqualim.groupbuy.queries.due import collected_on, due_of, due_of_basket
from croqualim.groupbuy.queries.members import people_of
from croqualim.groupbuy.queries.orders import lines_of
from croqualim.groupbuy.queries.taking import Taking, taking
from croqualim.groupbuy.rules.stages import Stage


@never_cache
@require_GET
def telephone(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Three letters, Enter: her order. `vu` says for which letters the list has been seen."""
    cycle = access.get_cycle(request.user, cycle_id)
    if cycle.stage(now()) is not Stage.OPEN:
        messages.warning(request, _("Les commandes ne sont pas ouvertes en ce moment."))
        return redirect("groupbuy:cycle", cycle.pk)
    text = request.GET.get("cherche", "")[:60].strip()
    found = callers(cycle, text)
    context = {"cycle": cycle, "text": text, "callers": found}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "groupbuy/telephone.html#found", context)
    has_seen = request.GET.get("vu") == text or len(found) == 1
    if found and found[0].may_order and has_seen:
        return redirect("groupbuy:take_order", found[0].membership_id, found[0].shop_id)
    return render(request, "groupbuy/telephone.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def take_order(request: MemberRequest, membership_id: int, popup_id: int) -> HttpResponse:
    """A line a press; an empty one reads it back, another one confirms what was read."""
    membership = access.get_membership(request.user, membership_id)
    popup = access.get_popup_to_take_orders_for(membership, popup_id)
    if popup.cycle.stage(now()) is not Stage.OPEN:
        messages.warning(request, _("Les commandes ne sont pas ouvertes en ce moment."))
        return _go(request, reverse("groupbuy:member", args=[membership.pk]))
    if "repartir" in request.POST:
        actions.back_to_order(popup=popup, membership=membership)
        return redirect("groupbuy:take_order", membership.pk, popup.pk)
    asked = taking(popup, membership)
    form = TakingForm(request.POST if request.method == "POST" else None, taking=asked)
    if order := _confirmed(request, form):
        return _go(request, reverse("groupbuy:say_order", args=[order.pk]))
    if form.changes:
        form.taking = _taken_down(asked, form)
    context = {
        "dictation": form,
        "taking": form.taking,
        "people": people_of(membership),
        "due": due_of_basket(
            membership,
            form.taking.basket,
            goods_cents=form.taking.due_cents,
            day=localdate(popup.starts_at),
        ),
    }
    part = "#heard" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"groupbuy/take_order.html{part}", context)


def _confirmed(request: MemberRequest, form: TakingForm) -> Order | None:
    """None when it is not time yet, or something stands in the way: the form says what."""
    if not form.is_confirmed:
        return None
    try:
        return confirm_order(
            popup=form.taking.popup,
            membership=form.taking.membership,
            basket=form.taking.basket,
            extras=form.taking.extras,
            stop=form.stop,
            actor=request.user,
            now=now(),
        )
    except OrderRefused as refused:
        form.show(refused.problems)
        return None


def _taken_down(asked: Taking, form: TakingForm) -> Taking:
    basket = actions.take_down(
        popup=asked.popup, membership=asked.membership, changes=form.changes, now=now()
    )
    return replace(asked, basket={key: n for key, n in basket.items() if key in form.offers})


def _go(request: MemberRequest, address: str) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


@never_cache
@require_GET
def say_order(request: MemberRequest, order_id: int) -> HttpResponse:
    """What to say aloud before hanging up."""
    order = access.get_order(request.user, order_id)
    context = {
        "order": order,
        "people": people_of_order(order),
        "lines": lines_of(order),
        "due": due_of(order, collected_on(order)),
    }
    return render(request, "groupbuy/say_order.html", context)
