"""The journal of a collective's books.

What an order cost and what was paid for it, side by side, would tell a share. So only movements
that no household made are told line by line; the others are added up over the days it takes for
five households.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from datetime import date, datetime
from heapq import merge
from operator import attrgetter
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Collective
from croqualim.groupbuy.queries.discretion import households_of
from croqualim.groupbuy.rules.discretion import IMPERSONAL, OF_ENVELOPES, gather
from croqualim.kernel.tables import Column, Columns, Kind, Table
from croqualim.ledger.models import Account, AccountKind, Transfer

AT_ONCE = 2000  # rows read from the database in one go


class JournalRow(NamedTuple):
    at: datetime
    source: str
    target: str
    cents: int
    reference: str
    reason: str


def journal(collective: Collective) -> Table[JournalRow]:
    """Every transfer, oldest first: from which account, to which."""
    columns: Columns[JournalRow] = (
        Column(_("Moment"), attrgetter("at"), Kind.MOMENT),
        Column(_("Du compte"), attrgetter("source"), width=34),
        Column(_("Au compte"), attrgetter("target"), width=34),
        Column(_("Montant (€)"), attrgetter("cents"), Kind.CENTS, 12),
        Column(_("Référence"), attrgetter("reference"), width=24),
        Column(_("Pourquoi"), attrgetter("reason"), width=34),
    )
    rows = merge(_one_by_one(collective), _gathered(collective), key=attrgetter("at"))
    return Table(_("Journal %(who)s") % {"who": collective}, columns, rows)


def _of(collective: Collective) -> QuerySet[Transfer]:
    return Transfer.objects.filter(from_account__keeper=collective.structure_id)


def _one_by_one(collective: Collective) -> Iterator[JournalRow]:
    moved = (
        _of(collective)
        .filter(kind__in=IMPERSONAL)
        .order_by("at", "pk")
        .values_list(
            "at", "from_account__name", "to_account__name", "amount_cents", "reference", "reason"
        )
    )
    return map(JournalRow._make, moved.iterator(AT_ONCE))


def _gathered(collective: Collective) -> list[JournalRow]:
    """Sums of enough households; what still waits for others is left out."""
    households = households_of(collective.structure_id)
    days: defaultdict[Hashable, dict[date, _Day]] = defaultdict(dict)
    moved = _of(collective).exclude(kind__in=IMPERSONAL).order_by("at", "pk")
    accounts = moved.select_related("from_account", "to_account")
    for transfer in accounts.iterator(AT_ONCE):
        ends = (_name(transfer.from_account), _name(transfer.to_account))
        what = "envelope" if transfer.kind in OF_ENVELOPES else (transfer.kind, *ends)
        day = days[what].setdefault(localdate(transfer.at), _Day(transfer.at))
        day.add(transfer, ends, households.behind(transfer))
    rows = [row for by_day in days.values() for row in _told(by_day.values())]
    return sorted(rows, key=attrgetter("at"))


class _Day:
    """What one day moved, way by way, and who did it."""

    def __init__(self, last: datetime) -> None:
        self.cents: Counter[tuple[str, str]] = Counter()
        self.who: dict[Hashable, frozenset[Hashable]] = {}
        self.last = last

    def add(
        self, transfer: Transfer, ends: tuple[str, str], households: frozenset[Hashable]
    ) -> None:
        self.cents[ends] += transfer.amount_cents
        self.who[transfer.kind] = self.who.get(transfer.kind, frozenset()) | households
        self.last = transfer.at


def _told(days: Iterable[_Day]) -> Iterator[JournalRow]:
    runs, _waiting = gather((day, day.who) for day in days)
    for run in runs:
        cents = sum((day.cents for day in run), Counter[tuple[str, str]]())
        for (source, target), amount in cents.items():
            yield JournalRow(run[-1].last, source, target, amount, _("total des foyers"), "")


def _name(account: Account) -> str:
    """Prepaid accounts are one: whose they are is not said."""
    if account.kind == AccountKind.ENVELOPE:
        return account.name
    kind = str(AccountKind(account.kind).label)
    subject = account.subject.replace("cycle:", _("cycle "))
    return f"{kind}, {subject}" if subject else kind
