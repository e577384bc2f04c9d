"""Where a collective pays from, and where a producer is paid."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions.bank_details import tell_bank_details
from croqualim.groupbuy.forms.paying import BankDetailsForm
from croqualim.groupbuy.queries.paying import bank_history
from croqualim.network.models import Structure


@require_http_methods(["GET", "POST"])
def collective_bank(request: MemberRequest, collective_id: int) -> HttpResponse:
    """The account that pays."""
    collective = access.get_collective(request.user, collective_id)
    back = ("groupbuy:payments", collective.pk)
    return _tell(request, collective.structure, None, back, is_own=True)


@require_http_methods(["GET", "POST"])
def supplier_bank(request: MemberRequest, collective_id: int, structure_id: int) -> HttpResponse:
    """What a coordinator notes of a producer: for her own collective's payments alone."""
    collective = access.get_collective(request.user, collective_id)
    producer = access.get_supplier(collective, structure_id)
    back = ("groupbuy:payments", collective.pk)
    return _tell(request, producer, collective.structure, back)


@require_http_methods(["GET", "POST"])
def own_bank(request: MemberRequest, structure_id: int) -> HttpResponse:
    """A farmer says where she is paid, to all who buy from her."""
    farm = access.get_own_farm(request.user, structure_id)
    return _tell(request, farm, None, ("groupbuy:farmer_orders", None), is_own=True)


def _tell(
    request: MemberRequest,
    structure: Structure,
    payer: Structure | None,
    back: tuple[str, int | None],
    *,
    is_own: bool = False,
) -> HttpResponse:
    form = BankDetailsForm(request.POST if request.method == "POST" else None)
    name, about = back
    if form.is_valid():
        tell_bank_details(
            structure=structure,
            payer=payer,
            holder=form.cleaned_data["holder"],
            iban=form.cleaned_data["iban"],
            actor=request.user,
            now=now(),
        )
        messages.success(request, _("L’IBAN est noté."))
        return redirect(name, about) if about else redirect(name)
    context = {
        "structure": structure,
        "payer": payer,
        "is_own": is_own,
        "history": bank_history(structure, payer)[:20],
        "back_name": name,
        "back_about": about,
        "form": form,
    }
    return render(request, "groupbuy/bank_details.html", context)
