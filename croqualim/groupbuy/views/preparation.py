"""From the warehouse's shelves to the bags: by product, by order, by group; papers; off it goes."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import preparation as actions
from croqualim.groupbuy.actions.till.opening import ShopRefused
from croqualim.groupbuy.forms.till.parts import ShopForm, UndoForm
from croqualim.groupbuy.models import Popup
from croqualim.groupbuy.queries import preparation as queries
from croqualim.groupbuy.queries.weighing import to_weigh
from croqualim.groupbuy.views.undoing import undone
from croqualim.ui.parts import Tab

BY_PRODUCT, BY_ORDER = "produits", "commandes"


@require_GET
def shop(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_to_prepare(request.user, popup_id)
    return _show(request, popup, ShopForm())


def _show(request: MemberRequest, popup: Popup, form: ShopForm) -> HttpResponse:
    by = BY_ORDER if request.GET.get("par") == BY_ORDER else BY_PRODUCT
    address = reverse("groupbuy:preparation", args=[popup.pk])
    context = {
        "popup": popup,
        "form": form,
        "to_weigh": to_weigh(popup),
        "is_bought": popup.cycle.bought_at is not None,
        "tabs": [
            Tab(_("Par produit"), address, by == BY_PRODUCT),
            Tab(_("Par commande"), f"{address}?par={BY_ORDER}", by == BY_ORDER),
        ],
        "bags": queries.by_order(popup) if by == BY_ORDER else None,
        "products": queries.shelf_list(popup) if by == BY_PRODUCT else None,
    }
    return render(request, "groupbuy/preparation.html", context)


@require_POST
def send(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_to_prepare(request.user, popup_id)
    form = ShopForm(request.POST)
    if form.is_valid():
        try:
            actions.send_to_shop(popup=popup, actor=request.user, now=now())
        except ShopRefused as refused:
            form.show(refused.problem)
        else:
            messages.success(request, _("C’est noté : les marchandises sont à l’épicerie."))
            return redirect("groupbuy:preparation", popup.pk)
    return _show(request, popup, form)


@require_http_methods(["GET", "POST"])
def undo(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_to_prepare(request.user, popup_id)
    form = UndoForm(request.POST or None)
    words = _("Les marchandises sont de nouveau au dépôt.")
    if undone(request, form, partial(actions.undo_sending, popup=popup), words):
        return redirect("groupbuy:preparation", popup.pk)
    return render(request, "groupbuy/undo_sending.html", {"popup": popup, "form": form})


@require_GET
def cycle(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle_to_prepare(request.user, cycle_id)
    shops = queries.shops_of(cycle)
    waiting = [popup for popup in shops if not popup.prepared_at]
    context = {
        "cycle": cycle,
        "shops": shops,
        "popups": waiting,
        "products": queries.by_group(cycle, waiting),
    }
    return render(request, "groupbuy/cycle_preparation.html", context)
