"""Signing in by the personal card."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from croqualim.accounts import http, queries


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def enter_by_card(request: HttpRequest, secret: str) -> HttpResponse:
    """A telephone that previews addresses opens this page by itself: only the button signs in."""
    card = queries.live_card(secret)
    if card is None:
        return render(request, "accounts/card_refused.html", status=404)
    if request.method == "POST":
        http.sign_in(request, card.person)
        return redirect(http.landing(request))
    return render(request, "accounts/enter_by_card.html", {"person": card.person})
