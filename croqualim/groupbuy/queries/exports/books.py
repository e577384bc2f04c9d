"""The journal of a collective's books.

What an order cost and what was paid for it, side by side, would tell a share. So whatever passes
through a month's sales or a household's prepaid account is added up by day; the rest is told line
by line.
"""

from collections.abc import Iterator
from datetime import datetime
from heapq import merge
from operator import attrgetter
from typing import NamedTuple

from django.db.models import Max, Q, Sum
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Collective
from croqualim.kernel.tables import Column, Columns, Kind, Table
from croqualim.ledger.models import AccountKind, Transfer

AT_ONCE = 2000  # rows read from the database in one go
OF_PEOPLE = (AccountKind.SALES, AccountKind.PREPAID)


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
    rows = merge(_one_by_one(collective), _by_day(collective), key=attrgetter("at"))
    return Table(_("Journal %(who)s") % {"who": collective}, columns, rows)


def _of_people() -> Q:
    return Q(from_account__kind__in=OF_PEOPLE) | Q(to_account__kind__in=OF_PEOPLE)


def _one_by_one(collective: Collective) -> Iterator[JournalRow]:
    moved = (
        Transfer.objects.filter(from_account__keeper=collective.structure_id)
        .exclude(_of_people())
        .order_by("at", "pk")
        .values_list(
            "at", "from_account__name", "to_account__name", "amount_cents", "reference", "reason"
        )
    )
    return map(JournalRow._make, moved.iterator(AT_ONCE))


def _by_day(collective: Collective) -> Iterator[JournalRow]:
    """Prepaid accounts are one: whose they are is not said."""
    summed = (
        Transfer.objects.filter(_of_people(), from_account__keeper=collective.structure_id)
        .annotate(day=TruncDate("at"))
        .values("day", "from_account__kind", "to_account__kind", *SUBJECTS)
        .annotate(last=Max("at"), cents=Sum("amount_cents"))
        .order_by("last")
    )
    for row in summed.iterator(AT_ONCE):
        source, target = (_name(row, side) for side in ("from_account", "to_account"))
        yield JournalRow(row["last"], source, target, row["cents"], _("total du jour"), "")


SUBJECTS = ("from_account__subject", "to_account__subject")


def _name(row: dict[str, str], side: str) -> str:
    kind = str(AccountKind(row[f"{side}__kind"]).label)
    subject = row[f"{side}__subject"].replace("cycle:", _("cycle "))
    return f"{kind}, {subject}" if subject else kind
