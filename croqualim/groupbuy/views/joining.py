"""Joining a group on the public pages; what a household sees and chooses of its membership."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from croqualim.accounts import actions as accounts
from croqualim.accounts import pending
from croqualim.accounts.http import MemberRequest
from croqualim.accounts.models import Purpose
from croqualim.groupbuy import access
from croqualim.groupbuy.actions import joining as actions
from croqualim.groupbuy.actions.doors import DoorRefused, join_through_door
from croqualim.groupbuy.forms.doors import InvitationForm
from croqualim.groupbuy.forms.joining import JoinForm, ShareForm
from croqualim.groupbuy.models import Group
from croqualim.groupbuy.queries import joining as queries
from croqualim.groupbuy.queries import orders
from croqualim.groupbuy.queries.doors import asked_by
from croqualim.groupbuy.queries.takings import prepaid_cents
from croqualim.groupbuy.rules.doors import knows_address


@login_not_required
@require_GET
def groups(request: HttpRequest) -> HttpResponse:
    text = request.GET.get("cherche", "")[:60]
    found = queries.groups_near(queries.with_next_shop(access.joinable_groups(), now()), text)
    return render(request, "groupbuy/groups.html", {"groups": found, "text": text})


@login_not_required
@require_GET
def group(request: HttpRequest, slug: str) -> HttpResponse:
    group = access.get_joinable_group(slug)
    context = {
        "group": group,
        "shop": queries.next_shop(group, now()),
        "shares": queries.open_shares(group.collective),
        "asked": asked_by(group),
    }
    return render(request, "groupbuy/group.html", context)


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, slug: str) -> HttpResponse:
    """A newcomer says who she is; the code that follows proves it, and then she joins."""
    group = access.get_joinable_group(slug)
    if request.user.is_authenticated:
        return redirect("groupbuy:confirm_join", slug)
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            _send_code(request, group, form)
        except accounts.AccountRefused as refused:
            form.show(refused.problem)
        else:
            here = urlencode({"next": reverse("groupbuy:confirm_join", args=[slug])})
            return redirect(f"{reverse('accounts:enter_code')}?{here}")
    return render(
        request, "groupbuy/join.html", {"group": group, "form": form, "asked": asked_by(group)}
    )


def _send_code(request: HttpRequest, group: Group, form: JoinForm) -> None:
    """The same for an address that is known and one that is not: nobody learns which it is."""
    address = form.cleaned_data["reach"]
    actions.introduce(
        group=group,
        given_name=form.cleaned_data["given_name"],
        family_name=form.cleaned_data["family_name"],
        address=address,
        now=now(),
    )
    ticket = accounts.request_code(address=address, browser=pending.browser_of(request), now=now())
    pending.await_code(request, Purpose.SIGN_IN, ticket, address, came_from=request.path)


@require_http_methods(["GET", "POST"])
def confirm_join(request: MemberRequest, slug: str) -> HttpResponse:
    group = access.get_joinable_group(slug)
    membership = queries.membership_in(group, request.user)
    if membership is not None:
        page = "groupbuy:welcome" if request.method == "POST" else "groupbuy:membership"
        return redirect(page, membership.pk)
    form = InvitationForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            membership = join_through_door(
                group=group, person=request.user, code=form.cleaned_data["code"], now=now()
            )
        except DoorRefused as refused:
            form.show(refused.why)
        else:
            return redirect("groupbuy:welcome", membership.pk)
    asked = asked_by(group)
    asks_code = bool(asked.invitation_code) and not knows_address(asked, request.user.email)
    context = {"group": group, "asked": asked, "asks_code": asks_code, "form": form}
    return render(request, "groupbuy/confirm_join.html", context)


@require_GET
def welcome(request: MemberRequest, membership_id: int) -> HttpResponse:
    """Her number, and what happens next."""
    membership = access.get_own_membership(request.user, membership_id)
    shop = queries.shop_to_order_from(membership.group, now())
    context = {
        "membership": membership,
        "year": queries.last_year_of(membership),
        "shop": shop,
        "stage": shop.cycle.stage(now()) if shop else None,
    }
    return render(request, "groupbuy/welcome.html", context)


@require_GET
def membership(request: MemberRequest, membership_id: int) -> HttpResponse:
    membership = access.get_own_membership(request.user, membership_id)
    year = queries.last_year_of(membership)
    context = {
        "membership": membership,
        "year": year,
        "prepaid_cents": prepaid_cents(membership.collective, membership.household),
        "is_over": year is None or year.ends_on < localdate(),
        "shop": queries.next_shop(membership.group, now()),
        "at": now(),
        "popups": orders.popups_to_order_from(request.user.household_id, now()),
        "scan": settings.SITE_URL + reverse("groupbuy:scan_membership", args=[membership.pk]),
    }
    return render(request, "groupbuy/membership.html", context)


@require_GET
def scan_membership(request: MemberRequest, membership_id: int) -> HttpResponse:
    """The QR code of a number: the till finds her, her household reads it, others see nothing."""
    membership, popup = access.get_scanned_membership(request.user, membership_id)
    if popup is None:
        return redirect("groupbuy:membership", membership.pk)
    till = reverse("groupbuy:till", args=[popup.pk])
    return redirect(f"{till}?{urlencode({'cherche': membership.number})}")


@never_cache
@require_http_methods(["GET", "POST"])
def share(request: MemberRequest, membership_id: int) -> HttpResponse:
    """What part of the price she pays. Nobody asks why, and only her household sees it."""
    membership = access.get_own_membership(request.user, membership_id)
    form = ShareForm(
        request.POST if request.method == "POST" else None,
        options=queries.shares_to_choose(membership),
        initial={"share_percent": membership.share_percent},
    )
    if form.is_valid():
        actions.choose_share(
            membership=membership,
            share_percent=form.cleaned_data["share_percent"],
            actor=request.user,
            now=now(),
        )
        messages.success(request, _("C’est noté. Vous pouvez changer de part quand vous voulez."))
        if order := orders.order_at_another_share(membership, form.cleaned_data["share_percent"]):
            return redirect("groupbuy:reprice_order", order.pk)
        return redirect("groupbuy:membership", membership.pk)
    return render(request, "groupbuy/share.html", {"membership": membership, "form": form})


@require_http_methods(["GET", "POST"])
def leave(request: MemberRequest, membership_id: int) -> HttpResponse:
    membership = access.get_own_membership(request.user, membership_id)
    if request.method == "POST":
        actions.leave_group(membership=membership, now=now())
        messages.success(
            request,
            _("Vous avez quitté %(group)s. Vous pouvez revenir quand vous voulez.")
            % {"group": membership.group},
        )
        return redirect("groupbuy:groups")
    return render(
        request,
        "groupbuy/leave.html",
        {
            "membership": membership,
            "orders": queries.orders_to_collect(membership),
            "prepaid_cents": prepaid_cents(membership.collective, membership.household),
        },
    )
