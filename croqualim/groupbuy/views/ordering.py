"""A member's month: choose, check, confirm, change, cancel. With or without JavaScript."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.catalogue.models import Allergen
from croqualim.catalogue.rules.season import season_in_words
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import ordering as actions
from croqualim.groupbuy.forms.extras import ShelfForm, more_of_each, said_extras
from croqualim.groupbuy.forms.ordering import ConfirmForm
from croqualim.groupbuy.forms.stops import ConfirmWithStopForm
from croqualim.groupbuy.models import Membership, Popup
from croqualim.groupbuy.queries import orders as queries
from croqualim.groupbuy.queries.choosing import Choosing, Shelf, choosing, usual_of
from croqualim.groupbuy.queries.due import collected_on, due_of, paid_of
from croqualim.groupbuy.queries.habits import favourites_of
from croqualim.groupbuy.queries.history import events_of_order
from croqualim.groupbuy.queries.payouts import live_refunds
from croqualim.groupbuy.queries.stops import stops_to_choose, usual_stop
from croqualim.groupbuy.rules.ordering import stepped
from croqualim.groupbuy.rules.stages import Stage
from croqualim.groupbuy.views import shelves


def _choosing(request: MemberRequest, popup_id: int) -> Choosing:
    popup, membership = access.get_popup_of_member(request.user, popup_id)
    return choosing(popup, membership, now())


def _shelf_or_404(choice: Choosing, offer_id: int) -> Shelf:
    shelf = choice.shelf(offer_id)
    if shelf is None:
        raise Http404
    return shelf


@require_GET
def choose(request: MemberRequest, popup_id: int) -> HttpResponse:
    choice = _choosing(request, popup_id)
    search = request.GET.get("cherche", "")[:60]
    apart = frozenset() if search else favourites_of(choice.membership)
    families = choice.families(search, apart=apart)
    context = {
        "choice": choice,
        "at_hand": shelves.on_page(choice.shelves_of(apart)),
        "families": [(family, shelves.on_page(found)) for family, found in families],
        "usual": usual_of(choice) if choice.stage is Stage.OPEN and not search else None,
        "search": search,
    }
    return render(request, "groupbuy/choose.html", context)


@require_POST
def fill_basket(request: MemberRequest, popup_id: int) -> HttpResponse:
    """One press on + or −. With htmx, the product's line and the bar come back alone."""
    choice = _choosing(request, popup_id)
    name, steps = ("plus", 1) if "plus" in request.POST else ("moins", -1)
    pressed = request.POST.get(name, "")[:18]  # no id is longer
    shelf = _shelf_or_404(choice, int(pressed) if pressed.isdecimal() else 0)
    if choice.stage is not Stage.OPEN:
        messages.warning(request, _("Les commandes ne sont pas ouvertes en ce moment."))
        return _back_to_shelf(request, popup_id, shelf)
    offered = choice.offered[shelf.offer_id]
    choice = _keep(choice, shelf, stepped(shelf.quantity, offered, steps))
    if request.htmx:  # type: ignore[attr-defined]
        now_shown = shelves.changed(_shelf_or_404(choice, shelf.offer_id))
        context = {"choice": choice, "shelf": now_shown}
        return render(request, "groupbuy/choose.html#changed", context)
    return _back_to_shelf(request, popup_id, shelf)


def _keep(choice: Choosing, shelf: Shelf, quantity: int, extra: int | None = None) -> Choosing:
    """The basket with so much of this in it, and as much more to complete it; None: as before."""
    basket = {**choice.basket, shelf.offer_id: quantity}
    extras = choice.extras if extra is None else {**choice.extras, shelf.offer_id: extra}
    actions.fill_basket(
        popup=choice.popup,
        membership=choice.membership,
        quantities=basket,
        extras=extras,
        now=now(),
    )
    return choice.with_basket(basket, extras)


def _back_to_shelf(request: MemberRequest, popup_id: int, shelf: Shelf) -> HttpResponse:
    search = request.POST.get("cherche", "")[:60]
    query = f"?{urlencode({'cherche': search})}" if search else ""
    address = f"{reverse('groupbuy:choose', args=[popup_id])}{query}#o{shelf.offer_id}"
    if request.htmx:  # type: ignore[attr-defined]
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


