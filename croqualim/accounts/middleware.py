"""A password alone opens nothing."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from croqualim.accounts.http import awaits_second_factor

OPEN_PAGES = {
    "accounts:second_factor",
    "accounts:install_second_factor",
    "accounts:begin_second_factor",
    "accounts:sign_out",
}


class SecondFactorMiddleware:
    """A staff person goes nowhere, public pages included, until her second factor is proved."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        if not awaits_second_factor(request):
            return None
        page = request.resolver_match.view_name if request.resolver_match else ""
        if page in OPEN_PAGES:
            return None
        came_for = f"?{urlencode({'next': request.get_full_path()})}" if _is_read(request) else ""
        return redirect(reverse("accounts:second_factor") + came_for)


def _is_read(request: HttpRequest) -> bool:
    return request.method in {"GET", "HEAD"}
