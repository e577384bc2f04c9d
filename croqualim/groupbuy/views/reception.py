"""In front of the lorry: typing what came, reading what that does, noting it; undoing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import reception as actions
from croqualim.groupbuy.forms.reception import ReceptionForm, UndoForm
from croqualim.groupbuy.models import PurchaseOrder
from croqualim.groupbuy.queries.purchasing import lines_of
from croqualim.groupbuy.queries.reception import arrivals
from croqualim.groupbuy.rules.reception import ReceptionRefused


@require_http_methods(["GET", "POST"])
def receive(request: MemberRequest, purchase_order_id: int) -> HttpResponse:
    """First what came; then, before anything is written, what it changes; then it is noted."""
    order = access.get_purchase_order_to_handle(request.user, purchase_order_id)
    form = ReceptionForm(
        request.POST if request.method == "POST" else None,
        purchase_order=order,
        lines=list(lines_of([order])),
        is_as_ordered="as_ordered" in request.POST,
    )
    if form.is_valid() and "confirm" in request.POST:
        if _received(request, order, form):
            return redirect("groupbuy:purchase_order", order.pk)
    elif form.is_valid() and "correct" not in request.POST:
        return _check(request, order, form)
    if request.method == "GET" and order.received_at:
        return redirect("groupbuy:purchase_order", order.pk)
    return render(request, "groupbuy/receive.html", {"order": order, "form": form})


def _check(request: MemberRequest, order: PurchaseOrder, form: ReceptionForm) -> HttpResponse:
    rows = arrivals(order, {line_id: came.quantity for line_id, came in form.received().items()})
    context = {
        "order": order,
        "form": form,
        "rows": rows,
        "total_cents": sum(row.cost_cents for row in rows),
        "adjusts": any(row.effect.adjusted_orders for row in rows),
        "passed": form.passed(localdate()),
    }
    return render(request, "groupbuy/receive_check.html", context)


def _received(request: MemberRequest, order: PurchaseOrder, form: ReceptionForm) -> bool:
    try:
        repriced = actions.receive_delivery(
            purchase_order=order, received=form.received(), actor=request.user, now=now()
        )
    except ReceptionRefused as refused:
        form.show(refused.reason)
        return False
    messages.success(request, _told(_("La livraison est notée."), repriced))
    return True


@require_http_methods(["GET", "POST"])
def undo_reception(request: MemberRequest, purchase_order_id: int) -> HttpResponse:
    order = access.get_purchase_order_to_handle(request.user, purchase_order_id)
    form = UndoForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            repriced = actions.undo_reception(
                purchase_order=order,
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=now(),
            )
        except ReceptionRefused as refused:
            form.show(refused.reason)
        else:
            messages.success(request, _told(_("La réception est annulée."), repriced))
            return redirect("groupbuy:purchase_order", order.pk)
    elif not form.is_bound and not order.received_at:
        return redirect("groupbuy:purchase_order", order.pk)
    return render(request, "groupbuy/undo_reception.html", {"order": order, "form": form})


def _told(opening: str, repriced: int) -> str:
    if not repriced:
        return opening
    said = ngettext(
        "%(count)s commande est ajustée, son foyer est prévenu.",
        "%(count)s commandes sont ajustées, leurs foyers sont prévenus.",
        repriced,
    )
    return f"{opening} {said % {'count': repriced}}"
