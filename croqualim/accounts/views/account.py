"""Mon compte: who I am here, where I am reached, who eats with me, and the way out."""

from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime, now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from croqualim.accounts import actions, pending, queries
from croqualim.accounts.forms.account import EmailForm, HouseholdForm, NamesForm, PhoneForm
from croqualim.accounts.forms.codes import CodeForm
from croqualim.accounts.http import MemberRequest
from croqualim.accounts.models import Purpose
from croqualim.accounts.rules import Address


@never_cache
@require_GET
def account(request: MemberRequest) -> HttpResponse:
    person = request.user
    card = None if person.is_staff_person else queries.live_card_of(person)
    context = {
        "person": person,
        "phone": Address("sms", person.phone).in_words if person.phone else "",
        "household": queries.people_of_household(person),
        "codes_left": queries.recovery_codes_left(person) if person.is_staff_person else 0,
        "card_since": localtime(card.issued_at) if card else None,
    }
    return render(request, "accounts/account.html", context)


@require_http_methods(["GET", "POST"])
def change_names(request: MemberRequest) -> HttpResponse:
    person = request.user
    initial = {"given_name": person.given_name, "family_name": person.family_name}
    form = NamesForm(request.POST or None, initial=initial)
    if form.is_valid():
        actions.change_names(person=person, **form.cleaned_data, now=now())
        messages.success(request, _("Votre nom est changé."))
        return redirect("accounts:account")
    return render(request, "accounts/change_names.html", {"form": form})


@require_http_methods(["GET", "POST"])
def change_phone(request: MemberRequest) -> HttpResponse:
    return _change_address(request, PhoneForm(request.POST or None), "accounts/change_phone.html")


@require_http_methods(["GET", "POST"])
def change_email(request: MemberRequest) -> HttpResponse:
    return _change_address(request, EmailForm(request.POST or None), "accounts/change_email.html")


def _change_address(
    request: MemberRequest, form: PhoneForm | EmailForm, template: str
) -> HttpResponse:
    if form.is_valid():
        address: Address = form.cleaned_data["reach"]
        try:
            ticket = actions.request_change_code(person=request.user, address=address, now=now())
        except actions.AccountRefused as refused:
            form.show(refused.problem)
        else:
            pending.await_code(request, Purpose.CHANGE_ADDRESS, ticket, address)
            return redirect("accounts:confirm_address")
    return render(request, template, {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def confirm_address(request: MemberRequest) -> HttpResponse:
    awaited = pending.awaited_code(request, Purpose.CHANGE_ADDRESS)
    if awaited is None:
        return redirect("accounts:account")
    ticket, address = awaited
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            proved = actions.use_code(
                ticket=ticket,
                figures=form.cleaned_data["code"],
                purpose=Purpose.CHANGE_ADDRESS,
                now=now(),
            )
        except actions.AccountRefused as refused:
            form.show(refused.problem)
        else:
            pending.forget_code(request, Purpose.CHANGE_ADDRESS)
            actions.change_address(person=request.user, address=proved, now=now())
            messages.success(request, _("C’est noté : nous vous joindrons ici désormais."))
            return redirect("accounts:account")
    return render(request, "accounts/confirm_address.html", {"form": form, "address": address})


@require_http_methods(["GET", "POST"])
def add_to_household(request: MemberRequest) -> HttpResponse:
    form = HouseholdForm(request.POST or None)
    if form.is_valid():
        added = actions.add_to_household(person=request.user, **form.cleaned_data, now=now())
        messages.success(
            request, _("%(name)s fait partie de votre foyer.") % {"name": added.given_name}
        )
        return redirect("accounts:account")
    return render(request, "accounts/add_to_household.html", {"form": form})


@require_POST
def lose_card(request: MemberRequest) -> HttpResponse:
    """The card and whatever it opened are closed; this browser alone stays in."""
    person = request.user
    if actions.revoke_card(person=person, actor=person, reason="lost", now=now()):
        update_session_auth_hash(request, person)
        messages.success(request, _("Votre carte est bloquée : elle n’ouvre plus rien."))
    return redirect("accounts:account")


@require_POST
def sign_out(request: MemberRequest) -> HttpResponse:
    logout(request)
    messages.success(request, _("Vous êtes sorti·e. À bientôt."))
    return redirect("accounts:sign_in")


@require_POST
def sign_out_everywhere(request: MemberRequest) -> HttpResponse:
    """For a telephone that was lost. Staff people change their password instead."""
    if not request.user.is_staff_person:
        actions.close_sessions(person=request.user)
    return sign_out(request)
