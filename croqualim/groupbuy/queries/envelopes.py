"""Envelopes: what came in, what was paid, month by month, without a household to be found."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.utils.timezone import localdate

from croqualim.groupbuy.models import Cycle, Order
from croqualim.groupbuy.queries.settlement import settlement_of
from croqualim.groupbuy.rules.settlement import may_say, said_count, settled_cycle
from croqualim.ledger.models import Account, Envelope, Transfer


@dataclass(frozen=True)
class EnvelopeRow:
    """What a cycle drew and gave. `given_cents` is None where few households gave it."""

    name: str
    funder: str
    drawn_cents: int
    given_cents: int | None


@dataclass(frozen=True)
class EnvelopeMonth:
    """The same of one envelope, cycle by cycle."""

    cycle: Cycle
    drawn_cents: int
    given_cents: int | None
    served: str  # households whose order it helped pay, never fewer than five by name


@dataclass(frozen=True)
class TopUp:
    """Money of the funder; below zero, taken back."""

    on: date
    cents: int


@dataclass(frozen=True)
class EnvelopeStory:
    """Since the envelope was opened, in cents: `received - drawn + given + returned` is left."""

    top_ups: Sequence[TopUp]
    months: Sequence[EnvelopeMonth]
    drawn_cents: int
    given_cents: int
    returned_cents: int  # for products taken back once their month was settled
    left_cents: int

    @property
    def received_cents(self) -> int:
        return sum(top_up.cents for top_up in self.top_ups)

    @property
    def is_given_said(self) -> bool:
        return all(month.given_cents is not None for month in self.months)


def envelopes_of(cycle: Cycle) -> list[EnvelopeRow]:
    """Those that a cycle draws from or gives to; in a fixed number of queries."""
    plan = settlement_of(cycle)
    used = Envelope.objects.filter(pk__in={*plan.drawn, *plan.given}).select_related(
        "funder", "account"
    )
    flows = _flows([envelope.account for envelope in used])
    givers = _givers(cycle.collective.structure_id)
    rows = []
    for envelope in used.order_by("name"):
        given = plan.given.get(envelope.pk, 0)
        # a month that is about to be settled is not in the flows yet
        by_cycle = {**flows[envelope.account_id, "solidarity"], cycle.pk: given}
        said = given if may_say(by_cycle, givers[envelope.pk]) else None
        drawn = plan.drawn.get(envelope.pk, 0)
        rows.append(EnvelopeRow(envelope.name, envelope.funder.name, drawn, said))
    return rows


def story_of(envelope: Envelope) -> EnvelopeStory:
    """Settled cycles of the holder, newest first; in a fixed number of queries."""
    flows = _flows([envelope.account])
    drawn = flows[envelope.account_id, "subsidy"]
    given = flows[envelope.account_id, "solidarity"]
    is_given_said = may_say(given, _givers(envelope.holder_id)[envelope.pk])
    cycles = Cycle.objects.filter(pk__in={*drawn, *given}, settled_at__isnull=False)
    helped = _helped(cycles, envelope)
    return EnvelopeStory(
        top_ups=_top_ups(envelope.account),
        months=[
            EnvelopeMonth(
                cycle,
                drawn_cents=drawn[cycle.pk],
                given_cents=given[cycle.pk] if is_given_said else None,
                served=said_count(helped[cycle.pk]),
            )
            for cycle in cycles.order_by("-opens_at")
        ],
        drawn_cents=drawn.total(),
        given_cents=given.total(),
        returned_cents=_returned(envelope.account),
        left_cents=envelope.account.balance_cents,
    )


def _givers(structure_id: int) -> defaultdict[int, Counter[int]]:
    """envelope -> cycle -> households that paid more than the cost."""
    gave = _households(Q(due_cents__gt=F("cost_cents"), cycle__collective__structure=structure_id))
    givers: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for cycle, envelope, households in gave:
        givers[envelope][cycle] += households
    return givers


def _helped(cycles: QuerySet[Cycle], envelope: Envelope) -> Counter[int]:
    """cycle -> households that paid less than the cost, thanks to this envelope."""
    helped: Counter[int] = Counter()
    reduced = Q(share_percent__lt=100, cycle__in=cycles, envelope=envelope)
    for cycle, _envelope, households in _households(reduced):
        helped[cycle] += households
    return helped


def _households(orders: Q) -> Iterable[tuple[int, int, int]]:
    """(cycle, envelope, how many households collected such an order)."""
    collected = Order.objects.filter(orders, collected_at__isnull=False)
    counted = collected.values_list("cycle", "envelope")
    return counted.annotate(n=Count("membership__household", distinct=True)).order_by()


def _flows(accounts: Sequence[Account]) -> defaultdict[tuple[int, str], Counter[int]]:
    """(account, kind) -> cycle -> cents, what was undone taken off."""
    ids = {account.pk for account in accounts}
    moved = Transfer.objects.filter(kind__in=("subsidy", "solidarity")).filter(
        Q(from_account__in=ids) | Q(to_account__in=ids)
    )
    flows: defaultdict[tuple[int, str], Counter[int]] = defaultdict(Counter)
    rows = moved.values_list(
        "from_account", "to_account", "kind", "reference", "amount_cents", "reverses"
    )
    for from_account, to_account, kind, reference, cents, reverses in rows:
        account = from_account if from_account in ids else to_account
        if cycle := settled_cycle(reference):
            flows[account, kind][cycle] += -cents if reverses else cents
    for by_cycle in flows.values():
        for cycle in [cycle for cycle, cents in by_cycle.items() if not cents]:
            del by_cycle[cycle]
    return flows


def _returned(account: Account) -> int:
    """Refunds give an envelope its part back, and take back what a solidarity share had added."""
    moved = Transfer.objects.filter(
        Q(from_account=account) | Q(to_account=account),
        kind__in=("subsidy_back", "solidarity_back"),
    )
    rows = moved.values_list("amount_cents", "to_account")
    return sum(cents if to == account.pk else -cents for cents, to in rows)


def _top_ups(account: Account) -> list[TopUp]:
    came_or_went = Q(to_account=account) | Q(from_account=account)
    moved = Transfer.objects.filter(came_or_went, kind="top_up").order_by("at", "pk")
    rows = moved.values_list("at", "amount_cents", "to_account")
    return [TopUp(localdate(at), cents if to == account.pk else -cents) for at, cents, to in rows]
