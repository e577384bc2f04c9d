"""A coordinator keeps the list of what her structure buys."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.catalogue import access, actions, queries
from croqualim.catalogue.forms.products import DescriptionForm, ProductForm, description_shown
from croqualim.catalogue.forms.wording import labels_of, packaging_in_words
from croqualim.catalogue.models import Allergen, Label
from croqualim.catalogue.rules.season import season_in_words
from croqualim.catalogue.views.files import spreadsheet


@require_GET
def catalogues(request: MemberRequest) -> HttpResponse:
    """Which catalogue, for those who keep several; straight to the only one otherwise."""
    buyers, farms = access.buyers_of(request.user), access.farms_of(request.user)
    if len(buyers) == 1 and not farms:
        return redirect("catalogue:products", buyers[0].pk)
    if farms and not buyers:
        return redirect("catalogue:own_prices")
    return render(request, "catalogue/catalogues.html", {"buyers": buyers, "farms": farms})


@require_GET
def products(request: MemberRequest, buyer_id: int) -> HttpResponse:
    buyer = access.get_buyer(request.user, buyer_id)
    search = request.GET.get("cherche", "")[:60]
    found = list(queries.products_of(buyer, search))
    context = {
        "behind": queries.changed_since_read(found),
        "buyer": buyer,
        "search": search,
        "count": len(found),
        "shelves": queries.on_shelves(p for p in found if p.is_active),
        "retired": [product for product in found if not product.is_active],
    }
    part = "#found" if request.htmx else ""  # type: ignore[attr-defined]
    return render(request, f"catalogue/products.html{part}", context)


@require_http_methods(["GET", "POST"])
def add_product(request: MemberRequest, buyer_id: int) -> HttpResponse:
    buyer = access.get_buyer(request.user, buyer_id)
    form = ProductForm(request.POST or None, producers=queries.possible_producers(buyer))
    if request.method == "POST" and form.is_valid():
        try:
            product = actions.add_product(
                buyer=buyer,
                producer=form.cleaned_data["producer"],
                actor=request.user,
                now=now(),
                **form.product_given(),
            )
        except actions.ProductRefused as refused:
            form.show(refused.problems)
        else:
            messages.success(request, _("« %s » est dans le catalogue.") % product.name)
            return redirect("catalogue:product", product.pk)
    return render(request, "catalogue/add_product.html", {"buyer": buyer, "form": form})


@require_GET
def product(request: MemberRequest, product_id: int) -> HttpResponse:
    product = access.get_product(request.user, product_id)
    context = {
        "product": product,
        "history": queries.price_history(product),
        "packaging": packaging_in_words(queries.values_of(product)),
        "labels": labels_of(Label, product.labels),
        "season": season_in_words(product.season_months),
        "allergens": labels_of(Allergen, product.allergens),
        "may_keep": access.may_keep(request.user, product),
        "is_behind": bool(queries.changed_since_read([product])),
    }
    return render(request, "catalogue/product.html", context)


@require_http_methods(["GET", "POST"])
def change_product(request: MemberRequest, product_id: int) -> HttpResponse:
    product = access.get_kept_product(request.user, product_id)
    form = DescriptionForm(
        request.POST or None, initial=description_shown(product), unit=product.unit
    )
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_product(product=product, **form.description_given())
        except actions.ProductRefused as refused:
            form.show(refused.problems)
        else:
            messages.success(request, _("C’est noté."))
            return redirect("catalogue:product", product.pk)
    return render(request, "catalogue/change_product.html", {"product": product, "form": form})


@require_POST
def retire_product(request: MemberRequest, product_id: int) -> HttpResponse:
    product = access.get_kept_product(request.user, product_id)
    actions.retire_product(product=product)
    messages.success(request, _("« %s » n’est plus proposé.") % product.name)
    return redirect("catalogue:product", product.pk)


@require_POST
def bring_back(request: MemberRequest, product_id: int) -> HttpResponse:
    product = access.get_kept_product(request.user, product_id)
    actions.bring_back(product=product)
    messages.success(request, _("« %s » est de nouveau proposé.") % product.name)
    return redirect("catalogue:product", product.pk)


@require_GET
def export(request: MemberRequest, buyer_id: int, extension: str) -> HttpResponse:
    """The whole catalogue, in the columns that the import reads."""
    buyer = access.get_buyer(request.user, buyer_id)
    return spreadsheet("catalogue", extension, queries.listed(buyer))
