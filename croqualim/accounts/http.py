"""What a request knows of who sends it."""

from urllib.parse import urlencode

import django_otp
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_otp.models import Device

from croqualim.accounts.models import Person

BACKEND = "croqualim.accounts.sessions.Backend"


class MemberRequest(HttpRequest):
    """A request that LoginRequiredMiddleware let through: its user is a person."""

    user: Person


def sign_in(request: HttpRequest, person: Person) -> None:
    """This browser is hers from now on, under a new session key; `last_login` is noted.

    A staff person is let in no further than the second factor (see middleware).
    """
    login(request, person, backend=BACKEND)


def verify(request: HttpRequest, device: Device) -> None:
    """The second factor is proved. The session key changes, as at every rise in rights."""
    django_otp.login(request, device)
    request.session.cycle_key()


def is_verified(request: HttpRequest) -> bool:
    return getattr(request.user, "otp_device", None) is not None


def awaits_second_factor(request: HttpRequest) -> bool:
    user = request.user
    return isinstance(user, Person) and user.is_staff_person and not is_verified(request)


def landing(request: HttpRequest) -> str:
    """Where she was going when asked who she is; home, if that leads off this site."""
    return _safe_next(request) or resolve_url(settings.LOGIN_REDIRECT_URL)


def onward(request: HttpRequest, name: str) -> str:
    """The next page of signing in, remembering where she was going."""
    wanted = _safe_next(request)
    return reverse(name) + (f"?{urlencode({'next': wanted})}" if wanted else "")


def _safe_next(request: HttpRequest) -> str:
    wanted = request.GET.get("next", "")
    is_safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_safe else ""
