"""When an envelope may be promised, and how its figures are said without pointing at anybody."""

from datetime import date

from croqualim.groupbuy.rules.settlement import FEW

TOO_EARLY, RUNNING, OVER = "too early", "running", "over"
# held amounts are said to the nearest so many cents: watched order by order, they tell a share
SAID_TO_CENTS = 1_000


def state_on(day: date, *, starts_on: date, ends_on: date) -> str:
    """Both ends are days on which it may be promised. What was promised in time stays promised:
    a settlement after the end still draws it."""
    if day < starts_on:
        return TOO_EARLY
    return RUNNING if day <= ends_on else OVER


def said_held(cents: int, orders: int) -> int | None:
    """About how much is held, to the ten euros; None when so few orders would be recognised."""
    if orders < FEW:
        return None
    return (cents + SAID_TO_CENTS // 2) // SAID_TO_CENTS * SAID_TO_CENTS