@require_http_methods(["GET", "POST"])
def choose_one(request: MemberRequest, popup_id: int, offer_id: int) -> HttpResponse:
    """One product: what it is, where it comes from, how much of it."""
    choice = _choosing(request, popup_id)
    shelf = _shelf_or_404(choice, offer_id)
    offer = access.get_offer(choice.popup.cycle, offer_id)
    form = ShelfForm(request.POST or None, offer=offer, shelf=shelf)
    if request.method == "POST" and form.is_valid():
        _keep(choice, shelf, form.cleaned_data["quantity"], form.cleaned_data.get("extra"))
        return _back_to_shelf(request, popup_id, shelf)
    context = {
        "choice": choice,
        "shelf": shelf,
        "offer": offer,
        "left": choice.offered[offer_id].left,
        "is_favourite": offer.product_id in favourites_of(choice.membership),
        "season": season_in_words(offer.product.season_months),
        "allergens": [str(Allergen(code).label) for code in offer.product.allergens],
        "form": form,
    }
    return render(request, "groupbuy/choose_one.html", context)


@require_POST
def take_out(request: MemberRequest, popup_id: int, offer_id: int) -> HttpResponse:
    """Nothing more of this product; back to what is about to be ordered."""
    choice = _choosing(request, popup_id)
    shelf = _shelf_or_404(choice, offer_id)
    if choice.stage is Stage.OPEN:
        _keep(choice, shelf, 0)
    return redirect("groupbuy:check_answers", popup_id)


def _confirm_form(
    request: MemberRequest, popup: Popup, membership: Membership
) -> ConfirmWithStopForm:
    stops = stops_to_choose(popup, membership)
    return ConfirmWithStopForm(
        request.POST if request.method == "POST" else None,
        stops=stops,
        usual=usual_stop(stops),
    )


@require_http_methods(["GET", "POST"])
def check_answers(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup, membership = access.get_popup_of_member(request.user, popup_id)
    form = _confirm_form(request, popup, membership)
    if form.is_valid():
        try:
            wanted = queries.wanted_of(popup.cycle, membership).now
            order = actions.confirm_order(
                popup=popup,
                membership=membership,
                basket=wanted.quantities,
                extras={**wanted.extras, **said_extras(request.POST)},
                stop=form.stop,
                actor=request.user,
                now=now(),
            )
        except actions.OrderRefused as refused:
            form.show(refused.problems, queries.offers_of(popup.cycle).in_bulk())
        else:
            return redirect("groupbuy:order", order.pk)
    choice = choosing(popup, membership, now())
    context = {
        "choice": choice,
        "form": form,
        "rows": more_of_each(choice, said_extras(request.POST)),
    }
    return render(request, "groupbuy/check_answers.html", context)


@require_GET
def order(request: MemberRequest, order_id: int) -> HttpResponse:
    """The order of one's household: its reference, what it holds, what became of it."""
    order = access.get_own_order(request.user, order_id)
    context = {
        "order": order,
        "lines": queries.lines_of(order),
        "events": events_of_order(order),
        "refunds": live_refunds(order),
        "has_draft": queries.has_draft(order),
        "due": paid_of(order) if order.collected_at else due_of(order, collected_on(order)),
        "may_change": order.cancelled_at is None and order.cycle.stage(now()) is Stage.OPEN,
    }
    return render(request, "groupbuy/order.html", context)


@require_http_methods(["GET", "POST"])
def reprice_order(request: MemberRequest, order_id: int) -> HttpResponse:
    """After choosing another share: take it for the order already made, or leave that as it is."""
    order = access.get_own_order(request.user, order_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.confirm_order(
                popup=order.popup,
                membership=order.membership,
                basket=queries.quantities_of(order),
                actor=request.user,
                now=now(),
            )
        except actions.OrderRefused as refused:
            form.show(refused.problems, {})
        else:
            return redirect("groupbuy:order", order.pk)
    return render(request, "groupbuy/reprice_order.html", {"order": order, "form": form})


@require_GET
def show_order(request: MemberRequest, order_id: int) -> HttpResponse:
    """What one holds out at the shop: a reference and its code, and no amount."""
    order = access.get_own_order(request.user, order_id)
    scan = reverse("groupbuy:scan", args=[f"{order.reference}-{order.popup_id}"])
    context = {"order": order, "scan": settings.SITE_URL + scan}
    return render(request, "groupbuy/show_order.html", context)


@require_http_methods(["GET", "POST"])
def cancel_order(request: MemberRequest, order_id: int) -> HttpResponse:
    order = access.get_own_order(request.user, order_id)
    form = ConfirmForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            actions.cancel_order(order=order, actor=request.user, now=now())
        except actions.OrderRefused as refused:
            form.show(refused.problems, {})
        else:
            messages.success(request, _("Votre commande est annulée. Rien n’est à payer."))
            return redirect("groupbuy:own_orders")
    return render(request, "groupbuy/cancel_order.html", {"order": order, "form": form})


@require_GET
def own_orders(request: MemberRequest) -> HttpResponse:
    context = {
        "orders": queries.orders_of_household(request.user.household_id)[:50],
        "popups": queries.popups_to_order_from(request.user.household_id, now()),
    }
    return render(request, "groupbuy/own_orders.html", context)
