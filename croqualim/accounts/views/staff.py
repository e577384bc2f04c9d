"""Staff: name and password, and the links by which a password is chosen."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from croqualim.accounts import access, actions, http, queries
from croqualim.accounts.forms.staff import (
    ChangePasswordForm,
    ForgottenForm,
    NewPasswordForm,
    StaffForm,
)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def staff_sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(http.landing(request))
    form = StaffForm(request.POST or None)
    if form.is_valid():
        try:
            person = actions.authenticate_staff(**form.cleaned_data, now=now())
        except actions.AccountRefused as refused:
            form.show(refused.problem)
        else:
            http.sign_in(request, person)
            return redirect(http.onward(request, "accounts:second_factor"))
    member_url = http.onward(request, "accounts:sign_in")
    return render(request, "accounts/staff_sign_in.html", {"form": form, "member_url": member_url})


@login_not_required
@require_http_methods(["GET", "POST"])
def forgotten_password(request: HttpRequest) -> HttpResponse:
    form = ForgottenForm(request.POST or None)
    if form.is_valid():
        actions.send_password_link(username=form.cleaned_data["username"], now=now())
        messages.success(
            request,
            _("Si cette adresse est celle d’un compte d’équipe, un lien vient d’y partir."),
        )
        return redirect("accounts:staff_sign_in")
    return render(request, "accounts/forgotten_password.html", {"form": form})


@login_not_required
@never_cache
@sensitive_post_parameters("new_password")
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest, person_id: int, token: str) -> HttpResponse:
    """By the link that was sent. It leaves the second factor as it is, and signs nobody in."""
    person = queries.person_of_password_link(person_id, token)
    if person is None:
        return render(request, "accounts/link_refused.html", status=404)
    form = NewPasswordForm(request.POST or None, person=person)
    if form.is_valid():
        actions.change_password(
            person=person, password=form.cleaned_data["new_password"], now=now()
        )
        messages.success(request, _("Votre mot de passe est enregistré. Entrez avec lui."))
        return redirect("accounts:staff_sign_in")
    return render(request, "accounts/choose_password.html", {"form": form, "person": person})


@never_cache
@sensitive_post_parameters("password", "new_password")
@require_http_methods(["GET", "POST"])
def change_password(request: http.MemberRequest) -> HttpResponse:
    person = access.get_staff_person(request.user)
    form = ChangePasswordForm(request.POST or None, person=person)
    if form.is_valid():
        try:
            actions.authenticate_staff(
                username=person.get_username(), password=form.cleaned_data["password"], now=now()
            )
        except actions.AccountRefused as refused:
            form.show(refused.problem)
        else:
            actions.change_password(
                person=person, password=form.cleaned_data["new_password"], now=now()
            )
            update_session_auth_hash(request, person)
            messages.success(request, _("Votre mot de passe est changé."))
            return redirect("accounts:account")
    return render(request, "accounts/change_password.html", {"form": form})
