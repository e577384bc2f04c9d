"""Prepaid accounts: what is on them, and their history in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from croqualim.accounts.models import Household, Person
from croqualim.groupbuy.models import Collective, Membership
from croqualim.groupbuy.queries.till import names_of
from croqualim.ledger.models import Account, AccountKind
from croqualim.ledger.queries import Line, statement


@dataclass(frozen=True)
class Row:
    at: datetime
    what: str
    change_cents: int
    balance_cents: int  # after it


@dataclass(frozen=True)
class PrepaidAccount:
    balance_cents: int
    rows: Sequence[Row]  # newest first


@dataclass(frozen=True)
class Holder:
    """A household that left money in advance."""

    membership: Membership
    name: str
    balance_cents: int


def account_of(collective: Collective, household: Household) -> PrepaidAccount:
    """Empty while nothing was put on it; opens no account."""
    account = Account.objects.filter(
        keeper=collective.structure_id, kind=AccountKind.PREPAID, household=household
    ).first()
    if account is None:
        return PrepaidAccount(0, [])
    rows = [_row(line) for line in statement(account).lines]
    return PrepaidAccount(account.balance_cents, rows[::-1])


def holders(collective: Collective) -> list[Holder]:
    """Who has money there, by number, those who have left too; in a fixed number of queries."""
    balances = dict(
        Account.objects.filter(
            keeper=collective.structure_id, kind=AccountKind.PREPAID, balance_cents__gt=0
        ).values_list("household", "balance_cents")
    )
    people = Person.objects.filter(is_active=True).order_by("pk")
    memberships = (
        Membership.objects.filter(collective=collective, household__in=balances)
        .defer("share_percent")
        .select_related("group", "household")
        .prefetch_related(Prefetch("household__people", queryset=people, to_attr="here"))
        # one line a household: the membership that is live, if any
        .order_by("left_at", "number")
    )
    found: dict[int, Holder] = {}
    for membership in memberships:
        household_id = membership.household_id
        is_live = membership.left_at is None
        if household_id not in found or (is_live and found[household_id].membership.left_at):
            name = ", ".join(names_of(membership))
            found[household_id] = Holder(membership, name, balances[household_id])
    return sorted(found.values(), key=lambda holder: holder.membership.number)


def _row(line: Line) -> Row:
    return Row(line.transfer.at, _what(line), line.change_cents, line.balance_cents)


# what it was for, by the kind of the transfer; money that came and money that went
CAME = {
    "till_top_up": lambda r: _("Versé à l’épicerie"),
    "till_order": lambda r: _("Produit remboursé, commande %(order)s") % {"order": r},
    "refund": lambda r: _("Produit remboursé, commande %(order)s") % {"order": r},
    "containers_back": lambda r: _("Contenants rendus"),
}
WENT = {
    "till_order": lambda r: _("Commande %(order)s payée") % {"order": r},
    "till_membership": lambda r: _("Adhésion d’un an payée"),
    "till_containers": lambda r: _("Consigne, commande %(order)s") % {"order": r},
    "pay_back": lambda r: _("Rendu"),
}


def _what(line: Line) -> str:
    came = (line.change_cents > 0) is not (line.transfer.reverses_id is not None)
    words = (CAME if came else WENT).get(line.transfer.kind)
    said = words(line.transfer.reference) if words else _("Autre mouvement")
    return _("%(what)s : annulé") % {"what": said} if line.transfer.reverses_id else said
