"""Farmers set the price; a coordinator may write down what a farmer told her."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.catalogue import access, actions, queries
from croqualim.catalogue.forms.products import PriceForm, price_shown
from croqualim.catalogue.forms.wording import price_of
from croqualim.catalogue.models import Product


@require_GET
def own_prices(request: MemberRequest) -> HttpResponse:
    """What my farms make, for whom and at what price."""
    farms = access.get_farms(request.user)
    context = {"farms": farms, "sales": queries.sales_of(request.user)}
    return render(request, "catalogue/own_prices.html", context)


@require_http_methods(["GET", "POST"])
def set_price(request: MemberRequest, product_id: int) -> HttpResponse:
    product = access.get_product(request.user, product_id)
    speaks = access.may_speak_for(request.user, product.producer)
    form = PriceForm(request.POST or None, initial=price_shown(product), unit=product.unit)
    if request.method == "POST" and form.is_valid():
        before = price_of(queries.values_of(product))
        change = actions.set_price(
            product=product,
            price_cents=form.cleaned_data["price"],
            priced_quantity=form.cleaned_data["priced"].quantity,
            actor=request.user,
            now=now(),
        )
        messages.success(request, confirmation(product, before if change else ""))
        return (
            redirect("catalogue:own_prices")
            if speaks
            else redirect("catalogue:product", product.pk)
        )
    context = {"product": product, "form": form, "speaks": speaks}
    return render(request, "catalogue/set_price.html", context)


def confirmation(product: Product, before: str) -> str:
    """`before`: nothing when the price stays as it was."""
    said = {"name": product.name, "price": price_of(queries.values_of(product)), "before": before}
    if not before:
        return _("« %(name)s » reste à %(price)s.") % said
    return _("C’est noté : « %(name)s » passe de %(before)s à %(price)s.") % said
