"""Kinds of containers and their deposits, for who coordinates."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.access import money
from croqualim.groupbuy.actions import containers as actions
from croqualim.groupbuy.forms.containers import ContainerForm, ProductContainerForm
from croqualim.groupbuy.models import Collective
from croqualim.groupbuy.queries import containers as queries


@require_http_methods(["GET", "POST"])
def containers(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    form = ContainerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        container = actions.add_container(
            collective=collective,
            name=form.cleaned_data["name"],
            deposit_cents=form.cleaned_data["deposit"],
        )
        words = _("« %(name)s » : c’est noté. Dites maintenant pour quels produits.")
        messages.success(request, words % {"name": container.name})
        return redirect("groupbuy:containers", collective.pk)
    return _show(request, collective, form, _product_form(collective))


@require_POST
def put_in_container(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    form = _product_form(collective, request)
    if not form.is_valid():
        return _show(request, collective, ContainerForm(), form)
    product = form.cleaned_data["product"]
    actions.put_in_container(
        product=product,
        container=form.cleaned_data["container"],
        holds_quantity=form.cleaned_data["holds_quantity"],
    )
    words = _("« %(name)s » : sa consigne s’ajoutera à la remise.")
    messages.success(request, words % {"name": product.name})
    return redirect("groupbuy:containers", collective.pk)


@require_POST
def take_out_of_container(
    request: MemberRequest, collective_id: int, product_id: int
) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    product = money.get_product_in_container(collective, product_id)
    actions.take_out_of_container(product=product)
    messages.success(request, _("« %(name)s » est sans consigne.") % {"name": product.name})
    return redirect("groupbuy:containers", collective.pk)


def _product_form(
    collective: Collective, request: MemberRequest | None = None
) -> ProductContainerForm:
    return ProductContainerForm(
        request.POST if request else None,
        products=queries.products_to_put(collective),
        containers=queries.containers_of(collective),
    )


def _show(
    request: MemberRequest,
    collective: Collective,
    form: ContainerForm,
    product_form: ProductContainerForm,
) -> HttpResponse:
    out = queries.out_of(collective)
    context = {
        "collective": collective,
        "form": form,
        "product_form": product_form,
        "out": out,
        "total_cents": sum(row.cents for row in out),
        "products": queries.products_in(collective),
    }
    return render(request, "groupbuy/containers.html", context)
