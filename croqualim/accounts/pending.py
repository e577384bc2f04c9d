"""What one browser is in the middle of, kept in its session: a code awaited, a choice to make."""

from datetime import datetime

from django.http import HttpRequest

from croqualim.accounts.actions import Ticket
from croqualim.accounts.models import Purpose
from croqualim.accounts.rules import CHOICE_LASTS, Address
from croqualim.kernel.identifiers import new_secret

BROWSER = "accounts.browser"
CAME_FROM = "accounts.came_from"
CHOICE = "accounts.choice"


def browser_of(request: HttpRequest) -> str:
    """What stands for this browser when its requests are counted. Writes to the session."""
    return str(request.session.setdefault(BROWSER, new_secret()))


def await_code(
    request: HttpRequest, purpose: Purpose, ticket: Ticket, address: Address, came_from: str = ""
) -> None:
    """A second code asked for makes the browser forget the first.

    `came_from` is our own page where the address was typed, to go back to and type another.
    """
    request.session[CAME_FROM] = came_from
    request.session[_code(purpose)] = [
        ticket.code_id,
        ticket.secret,
        address.channel,
        address.value,
    ]


def awaited_code(request: HttpRequest, purpose: Purpose) -> tuple[Ticket, Address] | None:
    kept = request.session.get(_code(purpose))
    if kept is None:
        return None
    code_id, secret, channel, value = kept
    return Ticket(code_id, secret), Address(channel, value)


def came_from(request: HttpRequest) -> str:
    return str(request.session.get(CAME_FROM, ""))


def forget_code(request: HttpRequest, purpose: Purpose) -> None:
    request.session.pop(_code(purpose), None)


def await_choice(request: HttpRequest, address: Address, *, now: datetime) -> None:
    """The code was right; several people share the address."""
    request.session[CHOICE] = [address.value, (now + CHOICE_LASTS).isoformat()]


def awaited_choice(request: HttpRequest, *, now: datetime) -> str | None:
    """The address whose people may be chosen from, for a few minutes."""
    kept = request.session.get(CHOICE)
    if kept is None or now >= datetime.fromisoformat(kept[1]):
        return None
    return str(kept[0])


def forget_choice(request: HttpRequest) -> None:
    request.session.pop(CHOICE, None)


def _code(purpose: Purpose) -> str:
    return f"accounts.code.{purpose}"
