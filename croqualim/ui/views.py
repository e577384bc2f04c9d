from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from croqualim.ui import showcase


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state: what the site is made of, for whoever builds or judges it."""
    return render(request, "ui/components.html", showcase.samples())
