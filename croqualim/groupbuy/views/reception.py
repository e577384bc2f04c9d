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
from croqualim.groupbuy.access.deliveries import get_delivery
from croqualim.groupbuy.actions import reception as actions
from croqualim.groupbuy.forms.reception import SENTENCES, ReceptionForm, UndoForm, how_shared
from croqualim.groupbuy.models import PurchaseOrder
from croqualim.groupbuy.queries import waiting
from croqualim.groupbuy.queries.paying import is_delivery_paid
from croqualim.groupbuy.queries.purchasing import lines_of
from croqualim.groupbuy.queries.reception import reckon
from croqualim.groupbuy.rules.reception import Reason, ReceptionRefused, Rule

TYPING = {"correct", "another"}  # presses that go back to the form
MORE = "more"  # the press that notes it while the rest is awaited


@require_http_methods(["GET", "POST"])
def receive(request: MemberRequest, purchase_order_id: int) -> HttpResponse:
    """First what came; then, before anything is written, what it changes; then it is noted."""
    order = access.get_purchase_order_to_handle(request.user, purchase_order_id)
    lines = list(lines_of([order]))
    expected = waiting.awaited(lines)
    form = ReceptionForm(
        request.POST if request.method == "POST" else None,
        purchase_order=order,
        awaited={line: expected[line.pk] for line in lines},
        number=waiting.next_number(order),
    )
    if not form.is_bound or TYPING & set(request.POST) or not form.is_valid():
        return _typing(request, order, form)
    if "confirm" not in request.POST or _is_another_rule(request, form):
        return _check(request, order, form)
    if _received(request, order, form):
        return redirect("groupbuy:purchase_order", order.pk)
    return _typing(request, order, form)


def _typing(request: MemberRequest, order: PurchaseOrder, form: ReceptionForm) -> HttpResponse:
    context = {
        "order": order,
        "form": form,
        "is_first": form.initial["number"] == 1,
    }
    return render(request, "groupbuy/receive.html", context)


def _is_another_rule(request: MemberRequest, form: ReceptionForm) -> bool:
    """Chosen on the check page, and its effect not yet read; without it, nothing else matters."""
    is_last = request.POST["confirm"] != MORE
    return is_last and form.chosen_rule != request.POST.get("shown", Rule.PRO_RATA)


def _check(request: MemberRequest, order: PurchaseOrder, form: ReceptionForm) -> HttpResponse:
    rule = form.chosen_rule
    context = {
        "order": order,
        "form": form,
        "reckoning": reckon(order, form.received(), is_last=True, rule=rule),
        "rule": rule.value,
        "how": how_shared(rule),
        "is_another": "confirm" in request.POST,
        "passed": form.passed(localdate()),
    }
    return render(request, "groupbuy/receive_check.html", context)


def _received(request: MemberRequest, order: PurchaseOrder, form: ReceptionForm) -> bool:
    try:
        repriced = actions.receive_delivery(
            purchase_order=order,
            received=form.received(),
            number=form.cleaned_data["number"],
            is_last=request.POST["confirm"] != MORE,
            rule=form.chosen_rule,
            actor=request.user,
            now=now(),
        )
    except ReceptionRefused as refused:
        form.show(refused.reason, waiting.next_number(order))
        return False
    messages.success(request, _told(_("La livraison est notée."), repriced))
    return True


@require_http_methods(["GET", "POST"])
def undo_reception(request: MemberRequest, purchase_order_id: int) -> HttpResponse:
    """The last one that stands."""
    order = access.get_purchase_order_to_handle(request.user, purchase_order_id)
    last = waiting.last_delivery(order)
    if request.method == "GET" and last is None:
        return redirect("groupbuy:purchase_order", order.pk)
    form = UndoForm(
        request.POST if request.method == "POST" else None,
        initial={"number": last.number if last else None},
    )
    if form.is_valid():
        try:
            repriced = actions.undo_reception(
                delivery=get_delivery(order, form.cleaned_data["number"]),
                reason=form.cleaned_data["reason"],
                actor=request.user,
                now=now(),
            )
        except ReceptionRefused as refused:
            form.show(refused.reason)
        else:
            messages.success(request, _told(_("La réception est annulée."), repriced))
            return redirect("groupbuy:purchase_order", order.pk)
    is_paid = last is not None and is_delivery_paid(last)
    context = {
        "order": order,
        "delivery": last,
        "form": form,
        "in_the_way": SENTENCES[Reason.PRODUCER_PAID] if is_paid else "",
    }
    return render(request, "groupbuy/undo_reception.html", context)


def _told(opening: str, repriced: int) -> str:
    if not repriced:
        return opening
    said = ngettext(
        "%(count)s commande est ajustée, son foyer est prévenu.",
        "%(count)s commandes sont ajustées, leurs foyers sont prévenus.",
        repriced,
    )
    return f"{opening} {said % {'count': repriced}}"
