"""Settling a cycle: envelopes drawn, boxes banked, nothing left over that is not named.

What farmers are owed is stated, not paid: see `paying`, which may come before or after.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.subsidies import hold_subsidies, subsidy_key
from croqualim.groupbuy.models import Cycle, Event, EventKind, Order
from croqualim.groupbuy.queries import settlement as queries
from croqualim.groupbuy.queries.paying import PAYMENT
from croqualim.groupbuy.rules.settlement import settlement_reference
from croqualim.kernel.money import in_euros
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, Envelope, Transfer


class SettlementRefused(Exception):
    """Something stands in the way; `obstacles` are sentences that say what to do."""

    def __init__(self, obstacles: list[str]) -> None:
        super().__init__(obstacles)
        self.obstacles = obstacles


@transaction.atomic
def settle_cycle(*, cycle: Cycle, words: str = "", actor: Person, now: datetime) -> None:
    """Draw the envelopes, bank the boxes, name what is left. Once.

    `words` say what the month was like, beside its figures. Raises SettlementRefused, and
    ledger.NotEnough when an envelope does not hold what it is to pay.
    """
    books.hold_books_of_cycle(cycle.pk)
    cycle = (
        Cycle.objects.select_for_update(of=("self",), no_key=True)
        .select_related("collective__structure")
        .get(pk=cycle.pk)
    )
    if cycle.settled_at:
        return
    if obstacles := queries.obstacles_to_settling(cycle):
        raise SettlementRefused(obstacles)
    book = _Book(cycle, actor, now)
    plan = queries.settlement_of(cycle)
    book.draw_envelopes(plan.drawn, queries.served_orders(cycle))
    book.give_to_envelopes(plan.given)
    book.deposit_boxes()
    book.name_what_is_left()
    cycle.settled_at, cycle.words = now, words
    cycle.save(update_fields=["settled_at", "words"])
    note(
        EventKind.CYCLE_SETTLED,
        cycle=cycle,
        lines=[[farm.name, "", in_euros(cents)] for farm, cents in plan.owed],
        actor=actor,
        now=now,
    )


@transaction.atomic
def undo_settlement(*, cycle: Cycle, reason: str, actor: Person, now: datetime) -> None:
    """Send every transfer of the settlement back, with the reason, and hold the subsidies again.

    What farmers were paid stays paid: their money has left. Raises ValueError without a reason,
    ledger.NotEnough when the money has gone on since.
    """
    books.hold_books_of_cycle(cycle.pk)
    cycle = Cycle.objects.select_for_update(no_key=True).get(pk=cycle.pk)
    if not cycle.settled_at:
        return
    transfers = Transfer.objects.filter(
        reference=settlement_reference(cycle.pk), reverses=None, reversed_by=None
    ).exclude(kind=PAYMENT)  # once, a settlement paid the farmers too
    for transfer in transfers.select_related("from_account", "to_account").order_by("-pk"):
        ledger.reverse(
            transfer=transfer,
            key=f"{transfer.key}:undone",
            reason=reason,
            now=now,
            actor=actor,
        )
    cycle.settled_at = None
    cycle.save(update_fields=["settled_at"])
    hold_subsidies(queries.served_orders(cycle), now)
    note(EventKind.SETTLEMENT_UNDONE, cycle=cycle, reason=reason, actor=actor, now=now)


class _Book:
    """Writes the transfers of one settlement, each under a key of its own."""

    def __init__(self, cycle: Cycle, actor: Person, now: datetime) -> None:
        self.cycle, self.actor, self.now = cycle, actor, now
        self.collective = cycle.collective
        self.sales = books.sales(cycle)
        # a settlement that was undone leaves its keys behind
        self.turn = Event.objects.filter(cycle=cycle, kind=EventKind.SETTLEMENT_UNDONE).count()

    def draw_envelopes(self, drawn: Mapping[int, int], orders: list[Order]) -> None:
        keys = [subsidy_key(order) for order in orders if order.due_cents < order.cost_cents]
        for envelope in self._envelopes(drawn):
            ledger.pay_reserved(
                reservation_keys=self._held_on(envelope.account, keys),
                key=self._key(f"envelope:{envelope.pk}:drawn"),
                from_account=envelope.account,
                to_account=self.sales,
                amount_cents=drawn[envelope.pk],
                kind="subsidy",
                reference=settlement_reference(self.cycle.pk),
                now=self.now,
                actor=self.actor,
            )

    def give_to_envelopes(self, given: Mapping[int, int]) -> None:
        for envelope in self._envelopes(given):
            self._move(
                f"envelope:{envelope.pk}:given",
                self.sales,
                envelope.account,
                given[envelope.pk],
                "solidarity",
            )

    def deposit_boxes(self) -> None:
        """What this month's shops left goes to the bank: no other month's, and no float."""
        bank, left = books.bank(self.collective), queries.deposits_of(self.cycle)
        cash, cheques = books.cash(self.collective), books.cheques(self.collective)
        self._move("deposit:cash", bank, cash, left.cash_cents, "deposit")
        self._move("deposit:cheques", bank, cheques, left.cheques_cents, "deposit")

    def name_what_is_left(self) -> None:
        """Handling share, free sales and rounding: to the collective's income, or its loss."""
        self.sales.refresh_from_db(fields=["balance_cents"])
        left = self.sales.balance_cents
        self._move("left", self.sales, books.income(self.collective), left, "margin")
        self._move("short", books.loss(self.collective), self.sales, -left, "margin")

    def _move(
        self, what: str, from_account: Account, to_account: Account, cents: int, kind: str
    ) -> None:
        if cents <= 0:
            return
        ledger.transfer(
            key=self._key(what),
            from_account=from_account,
            to_account=to_account,
            amount_cents=cents,
            kind=kind,
            reference=settlement_reference(self.cycle.pk),
            now=self.now,
            actor=self.actor,
        )

    def _key(self, what: str) -> str:
        return f"{settlement_reference(self.cycle.pk)}:{self.turn}:{what}"

    def _envelopes(self, amounts: Mapping[int, int]) -> list[Envelope]:
        wanted = [pk for pk, cents in amounts.items() if cents]
        envelopes = Envelope.objects.filter(pk__in=wanted).select_related("account__keeper")
        return list(envelopes.order_by("pk"))

    def _held_on(self, account: Account, keys: list[str]) -> list[str]:
        return list(
            account.reservations.filter(key__in=keys).order_by("key").values_list("key", flat=True)
        )
