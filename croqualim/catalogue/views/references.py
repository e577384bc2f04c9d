"""The network's list: its animator keeps it, coordinators draw from it and follow it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.catalogue import access, queries
from croqualim.catalogue.actions import ProductRefused
from croqualim.catalogue.actions import references as actions
from croqualim.catalogue.forms.references import (
    DrawForm,
    FollowForm,
    ReferenceForm,
    change_in_words,
    reference_shown,
)
from croqualim.catalogue.forms.wording import labels_of, packaging_in_words
from croqualim.catalogue.models import Allergen, Label, Reference
from croqualim.catalogue.rules.season import season_in_words
from croqualim.network.access import is_animator
from croqualim.ui.parts import Event


def _sent(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_GET
def references(request: MemberRequest) -> HttpResponse:
    if not access.may_read_references(request.user):
        raise Http404
    search = request.GET.get("cherche", "")[:60]
    found = list(queries.references(search))
    context = {
        "search": search,
        "shelves": queries.on_shelves(r for r in found if r.archived_at is None),
        "archived": [reference for reference in found if reference.archived_at],
        "count": len(found),
        "may_keep": is_animator(request.user),
        "buyers": access.buyers_of(request.user),
    }
    return render(request, "catalogue/references.html", context)


@require_GET
def reference(request: MemberRequest, reference_id: int) -> HttpResponse:
    reference = access.get_reference(request.user, reference_id)
    context = {
        "reference": reference,
        "users": queries.users_of(reference),
        "packaging": packaging_in_words(queries.shared_values(reference)),
        "season": season_in_words(reference.season_months),
        "labels": labels_of(Label, reference.labels),
        "allergens": labels_of(Allergen, reference.allergens),
        "history": _history(reference),
        "may_keep": is_animator(request.user),
        "buyers": access.buyers_of(request.user),
    }
    return render(request, "catalogue/reference.html", context)


def _history(reference: Reference) -> list[Event]:
    values = queries.shared_values(reference)
    return [
        Event(
            change_in_words(
                change.field,
                {**values, change.field: change.before},
                {change.field: change.after},
            ),
            change.at,
            by=str(change.actor),
        )
        for change in queries.changes_of(reference)
    ]


@require_http_methods(["GET", "POST"])
def add_reference(request: MemberRequest) -> HttpResponse:
    if not is_animator(request.user):
        raise Http404
    form = ReferenceForm(_sent(request))
    if form.is_valid():
        try:
            reference = actions.add_reference(**form.reference_given())
        except actions.NameTaken:
            form.show_taken()
        else:
            messages.success(request, _("« %s » est dans la liste du réseau.") % reference)
            return redirect("catalogue:reference", reference.pk)
    return render(request, "catalogue/add_reference.html", {"form": form})


@require_http_methods(["GET", "POST"])
def change_reference(request: MemberRequest, reference_id: int) -> HttpResponse:
    reference = access.get_kept_reference(request.user, reference_id)
    form = ReferenceForm(_sent(request), initial=reference_shown(reference), unit=reference.unit)
    if form.is_valid():
        try:
            actions.change_reference(
                reference=reference, actor=request.user, now=now(), **form.text_given()
            )
        except actions.NameTaken:
            form.show_taken()
        else:
            messages.success(request, _("C’est noté. Les collectifs qui l’utilisent le verront."))
            return redirect("catalogue:reference", reference.pk)
    context = {"reference": reference, "form": form}
    return render(request, "catalogue/change_reference.html", context)


@require_POST
def archive_reference(request: MemberRequest, reference_id: int) -> HttpResponse:
    reference = access.get_kept_reference(request.user, reference_id)
    actions.archive_reference(reference=reference, now=now())
    messages.success(request, _("« %s » n’est plus proposé aux collectifs.") % reference)
    return redirect("catalogue:reference", reference.pk)


@require_POST
def restore_reference(request: MemberRequest, reference_id: int) -> HttpResponse:
    reference = access.get_kept_reference(request.user, reference_id)
    actions.restore_reference(reference=reference)
    messages.success(request, _("« %s » est de nouveau proposé aux collectifs.") % reference)
    return redirect("catalogue:reference", reference.pk)


@require_GET
def choose_reference(request: MemberRequest, buyer_id: int) -> HttpResponse:
    """The network's list, for a collective to draw from."""
    buyer = access.get_buyer(request.user, buyer_id)
    search = request.GET.get("cherche", "")[:60]
    found = [food for food in queries.references(search) if food.archived_at is None]
    context = {
        "buyer": buyer,
        "search": search,
        "count": len(found),
        "shelves": queries.on_shelves(found),
        "drawn": set(queries.drawn_by(buyer)),
    }
    return render(request, "catalogue/choose_reference.html", context)


@require_http_methods(["GET", "POST"])
def draw_product(request: MemberRequest, buyer_id: int, reference_id: int) -> HttpResponse:
    """The collective's own product: who grows it here, at what price."""
    buyer = access.get_buyer(request.user, buyer_id)
    reference = access.get_reference_to_draw(reference_id)
    form = DrawForm(
        _sent(request), reference=reference, producers=queries.possible_producers(buyer)
    )
    if form.is_valid():
        try:
            product = actions.draw_product(
                reference=reference,
                buyer=buyer,
                producer=form.cleaned_data["producer"],
                actor=request.user,
                now=now(),
                **form.product_given(),
            )
        except ProductRefused as refused:
            form.show(refused.problems)
        else:
            messages.success(request, _("« %s » est dans votre catalogue.") % product)
            return redirect("catalogue:product", product.pk)
    context = {"buyer": buyer, "reference": reference, "form": form}
    return render(request, "catalogue/draw_product.html", context)


@require_http_methods(["GET", "POST"])
def follow_reference(request: MemberRequest, product_id: int) -> HttpResponse:
    """What the list changed: taken up, or left, never forced."""
    product = access.get_drawn_product(request.user, product_id)
    pending = queries.changed_since_read([product]).get(product, {})
    if not pending:
        return redirect("catalogue:product", product.pk)
    form = FollowForm(_sent(request), here=queries.values_of(product), pending=pending)
    if form.is_valid():
        try:
            actions.follow_reference(product=product, fields=form.fields_taken(), now=now())
        except ProductRefused:
            form.add_error("take", _("Un autre de vos produits porte déjà ce nom."))
        else:
            messages.success(request, _("C’est noté."))
            return redirect("catalogue:product", product.pk)
    context = {"product": product, "form": form}
    return render(request, "catalogue/follow_reference.html", context)
