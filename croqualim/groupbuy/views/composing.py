"""A coordinator composes a cycle, announces it, moves its dates, withdraws a product."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import cycles as actions
from croqualim.groupbuy.actions.clockwork import let_open
from croqualim.groupbuy.actions.dates import change_dates as move_dates
from croqualim.groupbuy.actions.recomposing import unpublish_cycle as withdraw_announcement
from croqualim.groupbuy.forms.members import ReasonForm
from croqualim.groupbuy.forms.offers import OffersForm
from croqualim.groupbuy.forms.planning import ChangeDatesForm, NewCycleForm, initial_of
from croqualim.groupbuy.forms.publishing import PublishForm, UnpublishForm, sentence
from croqualim.groupbuy.models import Collective, Cycle
from croqualim.groupbuy.queries import cycles as queries
from croqualim.groupbuy.queries.collectives import groups_to_choose
from croqualim.groupbuy.queries.orders import offers_of
from croqualim.groupbuy.rules.planning import suggested_name, suggested_plan
from croqualim.groupbuy.rules.stages import BEFORE_OPENING


def _sent(request: MemberRequest) -> Any:
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
def new_cycle(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    groups = list(groups_to_choose(collective))
    if not groups:
        messages.info(request, _("Ajoutez d’abord un groupement : c’est là qu’on retire."))
        return redirect("groupbuy:add_group", collective.pk)
    form = NewCycleForm(
        _sent(request),
        groups=groups,
        fixed={groups[0].pk} if len(groups) == 1 else set(),
        now=now(),
        initial=_suggestions(collective, [group.pk for group in groups]),
    )
    if form.is_valid():
        cycle = actions.make_cycle(
            collective=collective,
            name=form.cleaned_data["name"],
            opens_at=form.cleaned_data["opens_at"],
            closes_at=form.cleaned_data["closes_at"],
            shops=form.shop_plans(),
            actor=request.user,
            now=now(),
        )
        return redirect("groupbuy:cycle_offers", cycle.pk)
    return render(request, "groupbuy/new_cycle.html", {"collective": collective, "form": form})


def _suggestions(collective: Collective, group_ids: list[int]) -> dict[str, Any]:
    plan = suggested_plan(group_ids, now=localtime(now()), last=queries.last_plan_of(collective))
    shown = initial_of(plan, queries.places_of(collective))
    return {"name": suggested_name(plan), **shown}


@require_http_methods(["GET", "POST"])
def cycle_offers(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    if cycle.bought_at:
        return redirect("groupbuy:cycle", cycle.pk)
    offers = {offer.product_id: offer for offer in offers_of(cycle)}
    form = OffersForm(
        _sent(request),
        products=queries.products_to_offer(cycle),
        offers=offers,
        handling_percent=cycle.collective.handling_percent,
        checked=_checked(cycle, request.GET.get("cocher", "")),
        follows_catalogue=cycle.stage(now()) in BEFORE_OPENING,
        collected_in=queries.collected_in(cycle),
    )
    if form.is_valid() and _keep_offers(request, cycle, form):
        return redirect(
            "groupbuy:publish_cycle" if cycle.published_at is None else "groupbuy:cycle", cycle.pk
        )
    families = list(form.families())
    context = {
        "cycle": cycle,
        "form": form,
        "families": families,
        "changed": [row for _name, _word, rows in families for row in rows if row.price_now],
    }
    return render(request, "groupbuy/cycle_offers.html", context)


def _checked(cycle: Cycle, asked: str) -> set[int] | None:
    """The products to check, when the address asks for others than those of the cycle."""
    if asked == "mois-dernier":
        return queries.products_of_last_cycle(cycle)
    return set() if asked == "rien" else None


def _keep_offers(request: MemberRequest, cycle: Cycle, form: OffersForm) -> bool:
    """False when orders came meanwhile; the form says so."""
    try:
        actions.set_offers(cycle=cycle, limits=form.limits(), actor=request.user, now=now())
    except actions.CycleRefused as refused:
        form.add_error(None, sentence(refused))
        return False
    return True


@require_http_methods(["GET", "POST"])
def withdraw_offer(request: MemberRequest, cycle_id: int, offer_id: int) -> HttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    offer = access.get_offer(cycle, offer_id)
    form = ReasonForm(_sent(request))
    if form.is_valid():
        actions.withdraw_offer(
            offer=offer, reason=form.cleaned_data["reason"], actor=request.user, now=now()
        )
        messages.success(
            request,
            _("%(product)s n’est plus proposé. Les commandes déjà faites le gardent.")
            % {"product": offer.product},
        )
        return redirect("groupbuy:cycle_offers", cycle.pk)
    context = {"cycle": cycle, "offer": offer, "form": form}
    return render(request, "groupbuy/withdraw_offer.html", context)


@require_http_methods(["GET", "POST"])
def publish_cycle(request: MemberRequest, cycle_id: int) -> HttpResponse:
    """Check everything once, then announce."""
    cycle = access.get_cycle(request.user, cycle_id)
    if cycle.published_at:
        return redirect("groupbuy:cycle", cycle.pk)
    form = PublishForm(_sent(request), cycle=cycle, now=now())
    if form.is_valid():
        try:
            said = _publish(request, cycle)
        except actions.CycleRefused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, said)
            return redirect("groupbuy:cycle", cycle.pk)
    context = {
        "cycle": cycle,
        "form": form,
        "offers": offers_of(cycle),
        "shops": queries.shops_of(cycle),
        "may_open_alone": cycle.opens_at > now(),
    }
    return render(request, "groupbuy/publish_cycle.html", context)


def _publish(request: MemberRequest, cycle: Cycle) -> str:
    """At once, or when its opening comes; what the page says next. Raises CycleRefused."""
    alone = request.POST.get("seul")
    if alone is None:
        actions.publish_cycle(cycle=cycle, actor=request.user, now=now())
        return _("C’est annoncé. Les adhérent·es voient ce cycle.")
    let_open(cycle=cycle, opens_alone=alone == "oui", actor=request.user, now=now())
    if alone == "oui":
        return _("C’est noté : il s’annoncera tout seul à l’ouverture.")
    return _("C’est noté : il attend que vous l’annonciez.")


@require_http_methods(["GET", "POST"])
def unpublish_cycle(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    if cycle.published_at is None:
        return redirect("groupbuy:cycle", cycle.pk)
    form = UnpublishForm(_sent(request))
    if form.is_valid():
        try:
            withdraw_announcement(cycle=cycle, actor=request.user, now=now())
        except actions.CycleRefused as refused:
            form.add_error(None, sentence(refused))
        else:
            messages.success(request, _("Ce cycle n’est plus annoncé."))
            return redirect("groupbuy:cycle", cycle.pk)
    return render(request, "groupbuy/unpublish_cycle.html", {"cycle": cycle, "form": form})


@require_http_methods(["GET", "POST"])
def change_dates(request: MemberRequest, cycle_id: int) -> HttpResponse:
    cycle = access.get_cycle(request.user, cycle_id)
    if cycle.settled_at:
        return redirect("groupbuy:cycle", cycle.pk)
    popups = list(queries.shops_of(cycle))
    form = ChangeDatesForm(
        _sent(request),
        cycle=cycle,
        popups=popups,
        groups=list(groups_to_choose(cycle.collective)),
        now=now(),
        initial=initial_of(queries.plan_of(cycle), queries.places_in(cycle)),
    )
    if form.is_valid() and _move(request, cycle, form):
        messages.success(request, _("Les dates sont gardées."))
        return redirect("groupbuy:cycle", cycle.pk)
    context = {
        "cycle": cycle,
        "form": form,
        "popups": popups,
        "ordered": sum(shop.ordered for shop in popups),  # type: ignore[attr-defined]
    }
    return render(request, "groupbuy/change_dates.html", context)


def _move(request: MemberRequest, cycle: Cycle, form: ChangeDatesForm) -> bool:
    try:
        move_dates(
            cycle=cycle,
            opens_at=form.cleaned_data["opens_at"],
            closes_at=form.cleaned_data["closes_at"],
            shops=form.shop_plans(),
            actor=request.user,
            now=now(),
        )
    except actions.CycleRefused as refused:
        form.add_error(None, sentence(refused))
        return False
    return True
