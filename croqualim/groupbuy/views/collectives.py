"""A coordinator and her collective: what to do now, groups, shares, envelopes, settings."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts.http import MemberRequest
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import collectives as actions
from croqualim.groupbuy.actions.founding import begin_small
from croqualim.groupbuy.forms.collectives import (
    EnvelopeForm,
    FoundForm,
    GroupForm,
    OpenShareForm,
    SettingsForm,
    TopUpForm,
    initial_of_group,
)
from croqualim.groupbuy.models import Collective
from croqualim.groupbuy.queries import collectives as queries
from croqualim.groupbuy.queries.cycles import (
    current_cycles_of,
    past_cycles_of,
    walks_of,
)
from croqualim.groupbuy.queries.envelope_dates import warnings_for
from croqualim.groupbuy.queries.members import groups_of
from croqualim.groupbuy.queries.paying import owed_cents_of
from croqualim.kernel.money import in_euros
from croqualim.ledger.models import Envelope


@require_GET
def collective(request: MemberRequest, collective_id: int) -> HttpResponse:
    """What is to be done now, cycle by cycle, and everything else one step away."""
    collective = access.get_collective(request.user, collective_id)
    groups = list(groups_of(collective))
    walks = walks_of(current_cycles_of(collective, now()), now())
    past = list(past_cycles_of(collective))
    context = {
        "collective": collective,
        "walks": walks,
        "last_cycle": walks[-1].cycle if walks else next(iter(past), None),
        "past": past,
        "groups": groups,
        "members": sum(group.members for group in groups),  # type: ignore[attr-defined]
        "funds": queries.envelopes_of(collective),
        "warnings": warnings_for(collective, localdate()),
        "shares": queries.shares_of(collective),
        "owed_cents": owed_cents_of(collective),
    }
    return render(request, "groupbuy/collective.html", context)


@require_http_methods(["GET", "POST"])
def found_collective(request: MemberRequest) -> HttpResponse:
    """Commencer petit: a place to keep goods and one group are enough."""
    structures = access.structures_to_found(request.user)
    if not structures:
        return _where_she_coordinates(request)
    form = FoundForm(_sent(request), structures=structures, initial={"structure": structures[0]})
    if form.is_valid():
        collective = begin_small(
            structure=form.cleaned_data["structure"],
            warehouse_name=form.cleaned_data["warehouse_name"],
            group_name=form.cleaned_data["name"],
            commune=form.cleaned_data["commune"],
            place=form.cleaned_data["place"],
            actor=request.user,
            now=now(),
        )
        messages.success(request, _("Votre collectif existe. Composez le premier cycle."))
        return redirect("groupbuy:collective", collective.pk)
    return render(request, "groupbuy/found_collective.html", {"form": form})


def _where_she_coordinates(request: MemberRequest) -> HttpResponse:
    """Pressed twice, the second press finds the collective founded by the first."""
    founded = access.coordinated_collectives(request.user).first()
    if founded is None:
        raise Http404
    return redirect("groupbuy:collective", founded.pk)


@require_http_methods(["GET", "POST"])
def collective_settings(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    initial = {
        "handling_percent": collective.handling_percent,
        "membership_fee": in_euros(collective.membership_fee_cents),
    }
    form = SettingsForm(_sent(request), initial=initial)
    if form.is_valid():
        actions.change_settings(
            collective=collective,
            handling_percent=form.cleaned_data["handling_percent"],
            membership_fee_cents=form.cleaned_data["membership_fee"],
        )
        messages.success(request, _("Réglages gardés. Ils valent pour les prochains cycles."))
        return redirect("groupbuy:collective", collective.pk)
    return _render_form(request, "groupbuy/collective_settings.html", collective, form)


@require_http_methods(["GET", "POST"])
def add_group(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    form = GroupForm(_sent(request), initial={"is_joinable": True})
    if form.is_valid():
        group = actions.add_group(collective=collective, **form.values())
        messages.success(request, _("%(group)s existe. On peut y adhérer.") % {"group": group})
        return redirect("groupbuy:collective", collective.pk)
    return _render_form(request, "groupbuy/add_group.html", collective, form)


@require_http_methods(["GET", "POST"])
def edit_group(request: MemberRequest, group_id: int) -> HttpResponse:
    group = access.get_group(request.user, group_id)
    form = GroupForm(_sent(request), initial=initial_of_group(group))
    if form.is_valid():
        actions.change_group(group=group, **form.values())
        messages.success(request, _("%(group)s est à jour.") % {"group": group})
        return redirect("groupbuy:collective", group.collective_id)
    return _render_form(request, "groupbuy/edit_group.html", group.collective, form, group=group)


@require_http_methods(["GET", "POST"])
def shares(request: MemberRequest, collective_id: int) -> HttpResponse:
    """The shares that members may choose, and who pays the difference."""
    collective = access.get_collective(request.user, collective_id)
    form = OpenShareForm(_sent(request), collective=collective)
    if form.is_valid():
        try:
            actions.open_share(
                collective=collective,
                share_percent=form.cleaned_data["share_percent"],
                envelope=form.cleaned_data["envelope"],
                now=now(),
            )
        except actions.EnvelopeInUse:
            form.add_error(
                "envelope",
                _("Des commandes en cours comptent sur l’autre enveloppe : réglez-les d’abord."),
            )
        else:
            messages.success(
                request,
                _("La part %(percent)s %% est ouverte.")
                % {"percent": form.cleaned_data["share_percent"]},
            )
            return redirect("groupbuy:shares", collective.pk)
    lists = {"shares": queries.shares_of(collective), "funds": queries.envelopes_of(collective)}
    return _render_form(request, "groupbuy/shares.html", collective, form, **lists)


@require_POST
def close_share(request: MemberRequest, collective_id: int, share_percent: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    option = access.get_share_option(collective, share_percent)
    if option.share_percent != actions.FULL_PRICE:
        actions.close_share(option=option)
        messages.success(
            request, _("La part %(percent)s %% est fermée.") % {"percent": share_percent}
        )
    return redirect("groupbuy:shares", collective.pk)


@require_http_methods(["GET", "POST"])
def new_envelope(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    form = EnvelopeForm(_sent(request))
    if form.is_valid() and _received(request, collective, form):
        messages.success(request, _("L’enveloppe est ouverte. Ouvrez les parts qu’elle paie."))
        return redirect("groupbuy:shares", collective.pk)
    return _render_form(request, "groupbuy/new_envelope.html", collective, form)


def _received(request: MemberRequest, collective: Collective, form: EnvelopeForm) -> bool:
    try:
        actions.receive_envelope(
            collective=collective,
            funder=form.cleaned_data["funder"],
            name=form.cleaned_data["name"],
            purpose=form.cleaned_data["purpose"],
            starts_on=form.cleaned_data["starts_on"],
            ends_on=form.cleaned_data["ends_on"],
            amount_cents=form.cleaned_data["amount"],
            key=str(form.cleaned_data["key"]),
            actor=request.user,
            now=now(),
        )
    except actions.PageUsed:
        form.show_page_used()
        return False
    return True


@require_http_methods(["GET", "POST"])
def top_up_envelope(request: MemberRequest, collective_id: int, envelope_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    envelope = access.get_envelope_of(collective, envelope_id)
    form = TopUpForm(_sent(request))
    if form.is_valid() and _topped_up(request, envelope, form):
        words = _("%(amount)s de plus dans l’enveloppe.")
        messages.success(request, words % {"amount": in_euros(form.cleaned_data["amount"])})
        return redirect("groupbuy:shares", collective.pk)
    return _render_form(
        request, "groupbuy/top_up_envelope.html", collective, form, envelope=envelope
    )


def _topped_up(request: MemberRequest, envelope: Envelope, form: TopUpForm) -> bool:
    try:
        actions.top_up(
            envelope=envelope,
            amount_cents=form.cleaned_data["amount"],
            key=str(form.cleaned_data["key"]),
            actor=request.user,
            now=now(),
        )
    except actions.PageUsed:
        form.show_page_used()
        return False
    return True


def _sent(request: MemberRequest) -> Any:
    """What was posted; None where the page is only read. An empty post is a post."""
    return request.POST if request.method == "POST" else None


def _render_form(
    request: MemberRequest, template: str, collective: Any, form: Any, **more: Any
) -> HttpResponse:
    return render(request, template, {"collective": collective, "form": form, **more})
