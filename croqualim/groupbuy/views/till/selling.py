"""What is left, sold to whoever is there: quantities, then the total, then the money."""

from functools import partial

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import till as actions
from croqualim.groupbuy.forms.till.parts import UndoForm
from croqualim.groupbuy.forms.till.selling import FreeSaleForm
from croqualim.groupbuy.forms.till.sentences import money_back_in_words
from croqualim.groupbuy.models import PaymentMethod, Popup
from croqualim.groupbuy.queries import shelf, takings
from croqualim.groupbuy.views.undoing import undone
from croqualim.kernel.money import in_euros


@require_http_methods(["GET", "POST"])
def sell(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup = access.get_popup_at_till(request.user, popup_id)
    # an impatient thumb: what was sold is read beside what was left before it
    sold = takings.sale_of(request.POST.get("nonce", ""))
    left = shelf.left_to_sell(popup, before=sold)
    form = FreeSaleForm(request.POST or None, left=left)
    total_cents = 0
    if request.method == "POST" and form.is_valid():
        total_cents = form.total_cents()
        form.ask_how_it_is_paid()
        if form.is_paid() and _sold(request, popup, form):
            return redirect("groupbuy:free_sale", popup.pk)
    context = {
        "popup": popup,
        "form": form,
        "total_cents": total_cents,
        "sales": takings.free_sales(popup),
    }
    return render(request, "groupbuy/free_sale.html", context)


def _sold(request: MemberRequest, popup: Popup, form: FreeSaleForm) -> bool:
    try:
        sale = actions.sell_freely(
            popup=popup,
            quantities=form.quantities(),
            method=PaymentMethod(form.cleaned_data["method"]),
            nonce=form.cleaned_data["nonce"],
            actor=request.user,
            now=now(),
        )
    except actions.ShopRefused as refused:
        form.show(refused.problem)
        return False
    words = _("Vendu et encaissé : %(amount)s.") % {"amount": in_euros(sale.amount_cents)}
    messages.success(request, words)
    return True


@require_http_methods(["GET", "POST"])
def undo(request: MemberRequest, popup_id: int, sale_id: int) -> HttpResponse:
    sale = access.get_free_sale(request.user, popup_id, sale_id)
    form = UndoForm(request.POST or None)
    words = _("La vente est annulée.")
    if undone(request, form, partial(actions.undo_free_sale, sale=sale), words):
        return redirect("groupbuy:free_sale", popup_id)
    paid = money_back_in_words(takings.payments_of_sale(sale))
    context = {"popup": sale.popup, "sale": sale, "paid": paid, "form": form}
    return render(request, "groupbuy/undo_free_sale.html", context)
