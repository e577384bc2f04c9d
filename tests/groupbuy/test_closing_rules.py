"""Promises of the closing: enough is bought, never a packaging too many, the warehouse first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.groupbuy.rules.closing import plan

quantities = st.integers(0, 1_000_000)
packagings = st.integers(1, 50_000)


@settings(deadline=None)
@given(quantities, quantities, packagings)
def test_what_is_bought_is_enough_and_never_a_packaging_too_many(ordered, available, packaging):
    purchase = plan(ordered, available, packaging)

    assert purchase.from_stock + purchase.quantity >= ordered
    assert purchase.quantity < purchase.needed + packaging
    assert purchase.quantity == purchase.packages * packaging
    assert 0 <= purchase.extra < packaging


@settings(deadline=None)
@given(quantities, quantities, packagings)
def test_the_warehouse_gives_first_and_no_more_than_it_has(ordered, available, packaging):
    purchase = plan(ordered, available, packaging)

    assert purchase.from_stock <= available
    assert purchase.from_stock == ordered or purchase.from_stock == available


@settings(deadline=None)
@given(quantities, packagings)
def test_nothing_ordered_buys_nothing(available, packaging):
    purchase = plan(0, available, packaging)

    assert (purchase.from_stock, purchase.packages, purchase.quantity) == (0, 0, 0)


def test_the_sack_does_not_divide():
    purchase = plan(93_000, 0, 25_000)

    assert (purchase.packages, purchase.quantity, purchase.extra) == (4, 100_000, 7_000)


@pytest.mark.parametrize("wrong", [(-1, 0, 1), (0, -1, 1), (1, 0, 0), (1, 0, -5)])
def test_impossible_quantities_are_refused(wrong):
    with pytest.raises(ValueError, match="packaging"):
        plan(*wrong)
