"""What the clock does: open a cycle, remind those who have not ordered, close.

Each locks its cycle, looks whether it is still to be done, and does it in one transaction together
with the letters that say so. So a worker that is killed, or two of them, do each thing once.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.books import hold_books_of_cycle
from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.actions.cycles import CycleRefused, publish_cycle, set_offers
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.telling import Telling, tell_coordinators, tell_many
from croqualim.groupbuy.letters import Letter
from croqualim.groupbuy.letters import clockwork as letters
from croqualim.groupbuy.models import Automation, Collective, Cycle, Event, EventKind
from croqualim.groupbuy.queries import clockwork as queries
from croqualim.groupbuy.rules.clockwork import next_decent
from croqualim.groupbuy.rules.stages import Stage
from croqualim.kernel.period import moment_in_words


@transaction.atomic
def change_automation(
    *,
    collective: Collective,
    reminder_days: int | None,
    closes_after_hours: int | None,
    now: datetime,
) -> None:
    """Let the clock do this from now on. Closings that have passed stay with the coordinator."""
    automation, _ = Automation.objects.select_for_update().get_or_create(collective=collective)
    if closes_after_hours is None:
        automation.closes_from = None
    elif automation.closes_after_hours is None:
        automation.closes_from = now
    automation.reminder_days = reminder_days
    automation.closes_after_hours = closes_after_hours
    automation.save()


@transaction.atomic
def let_open(*, cycle: Cycle, opens_alone: bool, actor: Person, now: datetime) -> None:
    """Announce it when its opening comes, or not. Raises CycleRefused once it has come."""
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if cycle.opens_alone == opens_alone or cycle.published_at:
        return
    if opens_alone and cycle.opens_at <= now:
        raise CycleRefused("opening passed")
    cycle.opens_alone = opens_alone
    cycle.save(update_fields=["opens_alone"])
    when = moment_in_words(localtime(cycle.opens_at))
    how = f"toute seule, {when}" if opens_alone else "à la main"
    lines = [["ouverture", "", how]]
    note(EventKind.CYCLE_CHANGED, cycle=cycle, lines=lines, actor=actor, now=now)


@transaction.atomic
def open_alone(*, cycle: Cycle, now: datetime) -> None:
    """Announce a planned cycle at the prices of the day, without what left the catalogue.

    What cannot be opened is left to the coordinator, who is told why; it is not tried again.
    """
    cycle = _lock(cycle)
    if cycle.published_at or not cycle.opens_alone or cycle.opens_at > now:
        return
    offers = queries.limits_to_open_with(cycle)
    if why := _what_is_missing(cycle, offers["keep"], now):
        Cycle.objects.filter(pk=cycle.pk).update(opens_alone=False)
        _tell_team(cycle, f"not-opened:{now:%Y%m%d}", letters.not_opened(cycle, why), now)
        return
    limits = {offer.product: offer.limit_quantity for offer in offers["keep"]}
    set_offers(cycle=cycle, limits=limits, actor=None, now=now)
    publish_cycle(cycle=cycle, actor=None, now=now)
    letter = letters.opened(
        cycle, _changes_noted(cycle, now), [offer.product.name for offer in offers["leave"]]
    )
    _tell_team(cycle, "opened", letter, now)


def _what_is_missing(cycle: Cycle, offers: Sequence[object], now: datetime) -> str:
    if cycle.closes_at <= now:
        return "closed already"
    if not offers:
        return "no offer"
    return "" if cycle.popups.exists() else "no shop"


def _changes_noted(cycle: Cycle, now: datetime) -> list[list[str]]:
    """What taking the prices of the day has just changed: [product, before, after]."""
    event = Event.objects.filter(cycle=cycle, kind=EventKind.CYCLE_CHANGED, at=now).last()
    lines: list[list[str]] = event.details["lines"] if event else []
    return [line for line in lines if line[0] != "produits"]


@transaction.atomic
def remind(*, cycle: Cycle, now: datetime) -> int:
    """Write once to each household that has not ordered, or whose basket waits; say to how many."""
    cycle = _lock(cycle)
    if cycle.reminded_at or cycle.stage(now) is not Stage.OPEN:
        return 0
    Cycle.objects.filter(pk=cycle.pk).update(reminded_at=now)
    due_at = next_decent(localtime(now), before=cycle.closes_at)
    return tell_many(
        tellings=[
            Telling(
                somebody.membership,
                key=f"cycle:{cycle.pk}:remind:{somebody.membership.pk}",
                letter=_reminder(cycle, somebody),
                due_at=due_at,
                useful_until=cycle.closes_at,
            )
            for somebody in queries.undecided(cycle)
        ],
        now=now,
    )


def _reminder(cycle: Cycle, somebody: queries.Undecided) -> Letter:
    if somebody.order:
        return letters.change_waits(somebody.order, somebody.popup)
    if somebody.has_basket:
        return letters.basket_waits(cycle, somebody.popup)
    return letters.orders_close_soon(cycle, somebody.popup)


def close_alone(*, cycle: Cycle, now: datetime) -> None:
    """Close it by each product's own rule, and tell the coordinators; or tell them why not.

    What is refused is tried again at the next round, and told once.
    """
    try:
        with transaction.atomic():
            _close_and_tell(cycle, now)
    except CycleRefused as refused:
        letter = letters.not_closed(cycle, refused.why)
        _tell_team(cycle, f"not-closed:{refused.why}", letter, now)


def _close_and_tell(cycle: Cycle, now: datetime) -> None:
    if _lock(cycle).bought_at:
        return
    changed = close_cycle(cycle=cycle, actor=None, now=now)
    _tell_team(cycle, "closed", letters.closed(cycle, changed), now)


def _lock(cycle: Cycle) -> Cycle:
    """Books before the cycle, as everywhere: the clock and a closing hand never wait in a ring."""
    hold_books_of_cycle(cycle.pk)
    cycles = Cycle.objects.select_for_update(of=("self",), no_key=True)
    return cycles.select_related("collective__structure").get(pk=cycle.pk)


def _tell_team(cycle: Cycle, about: str, letter: Letter, now: datetime) -> None:
    tell_coordinators(
        structure=cycle.collective.structure,
        key=f"cycle:{cycle.pk}:{about}",
        letter=letter,
        now=now,
    )
