"""Promises of holding many amounts at once: what `reserve` promises, all or none."""

from datetime import UTC, date, datetime

import pytest

from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, Reservation
from croqualim.ledger.queries import discrepancies
from tests.factories import StructureFactory

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def envelope(cents, name="Fonds"):
    made = ledger.open_envelope(
        name=name,
        funder=StructureFactory(),
        holder=StructureFactory(),
        purpose="",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        now=NOON,
    )
    ledger.top_up_envelope(key=f"fill:{made.pk}", envelope=made, amount_cents=cents, now=NOON)
    return made.account


def held():
    return dict(Reservation.objects.values_list("key", "amount_cents"))


def test_each_key_holds_exactly_its_amount_whatever_it_held():
    account = envelope(1000)
    ledger.reserve(key="a", account=account, amount_cents=300, now=NOON)
    ledger.reserve(key="b", account=account, amount_cents=300, now=NOON)

    ledger.reserve_many(account=account, amounts={"a": 500, "b": 0, "c": 200}, now=NOON)

    assert held() == {"a": 500, "c": 200}
    assert Account.objects.get(pk=account.pk).reserved_cents == 700
    assert not discrepancies()


def test_too_much_together_holds_nothing_more():
    account = envelope(1000)
    ledger.reserve(key="a", account=account, amount_cents=300, now=NOON)

    with pytest.raises(ledger.NotEnough):
        ledger.reserve_many(account=account, amounts={"a": 600, "b": 401}, now=NOON)

    assert held() == {"a": 300}
    assert not discrepancies()


def test_a_key_that_holds_elsewhere_is_refused():
    here, elsewhere = envelope(1000), envelope(1000, name="Autre")
    ledger.reserve(key="a", account=elsewhere, amount_cents=300, now=NOON)

    with pytest.raises(ledger.KeyReused):
        ledger.reserve_many(account=here, amounts={"a": 100}, now=NOON)


def test_three_hundred_cost_no_more_queries_than_three(django_assert_max_num_queries):
    account = envelope(1_000_000)
    for count in (3, 300):
        with django_assert_max_num_queries(8):
            ledger.reserve_many(
                account=account, amounts={f"k{n}": n + 1 for n in range(count)}, now=NOON
            )
