"""Promises of the closing: enough is bought, never a packaging too many, the warehouse first."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.catalogue import models as catalogue
from croqualim.groupbuy.rules.closing import Choice, Decision, Wish, decide, plan, seal
from croqualim.solvers.rounding import Rounding

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


STEP = 500


@st.composite
def products(draw):
    """What `decide` is asked: an order's lines, the warehouse, a packaging, a choice."""
    wishes = [
        Wish(line_id, steps * STEP, extra * STEP)
        for line_id, (steps, extra) in enumerate(
            draw(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 8)), max_size=12))
        )
    ]
    packaging = draw(st.integers(1, 60)) * draw(st.sampled_from([STEP, 333]))
    up = plan(sum(w.quantity for w in wishes), draw(st.integers(0, 60_000)), packaging)
    rounding = draw(st.sampled_from(Rounding))
    packages = draw(st.none() | st.integers(0, up.packages))
    return up, wishes, packaging, Choice(rounding, packages)


def decided(product, **more):
    up, wishes, packaging, choice = product
    return decide(up, wishes, packaging=packaging, step=STEP, choice=choice, **more)


def gets(wishes, decision):
    return [decision.changes.get(wish.line_id, wish.quantity) for wish in wishes]


@settings(deadline=None)
@given(products())
def test_nobody_gets_more_than_she_asked_and_said_she_would_take(product):
    wishes = product[1]

    for wish, quantity in zip(wishes, gets(wishes, decided(product)), strict=True):
        assert 0 <= quantity <= wish.quantity + wish.extra
        assert quantity % STEP == 0


@settings(deadline=None)
@given(products())
def test_what_is_bought_and_given_by_the_warehouse_is_what_people_get_and_it_keeps(product):
    up, wishes, packaging, _choice = product
    purchase = decided(product).purchase

    assert purchase.given == sum(gets(wishes, decided(product)))
    assert purchase.from_stock + purchase.quantity == purchase.given + purchase.extra
    assert purchase.quantity == purchase.packages * packaging
    assert 0 <= purchase.from_stock <= up.from_stock
    assert purchase.extra >= 0
    assert purchase.lacking - purchase.taken_more == purchase.ordered - purchase.given


@settings(deadline=None)
@given(products())
def test_never_beyond_the_packaging_that_is_begun(product):
    up, _wishes, packaging, _choice = product
    purchase = decided(product).purchase

    assert purchase.quantity < up.ordered - up.from_stock + packaging
    assert purchase.extra < packaging


@settings(deadline=None)
@given(products())
def test_nobody_gets_less_than_an_equal_part_of_what_there_is(product):
    up, wishes, _packaging, _choice = product
    decision = decided(product)
    there = up.from_stock + decision.purchase.quantity

    part = there // STEP // max(len(wishes), 1) * STEP
    for wish, quantity in zip(wishes, gets(wishes, decision), strict=True):
        assert quantity >= min(wish.quantity, part)


@settings(deadline=None)
@given(products(), st.data())
def test_a_neighbour_who_asks_for_more_than_she_gets_takes_from_nobody(product, data):
    up, wishes, packaging, choice = product
    before = gets(wishes, decided(product))
    cut = [i for i, wish in enumerate(wishes) if before[i] < wish.quantity]
    if not cut:
        return
    greedy = data.draw(st.sampled_from(cut))
    more = data.draw(st.integers(1, 100)) * STEP
    bigger = [
        wish._replace(quantity=wish.quantity + more) if i == greedy else wish
        for i, wish in enumerate(wishes)
    ]
    up = plan(up.ordered + more, up.from_stock, packaging)  # the warehouse gave all it had

    after = gets(bigger, decided((up, bigger, packaging, choice)))

    assert all(a >= b for i, (a, b) in enumerate(zip(after, before, strict=True)) if i != greedy)


@settings(deadline=None)
@given(products())
def test_it_is_decided_the_same_twice_and_sealed_so(product):
    once, twice = decided(product), decided(product)

    assert once == twice
    assert seal([(1, once), (2, twice)]) == seal([(2, once), (1, twice)])


@settings(deadline=None)
@given(products())
def test_volunteers_complete_or_nobody_takes_more(product):
    up, wishes, packaging, _choice = product
    purchase = decided((up, wishes, packaging, Choice(Rounding.VOLUNTEERS))).purchase

    assert purchase.quantity == up.quantity
    assert purchase.extra < STEP or purchase.given == up.ordered


def test_the_seal_changes_with_anything_that_is_decided():
    up = plan(93_000, 0, 25_000)
    seals = {
        seal([(1, Decision(up))]),
        seal([(2, Decision(up))]),
        seal([(1, Decision(up, {7: 500}))]),
        seal([(1, Decision(plan(93_000, 500, 25_000)))]),
    }

    assert len(seals) == 4


def test_seven_kilos_are_missing():
    """93 kg are ordered in sacks of 25: each rule in turn."""
    wishes = [Wish(1, 60_000), Wish(2, 30_000, extra=6_000), Wish(3, 3_000, extra=2_000)]
    up = plan(93_000, 0, 25_000)

    def by(**choice):
        return decide(up, wishes, packaging=25_000, step=STEP, choice=Choice(**choice))

    assert by().changes == {}
    assert by(rounding=Rounding.DOWN).changes == {1: 42_000}
    assert by(rounding=Rounding.NEAREST).purchase == up
    assert by(rounding=Rounding.VOLUNTEERS).changes == {2: 35_000, 3: 5_000}
    assert by(packages=2).changes == {1: 23_500, 2: 23_500}


def test_too_few_volunteers_leave_the_rest_to_the_warehouse():
    decision = decide(
        plan(93_000, 0, 25_000),
        [Wish(1, 93_000, extra=6_500)],
        packaging=25_000,
        step=STEP,
        choice=Choice(Rounding.VOLUNTEERS),
    )

    assert (decision.purchase.extra, decision.changes) == (7_000, {})


@pytest.mark.parametrize("packages", [-1, 5])
def test_more_packagings_than_are_begun_are_refused(packages):
    with pytest.raises(ValueError, match="packagings"):
        decide(
            plan(93_000, 0, 25_000),
            [],
            packaging=25_000,
            step=STEP,
            choice=Choice(packages=packages),
        )


def test_sharing_wants_to_know_all_who_asked():
    with pytest.raises(ValueError, match="ordered"):
        decide(
            plan(93_000, 0, 25_000),
            [Wish(1, 60_000)],
            packaging=25_000,
            step=STEP,
            choice=Choice(Rounding.DOWN),
        )


def test_the_catalogue_writes_the_rules_as_they_are_known_here():
    assert set(catalogue.Rounding.values) == set(Rounding)


def test_a_packaging_smaller_than_a_step_is_not_bought_for_nobody():
    up = plan(500, 0, 333)

    decision = decide(up, [Wish(1, 500)], packaging=333, step=STEP, choice=Choice(Rounding.DOWN))

    assert (decision.purchase.packages, decision.changes) == (0, {1: 0})
