"""Money: what shops took, what a month owes, what an envelope paid. No order and no household:
an amount beside an order tells a share."""

from collections.abc import Iterator
from datetime import date
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Count, Sum
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Cycle, Payment, PaymentMethod, PaymentPurpose
from croqualim.groupbuy.queries.envelopes import EnvelopeStory, envelopes_of, story_of
from croqualim.groupbuy.queries.settlement import owed_to_producers
from croqualim.kernel.tables import Column, Columns, Kind, Table
from croqualim.ledger.models import Envelope


class TakingRow(NamedTuple):
    group: str
    on: date
    purpose: str
    method: str
    payments: int
    cents: int


class SettledRow(NamedTuple):
    what: str
    who: str
    cents: int | None


class EnvelopeRow(NamedTuple):
    on: date
    what: str
    received_cents: int | None
    drawn_cents: int | None
    helped: str


def takings(cycle: Cycle) -> Table[TakingRow]:
    """By shop, purpose and method, what was undone left out."""
    columns: Columns[TakingRow] = (
        Column(_("Groupement"), attrgetter("group"), width=24),
        Column(_("Jour"), attrgetter("on"), Kind.DAY, 12),
        Column(_("Pour"), attrgetter("purpose")),
        Column(_("Moyen"), attrgetter("method")),
        Column(_("Paiements"), attrgetter("payments"), Kind.WHOLE, 10),
        Column(_("Encaissé (€)"), attrgetter("cents"), Kind.CENTS, 12),
    )
    return Table(_("Encaissements %(cycle)s") % {"cycle": cycle.name}, columns, _takings(cycle))


def _takings(cycle: Cycle) -> Iterator[TakingRow]:
    kinds = ("popup__group__name", "popup__starts_at", "purpose", "method")
    taken = Payment.objects.filter(popup__cycle=cycle, undone_at=None).values_list(*kinds)
    summed = taken.annotate(n=Count("pk"), cents=Sum("amount_cents")).order_by(*kinds)
    for group, starts_at, purpose, method, number, cents in summed:
        yield TakingRow(
            group,
            localtime(starts_at).date(),
            str(PaymentPurpose(purpose).label),
            str(PaymentMethod(method).label),
            number,
            cents,
        )


def settlement(cycle: Cycle) -> Table[SettledRow]:
    """What the month owes to farms, draws from envelopes and gives to them."""
    columns: Columns[SettledRow] = (
        Column(_("Quoi"), attrgetter("what"), width=30),
        Column(_("Qui"), attrgetter("who"), width=34),
        Column(_("Montant (€)"), attrgetter("cents"), Kind.CENTS, 12),
    )
    return Table(_("Règlement %(cycle)s") % {"cycle": cycle.name}, columns, _settled(cycle))


def _settled(cycle: Cycle) -> Iterator[SettledRow]:
    for farm, cents in owed_to_producers(cycle):
        yield SettledRow(_("Dû au producteur"), farm.name, cents)
    for row in envelopes_of(cycle):
        who = f"{row.name}, {row.funder}"
        yield SettledRow(_("Versé par l’enveloppe"), who, row.drawn_cents)
        # None where few households gave: the cell is empty, as the page does not write it
        yield SettledRow(_("Reçu des parts solidaires"), who, row.given_cents)


def envelope(of: Envelope) -> Table[EnvelopeRow]:
    """What its funder gave and what each month paid; a count of households from five on."""
    columns: Columns[EnvelopeRow] = (
        Column(_("Jour"), attrgetter("on"), Kind.DAY, 12),
        Column(_("Opération"), attrgetter("what"), width=34),
        Column(_("Reçu (€)"), attrgetter("received_cents"), Kind.CENTS, 12),
        Column(_("Versé (€)"), attrgetter("drawn_cents"), Kind.CENTS, 12),
        Column(_("Foyers aidés"), attrgetter("helped")),
    )
    rows = sorted(_told(story_of(of)), key=attrgetter("on"))
    return Table(_("Enveloppe %(name)s") % {"name": of.name}, columns, rows)


def _told(story: EnvelopeStory) -> Iterator[EnvelopeRow]:
    for top_up in story.top_ups:
        yield EnvelopeRow(top_up.on, _("Confié par le financeur"), top_up.cents, None, "")
    for month in story.months:
        settled_at = month.cycle.settled_at
        on = localtime(settled_at or month.cycle.closes_at).date()
        given, drawn = month.given_cents, month.drawn_cents
        yield EnvelopeRow(on, month.cycle.name, given, drawn, month.served)
