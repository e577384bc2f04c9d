"""Signing in by a code: where to send it, what it says, and who of the family is there."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from croqualim.accounts import access, actions, http, pending
from croqualim.accounts.forms.codes import CodeForm, ReachForm
from croqualim.accounts.models import Purpose
from croqualim.accounts.rules import Address


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(http.landing(request))
    form = ReachForm(request.POST or None)
    if form.is_valid():
        address: Address = form.cleaned_data["reach"]
        try:
            ticket = actions.request_code(
                address=address, browser=pending.browser_of(request), now=now()
            )
        except actions.AccountRefused as refused:
            form.show(refused.problem)
        else:
            pending.await_code(request, Purpose.SIGN_IN, ticket, address)
            return redirect(http.onward(request, "accounts:enter_code"))
    staff_url = http.onward(request, "accounts:staff_sign_in")
    return render(request, "accounts/sign_in.html", {"form": form, "staff_url": staff_url})


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def enter_code(request: HttpRequest) -> HttpResponse:
    awaited = pending.awaited_code(request, Purpose.SIGN_IN)
    if awaited is None:
        return redirect(http.onward(request, "accounts:sign_in"))
    ticket, address = awaited
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            actions.use_code(
                ticket=ticket,
                figures=form.cleaned_data["code"],
                purpose=Purpose.SIGN_IN,
                now=now(),
            )
        except actions.AccountRefused as refused:
            form.show(refused.problem)
        else:
            pending.forget_code(request, Purpose.SIGN_IN)
            return _let_in(request, address)
    return render(
        request,
        "accounts/enter_code.html",
        {
            "form": form,
            "address": address,
            "joins": bool(pending.came_from(request)),
            "again_url": http.onward(request, "accounts:sign_in"),
            "change_url": pending.came_from(request) or http.onward(request, "accounts:sign_in"),
            "staff_url": http.onward(request, "accounts:staff_sign_in"),
        },
    )


def _let_in(request: HttpRequest, address: Address) -> HttpResponse:
    people = list(access.people_signing_in_at(address.value))
    if not people:  # somebody left meanwhile
        return redirect(http.onward(request, "accounts:sign_in"))
    if len(people) == 1:
        http.sign_in(request, people[0])
        return redirect(http.landing(request))
    pending.await_choice(request, address, now=now())
    return redirect(http.onward(request, "accounts:choose_person"))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def choose_person(request: HttpRequest) -> HttpResponse:
    address = pending.awaited_choice(request, now=now())
    if address is None:
        return redirect(http.onward(request, "accounts:sign_in"))
    if request.method == "POST":
        person = access.get_one_of_those_at(address, request.POST.get("person", ""))
        pending.forget_choice(request)
        http.sign_in(request, person)
        return redirect(http.landing(request))
    people = access.people_signing_in_at(address)
    return render(request, "accounts/choose_person.html", {"people": people})
