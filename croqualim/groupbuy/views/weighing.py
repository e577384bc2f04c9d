"""The scale: product by product while bags are made, or one order at the till."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions.till.opening import ShopRefused
from croqualim.groupbuy.actions.weighing import weigh
from croqualim.groupbuy.forms.weighing import WeighingForm
from croqualim.groupbuy.models import Popup
from croqualim.groupbuy.queries import weighing as queries
from croqualim.groupbuy.queries.till import names_in


@require_GET
def products(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_to_prepare(request.user, popup_id)
    context = {"popup": popup, "products": queries.to_weigh(popup)}
    return render(request, "groupbuy/weighing.html", context)


@require_http_methods(["GET", "POST"])
def product(request: MemberRequest, popup_id: int, product_id: int) -> HttpResponse:
    """One field an order; Enter notes what is typed and goes to the next one."""
    popup = access.get_popup_to_prepare(request.user, popup_id)
    found = next(iter(queries.to_weigh(popup, product_id=product_id)), None)
    if found is None:  # nobody waits for any of it
        return redirect("groupbuy:weighing", popup.pk)
    form = WeighingForm(request.POST or None, rows=found.lines)
    if request.method == "POST" and _noted(request, popup, form):
        return redirect("groupbuy:weigh_product", popup.pk, product_id)
    context = {"popup": popup, "product": found.product, "left": found.left, "form": form}
    return render(request, "groupbuy/weigh_product.html", context)


@require_http_methods(["GET", "POST"])
def order(request: MemberRequest, popup_id: int, order_id: int) -> HttpResponse:
    """At the till, before she pays."""
    order = access.get_order_at_till(request.user, popup_id, order_id)
    form = WeighingForm(request.POST or None, rows=queries.to_weigh_of(order), by_product=True)
    if request.method == "POST" and _noted(request, order.popup, form):
        return redirect("groupbuy:till_order", popup_id, order.pk)
    names = ", ".join(names_in(order.membership))
    context = {"popup": order.popup, "order": order, "names": names, "form": form}
    return render(request, "groupbuy/weigh_order.html", context)


def _noted(request: MemberRequest, popup: Popup, form: WeighingForm) -> bool:
    if not form.is_valid():
        return False
    try:
        count = weigh(popup=popup, readings=form.readings(), actor=request.user, now=now())
    except ShopRefused as refused:
        form.show(refused.problem)
        return False
    if count:
        words = ngettext("%(count)s poids noté.", "%(count)s poids notés.", count)
        messages.success(request, words % {"count": count})
    return True
