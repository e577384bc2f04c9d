from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST
from django_otp import devices_for_user
from django_otp import login as prove_second_factor

from croqualim.accounts.http import BACKEND
from croqualim.demo.queries import Shoes, person_in


@login_not_required
@require_POST
def step_into(request: HttpRequest, shoes: str) -> HttpResponse:
    """Sign in as somebody of the demonstration. This address exists in demonstration mode alone."""
    if shoes not in set(Shoes):
        raise Http404
    person = person_in(Shoes(shoes))
    if person is None:
        raise Http404
    login(request, person, backend=BACKEND)
    for device in devices_for_user(person):
        prove_second_factor(request, device)
    return redirect("pages:home")
