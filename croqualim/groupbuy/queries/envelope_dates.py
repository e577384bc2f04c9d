"""Envelopes that begin too late or end too soon, said in time to who coordinates."""

from collections.abc import Iterable
from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Collective, Cycle, ShareOption
from croqualim.groupbuy.rules.envelopes import OVER, RUNNING, TOO_EARLY, state_on
from croqualim.kernel.period import day_in_words
from croqualim.ledger.models import Envelope

SOON_DAYS = 30


def is_running(envelope: Envelope, day: date) -> bool:
    state = state_on(day, starts_on=envelope.starts_on, ends_on=envelope.ends_on)
    return state == RUNNING


def warnings_for(collective: Collective, today: date) -> list[str]:
    """One sentence for each envelope behind an open reduced share that cannot be promised now, or
    soon no more."""
    return [said for envelope in _behind(collective) if (said := _said(envelope, today))]


def warnings_for_cycle(cycle: Cycle) -> list[str]:
    """The same, for the days on which its orders are taken."""
    opens_on, closes_on = localdate(cycle.opens_at), localdate(cycle.closes_at)
    found = []
    for envelope in _behind(cycle.collective):
        days = {"name": envelope.name, "starts": day_in_words(envelope.starts_on)}
        days["ends"] = day_in_words(envelope.ends_on)
        if envelope.ends_on < closes_on:
            found.append(
                _(
                    "« %(name)s » finit le %(ends)s, avant la clôture : après ce jour, plus de "
                    "part réduite. Les commandes déjà passées restent tenues."
                )
                % days
            )
        if envelope.starts_on > opens_on:
            found.append(
                _(
                    "« %(name)s » ne commence que le %(starts)s : d’ici là, pas de part réduite "
                    "pour ce cycle."
                )
                % days
            )
    return found


def _behind(collective: Collective) -> Iterable[Envelope]:
    reduced = ShareOption.objects.filter(
        collective=collective, share_percent__lt=100, is_open=True
    ).values("envelope")
    return Envelope.objects.filter(pk__in=reduced).order_by("ends_on", "name")


def _said(envelope: Envelope, today: date) -> str:
    words = {
        "name": envelope.name,
        "starts": day_in_words(envelope.starts_on),
        "ends": day_in_words(envelope.ends_on),
    }
    state = state_on(today, starts_on=envelope.starts_on, ends_on=envelope.ends_on)
    if state == TOO_EARLY:
        return _("« %(name)s » commence le %(starts)s : pas de part réduite avant ce jour.") % words
    if state == OVER:
        return (
            _(
                "« %(name)s » est finie depuis le %(ends)s : elle ne paie plus de nouvelle "
                "commande. Ce qu’elle avait promis reste tenu. Choisissez une autre enveloppe."
            )
            % words
        )
    if (envelope.ends_on - today).days <= SOON_DAYS:
        return (
            _(
                "« %(name)s » finit le %(ends)s. Ensuite, il faudra une autre enveloppe pour les "
                "parts réduites ; ce qui est déjà commandé reste tenu."
            )
            % words
        )
    return ""
