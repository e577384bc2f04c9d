"""Purchase orders: read, printed, handed to their producers."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import purchasing as actions
from croqualim.groupbuy.forms.reception import SendForm
from croqualim.groupbuy.papers import purchase_order as papers
from croqualim.groupbuy.queries import purchasing as queries
from croqualim.groupbuy.queries.history import events_of_purchase_order
from croqualim.groupbuy.queries.waiting import last_delivery


@require_GET
def purchase_orders(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    orders = queries.purchase_orders_of(cycle)
    context = {
        "cycle": cycle,
        "orders": orders,
        "total_cents": sum(contents.total_cents for contents in orders),
        "received_cents": sum(contents.received_cents for contents in orders),
        "is_received": any(contents.has_arrived for contents in orders),
    }
    return render(request, "groupbuy/purchase_orders.html", context)


@require_GET
def purchase_order(request: MemberRequest, purchase_order_id: int) -> HttpResponse:
    """For the coordinator, with what to do now; for the farmer, hers to read."""
    order = access.get_purchase_order(request.user, purchase_order_id)
    may_handle = access.may_handle_purchase_order(request.user, order)
    context = {
        "order": order,
        "contents": queries.contents_of(order),
        "last_delivery": last_delivery(order),
        "shop": queries.deliver_before(order.cycle),
        "may_handle": may_handle,
        "events": events_of_purchase_order(order)[::-1] if may_handle else [],
        "time": queries.times_sent(order) if may_handle else 0,
    }
    return render(request, "groupbuy/purchase_order.html", context)


@require_GET
def purchase_order_pdf(request: MemberRequest, purchase_order_id: int) -> HttpResponse:
    order = access.get_purchase_order(request.user, purchase_order_id)
    return _file(
        papers.purchase_order_pdf(order, printed_at=now()), "application/pdf", f"{order}.pdf"
    )


@require_POST
def send_purchase_order(request: MemberRequest, purchase_order_id: int) -> HttpResponse:
    order = access.get_purchase_order_to_handle(request.user, purchase_order_id)
    form = SendForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Rien n’est parti : appuyez à nouveau sur « Envoyer »."))
        return redirect("groupbuy:purchase_order", order.pk)
    try:
        actions.send_by_email(
            purchase_order=order,
            paper=papers.purchase_order_pdf(order, printed_at=now()),
            time=form.cleaned_data["time"],
            actor=request.user,
            now=now(),
        )
    except actions.SendingRefused:
        messages.error(
            request,
            _("Nous n’avons pas d’adresse e-mail où écrire : imprimez le bon, ou téléphonez."),
        )
    else:
        messages.success(
            request, _("Le bon de commande part à %(address)s.") % {"address": order.producer.email}
        )
    return redirect("groupbuy:purchase_order", order.pk)


@require_POST
def hand_over_purchase_order(request: MemberRequest, purchase_order_id: int) -> HttpResponse:
    """Printed, posted or read on the telephone."""
    order = access.get_purchase_order_to_handle(request.user, purchase_order_id)
    actions.hand_over_otherwise(purchase_order=order, actor=request.user, now=now())
    messages.success(request, _("C’est noté : le bon de commande est remis."))
    return redirect("groupbuy:purchase_order", order.pk)


def _file(content: bytes, media_type: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=media_type, headers=headers)
