"""Staff: proving the second factor, installing it, and the codes kept on paper."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from croqualim.accounts import access, actions, http, queries
from croqualim.accounts.forms.staff import InstallForm, SecondFactorForm
from croqualim.accounts.http import MemberRequest


@never_cache
@require_http_methods(["GET", "POST"])
def second_factor(request: MemberRequest) -> HttpResponse:
    person = access.get_staff_person(request.user)
    if http.is_verified(request):
        return redirect(http.landing(request))
    if access.second_factor_of(person) is None:
        return redirect(http.onward(request, "accounts:install_second_factor"))
    form = SecondFactorForm(request.POST or None)
    if form.is_valid():
        try:
            device = actions.prove_second_factor(person=person, text=form.cleaned_data["code"])
        except actions.AccountRefused as refused:
            form.show(refused.problem)
        else:
            http.verify(request, device)
            return redirect(http.landing(request))
    return render(request, "accounts/second_factor.html", {"form": form})


@never_cache
@require_http_methods(["GET", "POST"])
def install_second_factor(request: MemberRequest) -> HttpResponse:
    person = access.get_staff_person(request.user)
    if not access.may_install_second_factor(person, is_verified=http.is_verified(request)):
        return redirect(http.onward(request, "accounts:second_factor"))
    waiting = queries.second_factor_waiting(person)
    begin_url = http.onward(request, "accounts:begin_second_factor")
    if waiting is None:
        return render(request, "accounts/begin_second_factor.html", {"begin_url": begin_url})
    form = InstallForm(request.POST or None)
    if form.is_valid():
        try:
            device, codes = actions.confirm_second_factor(
                person=person, figures=form.cleaned_data["code"]
            )
        except actions.AccountRefused as refused:
            form.show(refused.problem)
        else:
            http.verify(request, device)
            return _show_once(request, codes)
    key = queries.key_in_words(waiting)
    context = {"form": form, "device": waiting, "key": key, "begin_url": begin_url}
    return render(request, "accounts/install_second_factor.html", context)


@require_POST
def begin_second_factor(request: MemberRequest) -> HttpResponse:
    person = access.get_staff_person(request.user)
    if access.may_install_second_factor(person, is_verified=http.is_verified(request)):
        actions.begin_second_factor(person=person)
    return redirect(http.onward(request, "accounts:install_second_factor"))


@never_cache
@require_POST
def recovery_codes(request: MemberRequest) -> HttpResponse:
    person = access.get_staff_person(request.user)
    return _show_once(request, actions.renew_recovery_codes(person=person))


def _show_once(request: MemberRequest, codes: list[str]) -> HttpResponse:
    """In the answer to the POST itself: after a redirection they would have to be kept."""
    pairs = [f"{code[:5]}-{code[5:]}" for code in codes]
    return render(
        request, "accounts/recovery_codes.html", {"codes": pairs, "next_url": http.landing(request)}
    )
