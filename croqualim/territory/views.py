from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from croqualim.territory import queries


@login_not_required
@require_GET
def suggestions(request: HttpRequest) -> HttpResponse:
    """Options for the list under a commune's input, whatever that input is called. Public, as the
    list of communes is, and as the page is where one joins a group."""
    text = next(iter(request.GET.values()), "")
    communes = queries.communes_named(str(text)[:100]) if len(text) > 1 else []
    return render(request, "territory/suggestions.html", {"communes": communes})
