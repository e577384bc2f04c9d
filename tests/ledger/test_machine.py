"""Whatever happens to money, in whatever order: the books say what a few lines of Python say."""

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from croqualim.ledger import actions
from croqualim.ledger.models import HOLDINGS, Account, AccountKind, Transfer
from croqualim.ledger.queries import discrepancies
from tests.conftest import NOON
from tests.factories import StructureFactory

KINDS = [
    AccountKind.BANK,
    AccountKind.CASH,
    AccountKind.ENVELOPE,
    AccountKind.PREPAID,
    AccountKind.SALES,
]
FLOORED = {AccountKind.ENVELOPE, AccountKind.PREPAID}
kinds = st.sampled_from(KINDS)
amounts = st.integers(1, 12)
hold_keys = st.sampled_from(["red", "green", "blue"])


class Books(RuleBasedStateMachine):
    """The model: balances and what is held, in two dictionaries."""

    @initialize()
    def open_books(self):
        keeper = StructureFactory()
        self.accounts = {
            kind: actions.open_account(keeper=keeper, kind=kind, name=str(kind.label))
            for kind in KINDS
        }
        self.balance = dict.fromkeys(KINDS, 0)
        self.held = {}  # key: (kind, amount)
        self.done = {}  # key: (transfer, from, to, amount)
        self.reversed = {}  # key of a transfer: key of its reversal
        self.keys = 0

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self):
        """The sums are recomputed once per story: at each step the model has been asked."""
        wrong = discrepancies()
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)
        assert wrong == []

    # what the model knows

    def reserved(self, kind, without=()):
        return sum(
            amount for key, (on, amount) in self.held.items() if on == kind and key not in without
        )

    def missing(self, from_kind, to_kind, amount, without=()):
        """By account, for a transfer."""
        missing = {}
        if from_kind in FLOORED:
            free = self.balance[from_kind] - self.reserved(from_kind, without)
            missing[from_kind] = amount - free
        if to_kind in HOLDINGS:
            missing[to_kind] = amount + self.balance[to_kind]
        return {kind: cents for kind, cents in missing.items() if cents > 0}

    def new_key(self):
        self.keys += 1
        return f"key {self.keys}"

    def ends(self, from_kind, to_kind):
        return {
            "from_account": self.accounts[from_kind],
            "to_account": self.accounts[to_kind],
            "kind": "test",
            "reference": "RADIS-42",
            "now": NOON,
        }

    def expect(self, missing, act):
        """Run `act`, which is refused when something is missing, and says so."""
        if not missing:
            return act()
        with pytest.raises(actions.NotEnough) as refused:
            act()
        assert refused.value.missing_cents in missing.values()
        assert missing[refused.value.account.kind] == refused.value.missing_cents
        return None

    def note(self, key, transfer, from_kind, to_kind, amount):
        self.done[key] = (transfer, from_kind, to_kind, amount)
        self.balance[from_kind] -= amount
        self.balance[to_kind] += amount

    # what may happen

    @rule(from_kind=kinds, to_kind=kinds, amount=amounts)
    def transfer(self, from_kind, to_kind, amount):
        if from_kind == to_kind:
            return
        key, missing = self.new_key(), self.missing(from_kind, to_kind, amount)
        done = self.expect(
            missing,
            lambda: actions.transfer(key=key, amount_cents=amount, **self.ends(from_kind, to_kind)),
        )
        if done:
            self.note(key, done, from_kind, to_kind, amount)

    @precondition(lambda self: self.done)
    @rule(data=st.data(), more=st.integers(0, 1))
    def do_again(self, data, more):
        key = data.draw(st.sampled_from(sorted(self.done)))
        first, from_kind, to_kind, amount = self.done[key]
        again = {"key": key, "amount_cents": amount + more, **self.ends(from_kind, to_kind)}
        if more or first.reverses_id:
            with pytest.raises(actions.KeyReused):
                actions.transfer(**again)
        else:
            assert actions.transfer(**again) == first

    @precondition(lambda self: self.done)
    @rule(data=st.data(), use_key_again=st.booleans())
    def reverse(self, data, use_key_again):
        key = data.draw(st.sampled_from(sorted(self.done)))
        first, from_kind, to_kind, amount = self.done[key]
        earlier = self.reversed.get(key)
        back = earlier if earlier and use_key_again else self.new_key()
        arguments = {"transfer": first, "key": back, "reason": "Erreur", "now": NOON}
        if first.reverses_id:
            with pytest.raises(ValueError, match="stays"):
                actions.reverse(**arguments)
        elif earlier and not use_key_again:
            with pytest.raises(actions.AlreadyReversed):
                actions.reverse(**arguments)
        elif earlier:
            assert actions.reverse(**arguments) == self.done[earlier][0]
        else:
            missing = self.missing(to_kind, from_kind, amount)
            done = self.expect(missing, lambda: actions.reverse(**arguments))
            if done:
                self.note(back, done, to_kind, from_kind, amount)
                self.reversed[key] = back

    @rule(key=hold_keys, kind=st.sampled_from(sorted(FLOORED)), amount=st.integers(0, 12))
    def reserve(self, key, kind, amount):
        account = self.accounts[kind]
        arguments = {"key": key, "account": account, "amount_cents": amount, "now": NOON}
        if key in self.held and self.held[key][0] != kind:
            with pytest.raises(actions.KeyReused):
                actions.reserve(**arguments)
            return
        missing = amount - self.balance[kind] + self.reserved(kind, without=[key])
        if missing > 0 and amount > self.held.get(key, (kind, 0))[1]:
            self.expect({kind: missing}, lambda: actions.reserve(**arguments))
        else:
            actions.reserve(**arguments)
            self.held.pop(key, None)
            if amount:
                self.held[key] = (kind, amount)

    @rule(key=hold_keys)
    def release(self, key):
        actions.release(key=key)
        self.held.pop(key, None)

    @rule(
        keys=st.sets(hold_keys),
        from_kind=st.sampled_from(sorted(FLOORED)),
        to_kind=kinds,
        amount=amounts,
    )
    def pay_reserved(self, keys, from_kind, to_kind, amount):
        if from_kind == to_kind:
            return
        key = self.new_key()
        arguments = {
            "reservation_keys": sorted(keys),
            "key": key,
            "amount_cents": amount,
            **self.ends(from_kind, to_kind),
        }
        if any(self.held.get(key, (from_kind,))[0] != from_kind for key in keys):
            with pytest.raises(actions.KeyReused):
                actions.pay_reserved(**arguments)
            return
        missing = self.missing(from_kind, to_kind, amount, without=keys)
        done = self.expect(missing, lambda: actions.pay_reserved(**arguments))
        if done:
            self.note(key, done, from_kind, to_kind, amount)
            self.held = {key: held for key, held in self.held.items() if key not in keys}

    # what is always true

    @invariant()
    def books_say_what_the_model_says(self):
        stored = {account.kind: account for account in Account.objects.all()}
        assert {kind: stored[kind].balance_cents for kind in KINDS} == self.balance
        assert {kind: stored[kind].reserved_cents for kind in KINDS} == {
            kind: self.reserved(kind) for kind in KINDS
        }
        assert sum(self.balance.values()) == 0
        assert Transfer.objects.count() == len(self.done)

    @invariant()
    def nothing_is_below_its_floor_or_above_its_ceiling(self):
        for kind in KINDS:
            if kind in FLOORED:
                assert self.balance[kind] >= self.reserved(kind) >= 0
            if kind in HOLDINGS:
                assert self.balance[kind] <= 0


@pytest.mark.django_db
def test_books():
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=25,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
