"""A coordinator and her members: names, cards, years. Never a share."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import slugify
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts import actions as accounts
from croqualim.accounts.forms.account import NamesForm
from croqualim.accounts.http import MemberRequest
from croqualim.accounts.papers import card_pdf
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import joining
from croqualim.groupbuy.actions import members as actions
from croqualim.groupbuy.forms.members import MemberForm, ReasonForm
from croqualim.groupbuy.models import Membership
from croqualim.groupbuy.queries import members as queries
from croqualim.groupbuy.queries.collectives import groups_to_choose
from croqualim.groupbuy.queries.taking import shops_open_to
from croqualim.groupbuy.queries.takings import prepaid_cents
from croqualim.groupbuy.rules.joining import renewal_starts_on

PER_PAGE = 50


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@never_cache
@require_GET
def members(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    text = request.GET.get("cherche", "")[:60]
    group_id = _number(request.GET.get("groupement", ""))
    found = queries.members_of(collective, text=text, group_id=group_id)
    context = {
        "collective": collective,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "groups": groups_to_choose(collective),
        "text": text,
        "group_id": group_id,
        "query": {"cherche": text, "groupement": str(group_id or "")},
        "today": localdate(),
    }
    return render(request, "groupbuy/members.html", context)


@require_http_methods(["GET", "POST"])
def add_member(request: MemberRequest, collective_id: int) -> HttpResponse:
    collective = access.get_collective(request.user, collective_id)
    form = MemberForm(
        request.POST if request.method == "POST" else None, collective=collective, now=now()
    )
    if form.is_valid() and (membership := _added(form)):
        messages.success(
            request,
            _("%(name)s est adhérent·e, numéro %(number)s.")
            % {
                "name": f"{form.cleaned_data['given_name']} {form.cleaned_data['family_name']}",
                "number": membership.number,
            },
        )
        return redirect("groupbuy:member", membership.pk)
    return render(request, "groupbuy/add_member.html", {"collective": collective, "form": form})


def _added(form: MemberForm) -> Membership | None:
    try:
        return actions.add_member(
            group=form.cleaned_data["group"],
            given_name=form.cleaned_data["given_name"],
            family_name=form.cleaned_data["family_name"],
            address=form.cleaned_data["reach"],
            other_than=form.others(),
            now=now(),
        )
    except actions.AddressKnownElsewhere:
        form.show_known_elsewhere()
        return None


@never_cache
@require_GET
def member(request: MemberRequest, membership_id: int) -> HttpResponse:
    membership = access.get_membership(request.user, membership_id)
    years = list(queries.years_of(membership))
    last_ends_on = max((year.ends_on for year in years), default=None)
    context = {
        "membership": membership,
        "people": queries.people_of(membership),
        "years": years,
        "last_ends_on": last_ends_on,
        "is_over": last_ends_on is not None and last_ends_on < localdate(),
        "fee_cents": membership.group.collective.membership_fee_cents,
        "may_renew": renewal_starts_on(last_ends_on, today=localdate()) is not None,
        "shops": shops_open_to(membership, now()),
        "orders": queries.orders_of(membership)[:50],
        "elsewhere": queries.memberships_elsewhere(membership),
    }
    return render(request, "groupbuy/member.html", context)


@require_http_methods(["GET", "POST"])
def add_person(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Somebody more at the table."""
    membership = access.get_membership(request.user, membership_id)
    form = NamesForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.add_person(membership=membership, now=now(), **form.cleaned_data)
        return redirect("groupbuy:member", membership.pk)
    context = {"membership": membership, "form": form}
    return render(request, "groupbuy/add_person.html", context)


@never_cache
@require_POST
def print_card(request: MemberRequest, membership_id: int, person_id: int) -> HttpResponse:
    """A new card as a PDF; the one before opens nothing more."""
    membership = access.get_membership(request.user, membership_id)
    person = access.get_person_to_card(membership, person_id)
    secret = accounts.issue_card(person=person, actor=request.user, now=now())
    numbers = queries.numbers_of(person.household_id)
    name = f"carte-{slugify(str(person)) or person.pk}.pdf"
    return HttpResponse(
        card_pdf(person=person, secret=secret, numbers=numbers),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "POST"])
def revoke_card(request: MemberRequest, membership_id: int, person_id: int) -> HttpResponse:
    membership = access.get_membership(request.user, membership_id)
    person = access.get_household_member(membership, person_id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        accounts.revoke_card(
            person=person, actor=request.user, reason=form.cleaned_data["reason"], now=now()
        )
        messages.success(request, _("La carte de %(name)s n’ouvre plus rien.") % {"name": person})
        return redirect("groupbuy:member", membership.pk)
    context = {"membership": membership, "person": person, "form": form}
    return render(request, "groupbuy/revoke_card.html", context)


@require_POST
def renew_year(request: MemberRequest, membership_id: int) -> HttpResponse:
    membership = access.get_membership(request.user, membership_id)
    if joining.renew_year(membership=membership, now=now()):
        messages.success(request, _("L’adhésion continue un an. Elle se paie à l’épicerie."))
    return redirect("groupbuy:member", membership.pk)


@require_http_methods(["GET", "POST"])
def end_membership(request: MemberRequest, membership_id: int) -> HttpResponse:
    membership = access.get_membership(request.user, membership_id)
    if request.method == "POST":
        joining.leave_group(membership=membership, now=now())
        messages.success(
            request, _("L’adhésion est terminée. Ses commandes restent dans l’histoire.")
        )
        return redirect("groupbuy:members", membership.collective_id)
    context = {
        "membership": membership,
        "people": queries.people_of(membership),
        "prepaid_cents": prepaid_cents(membership.collective, membership.household),
    }
    return render(request, "groupbuy/end_membership.html", context)
