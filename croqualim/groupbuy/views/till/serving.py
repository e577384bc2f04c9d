"""Find her, check her in, hand over and take the money, next."""

from collections.abc import Callable, Sequence
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import till as actions
from croqualim.groupbuy.forms.till.parts import UndoForm
from croqualim.groupbuy.forms.till.sentences import (
    missing_in_words,
    money_back_in_words,
    sentence,
)
from croqualim.groupbuy.forms.till.serving import HandOverForm, PresenceForm, ticks_in_address
from croqualim.groupbuy.models import EventKind, Order
from croqualim.groupbuy.queries import takings
from croqualim.groupbuy.queries import till as queries
from croqualim.groupbuy.queries.due import Due, due_of
from croqualim.groupbuy.queries.weighing import to_weigh_of
from croqualim.groupbuy.rules.till import Missing
from croqualim.groupbuy.views.undoing import undone

PRESENCE: dict[str, Callable[..., Sequence[Missing] | None]] = {
    "here": actions.check_in,
    "not_here": actions.undo_check_in,
    "absent": actions.mark_absent,
    "not_absent": actions.undo_absent,
}


@require_GET
def till(request: MemberRequest, popup_id: int) -> HttpResponse:
    """Everybody who ordered here. One who alone is meant by what was said is shown at once."""
    popup = access.get_popup_at_till(request.user, popup_id)
    rows = queries.rows(popup)
    said = request.GET.get("cherche", "")[:60].strip()
    shown = queries.rows_said(rows, said) if said else rows
    if said and len(shown) == 1 and not request.htmx:  # type: ignore[attr-defined]
        return redirect("groupbuy:till_order", popup.pk, shown[0].order_id)
    stops = queries.stops_in(rows)
    stop = next((s for s in stops if str(s.pk) == request.GET.get("arret")), None)
    state = None if said else queries.chosen_state(request.GET.get("etat", ""))
    context = {
        "popup": popup,
        "said": said,
        "state": state,
        "stop": stop,
        "stops": stops,
        "counts": queries.counts(queries.rows_at(rows, stop)),
        "others": queries.other_shops(popup),
        "rows": [row for row in queries.rows_at(shown, stop) if state in (None, row.state)],
    }
    part = "#found" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"groupbuy/till.html{part}", context)


@require_http_methods(["GET", "POST"])
def order(request: MemberRequest, popup_id: int, order_id: int) -> HttpResponse:
    order = access.get_order_at_till(request.user, popup_id, order_id)
    due = due_of(order, localdate(now()))
    prepaid = takings.prepaid_cents(order.popup.cycle.collective, order.membership.household)
    form = HandOverForm(request.POST or None, due_cents=due.total_cents, prepaid_cents=prepaid)
    if request.method == "POST" and form.is_valid():
        try:
            actions.hand_over(order=order, payments=form.payments(), actor=request.user, now=now())
        except actions.ShopRefused as refused:
            form.show(refused.problem)
        else:
            return redirect("groupbuy:till_order", popup_id, order.pk)
    return _show(request, order, due, form)


def _show(request: MemberRequest, order: Order, due: Due, form: HandOverForm) -> HttpResponse:
    order.refresh_from_db(fields=["checked_in_at", "collected_at", "absent_at"])
    to_weigh = to_weigh_of(order)
    context = {
        "to_weigh": to_weigh,
        "left_to_weigh": any(row.last is None for row in to_weigh),
        "popup": order.popup,
        "order": order,
        "state": queries.state(order),
        "names": ", ".join(queries.names_in(order.membership)),
        "lines": queries.lines_to_take(order),
        "ticked": (request.POST or request.GET).getlist("pris"),
        "due": due,
        "form": form,
    }
    if order.collected_at:
        context["served"] = queries.last_event(order, EventKind.COLLECTED)
        context["payments"] = takings.payments_of(order)
    return render(request, "groupbuy/till_order.html", context)


@require_POST
def presence(request: MemberRequest, popup_id: int, order_id: int) -> HttpResponse:
    """Here, not here after all, absent, not absent after all."""
    order = access.get_order_at_till(request.user, popup_id, order_id)
    form = PresenceForm(request.POST)
    if form.is_valid():
        try:
            missing = PRESENCE[form.cleaned_data["says"]](
                order=order, actor=request.user, now=now()
            )
        except actions.ShopRefused as refused:
            messages.warning(request, sentence(refused.problem))
        else:
            if missing:
                words = _("Vendu pendant son absence : %(goods)s. Voici ce qui reste, au bon prix.")
                messages.warning(request, words % {"goods": missing_in_words(missing)})
    address = reverse("groupbuy:till_order", args=[popup_id, order.pk])
    return redirect(address + ticks_in_address(request.POST.getlist("pris")))


@require_http_methods(["GET", "POST"])
def undo(request: MemberRequest, popup_id: int, order_id: int) -> HttpResponse:
    order = access.get_order_at_till(request.user, popup_id, order_id)
    form = UndoForm(request.POST or None)
    words = _("Le retrait est annulé : tout est à remettre et à payer.")
    if undone(request, form, partial(actions.undo_hand_over, order=order), words):
        return redirect("groupbuy:till_order", popup_id, order.pk)
    paid = money_back_in_words(takings.payments_of(order))
    context = {"popup": order.popup, "order": order, "paid": paid, "form": form}
    return render(request, "groupbuy/undo_hand_over.html", context)


@require_POST
def absents(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_at_till(request.user, popup_id)
    try:
        count = actions.mark_all_absent(popup=popup, actor=request.user, now=now())
    except actions.ShopRefused as refused:
        messages.warning(request, sentence(refused.problem))
    else:
        words = ngettext("%(count)s absence notée.", "%(count)s absences notées.", count)
        messages.success(request, words % {"count": count})
    return redirect("groupbuy:till", popup.pk)


@require_GET
def scan(request: MemberRequest, code: str) -> HttpResponse:
    """The QR code of an order: the till serves it, its household reads it, others see nothing."""
    reference, _dash, popup_id = code.rpartition("-")
    if not popup_id.isdecimal() or len(popup_id) > 12:
        raise Http404
    order, at_till = access.get_scanned_order(request.user, int(popup_id), reference)
    if at_till:
        return redirect("groupbuy:till_order", order.popup_id, order.pk)
    return redirect("groupbuy:order", order.pk)
