"""What a household usually takes, in one press; its favourites."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import favourites
from croqualim.groupbuy.actions.taking import take_down
from croqualim.groupbuy.forms.habits import usual_in_words
from croqualim.groupbuy.queries.choosing import choosing, usual_of
from croqualim.groupbuy.rules.stages import Stage


@require_POST
def fill_as_usual(request: MemberRequest, popup_id: int) -> HttpResponse:
    popup, membership = access.get_popup_of_member(request.user, popup_id)
    choice = choosing(popup, membership, now())
    if choice.stage is not Stage.OPEN:
        messages.warning(request, _("Les commandes ne sont pas ouvertes en ce moment."))
        return redirect("groupbuy:choose", popup.pk)
    usual = usual_of(choice)
    if usual.changes:
        take_down(popup=popup, membership=membership, changes=usual.changes, now=now())
    for words in usual_in_words(usual):
        messages.info(request, words)
    return redirect("groupbuy:choose", popup.pk)


@require_POST
def favourite(request: MemberRequest, popup_id: int, offer_id: int) -> HttpResponse:
    """`garder`: 1 keeps it, anything else drops it."""
    popup, membership = access.get_popup_of_member(request.user, popup_id)
    product = access.get_offer(popup.cycle, offer_id).product
    household = membership.household
    if request.POST.get("garder") == "1":
        favourites.keep_favourite(household=household, product=product, now=now())
    else:
        favourites.drop_favourite(household=household, product=product)
    return redirect("groupbuy:choose_one", popup.pk, offer_id)
