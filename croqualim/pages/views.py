from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from croqualim.accounts.models import Person
from croqualim.pages.queries import parts_for


@login_not_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What there is to do now; for whoever is not signed in, what this is."""
    context: dict[str, object] = {"demo": settings.DEMO}
    if not isinstance(request.user, Person):
        return render(request, "pages/welcome.html", context)
    context["parts"] = parts_for(request.user, now())
    return render(request, "pages/home.html", context)
