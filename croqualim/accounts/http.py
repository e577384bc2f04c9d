from django.http import HttpRequest

from croqualim.accounts.models import Person


class MemberRequest(HttpRequest):
    """A request that LoginRequiredMiddleware let through: its user is a person."""

    user: Person
