"""A collective as its coordinator keeps it: shares, envelopes, groups."""

from dataclasses import dataclass

from django.db.models import QuerySet

from croqualim.groupbuy.models import Collective, Group, ShareOption
from croqualim.ledger.models import Envelope
from croqualim.network.models import Category, Structure

FUNDING = (Category.FUNDER, Category.DEPARTMENT, Category.PAT)
NEARLY_SPENT_PERCENT = 10


@dataclass(frozen=True)
class Funds:
    """What an envelope holds. What orders of the moment promise is folded into one warning:
    watched order by order, it would tell who pays what share."""

    envelope: Envelope

    @property
    def balance_cents(self) -> int:
        return self.envelope.account.balance_cents

    @property
    def is_nearly_promised(self) -> bool:
        account = self.envelope.account
        free = account.balance_cents - account.reserved_cents
        return free * 100 <= account.balance_cents * NEARLY_SPENT_PERCENT


def envelopes_of(collective: Collective) -> list[Funds]:
    """Those that last longest first."""
    envelopes = Envelope.objects.filter(holder=collective.structure_id)
    return [
        Funds(envelope)
        for envelope in envelopes.select_related("account", "funder").order_by("-ends_on", "name")
    ]


def envelopes_to_choose(collective: Collective) -> QuerySet[Envelope]:
    return Envelope.objects.filter(holder=collective.structure_id).order_by("-ends_on", "name")


def shares_of(collective: Collective) -> QuerySet[ShareOption]:
    return (
        ShareOption.objects.filter(collective=collective)
        .select_related("envelope")
        .order_by("share_percent")
    )


def groups_to_choose(collective: Collective) -> QuerySet[Group]:
    return Group.objects.filter(collective=collective).order_by("name")


def funders() -> QuerySet[Structure]:
    return Structure.objects.filter(category__in=FUNDING).order_by("search_name")
