"""The end of a month: who pays is always known, and nothing is left over that is not named."""

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from croqualim.groupbuy.actions import (
    books,
    cash,
    closing,
    collectives,
    cycles,
    ordering,
    paying,
    preparation,
    reception,
    settlement,
)
from croqualim.groupbuy.actions import till as shop
from croqualim.groupbuy.models import (
    Cycle,
    Event,
    EventKind,
    Order,
    PaymentMethod,
    Payout,
    PayoutMethod,
    PayoutPurpose,
    Popup,
    PurchaseOrder,
)
from croqualim.groupbuy.queries import envelopes
from croqualim.groupbuy.queries import settlement as queries
from croqualim.groupbuy.queries.balance import balance_of
from croqualim.groupbuy.queries.cash import to_deposit_cents
from croqualim.groupbuy.queries.due import due_of
from croqualim.groupbuy.queries.envelope_made import made_possible_by
from croqualim.groupbuy.queries.envelopes import story_of
from croqualim.groupbuy.queries.paying import dues_of
from croqualim.groupbuy.queries.report import GroupRow, report_of
from croqualim.groupbuy.queries.takings import expected_cash_cents
from croqualim.groupbuy.rules.settlement import (
    Served,
    drawn_from_envelopes,
    given_to_envelopes,
    may_say,
    of_month,
    quality_shares,
    said_count,
)
from croqualim.kernel.quantity import price_of
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, AccountKind, Envelope, Transfer
from croqualim.ledger.queries import discrepancies
from croqualim.network.models import RoleKind
from croqualim.stock.queries import value_of
from tests.factories import PersonFactory, RoleFactory
from tests.groupbuy.evening import open_evening, receive_all
from tests.groupbuy.month import open_month

# ---------------------------------------------------------------------------------- the rules

served = st.builds(
    Served,
    envelope=st.sampled_from([1, 2]),
    cost_cents=st.integers(0, 10_000),
    due_cents=st.integers(0, 11_000),
)


@given(st.lists(served))
def test_what_members_pay_and_what_envelopes_pay_is_the_cost(orders):
    drawn = sum(drawn_from_envelopes(orders).values())
    given_back = sum(given_to_envelopes(orders).values())

    paid = sum(order.due_cents for order in orders)
    assert paid + drawn - given_back == sum(order.cost_cents for order in orders)


def test_a_reduced_share_without_an_envelope_is_nobody_s_to_pay():
    with pytest.raises(ValueError, match="pays"):
        drawn_from_envelopes([Served(None, 200, 100)])


@given(st.lists(st.tuples(st.integers(0, 10_000), st.sets(st.sampled_from(["ab", "aop", "igp"])))))
def test_each_purchase_is_counted_once_for_its_quality(bought):
    shares = quality_shares(bought)

    total = shares.organic_cents + shares.other_signs_cents + shares.rest_cents
    assert total == sum(cents for cents, _ in bought)


def test_small_counts_are_not_written():
    assert [said_count(n) for n in (0, 1, 4, 5, 12)] == ["0", "moins de 5", "moins de 5", "5", "12"]


# -------------------------------------------------------------------------------- the actions

SHARES = (50, 75, 100, 110, 50, 100)


def live_until_settlement(month):
    """Six households order at different shares; all come but the last."""
    lentils, rice = month.offers
    orders = [month.order({lentils: 1500, rice: 500}, share_percent=share) for share in SHARES]
    later, actor = month.after_closing, month.coordinator
    closing.close_cycle(cycle=month.cycle, actor=actor, now=later)
    for purchase_order in PurchaseOrder.objects.all():
        received = {
            line.pk: [reception.Received(line.quantity, "L1", None)]
            for line in purchase_order.lines.all()
        }
        reception.receive_delivery(
            purchase_order=purchase_order, received=received, number=1, actor=actor, now=later
        )
    preparation.send_to_shop(popup=month.popup, actor=actor, now=later)
    for order in Order.objects.exclude(pk=orders[-1].pk):
        due = due_of(order, localdate(later)).total_cents
        shop.hand_over(order=order, payments={PaymentMethod.CASH: due}, actor=actor, now=later)
    shop.mark_all_absent(popup=month.popup, actor=actor, now=later)
    shop.count_till(
        popup=month.popup,
        counted_cents=expected_cash_cents(month.popup),
        remark="",
        actor=actor,
        now=later,
    )
    shop.close_shop(popup=month.popup, lost={}, reason="", actor=actor, now=later)
    month.cycle.refresh_from_db()
    return orders


def settle(month, words=""):
    settlement.settle_cycle(
        cycle=month.cycle, words=words, actor=month.coordinator, now=month.after_closing
    )
    month.cycle.refresh_from_db()


def balance(month, kind):
    accounts = Account.objects.filter(keeper=month.collective.structure, kind=kind)
    return sum(account.balance_cents for account in accounts)


@pytest.fixture
def month(db):
    month = open_month()
    live_until_settlement(month)
    return month


def test_settling_banks_the_boxes_and_leaves_farmers_owed_all_they_asked(month):
    owed = balance(month, AccountKind.PRODUCER)
    bank = balance(month, AccountKind.BANK)
    cash = balance(month, AccountKind.CASH)

    settle(month)

    assert owed == 2 * 25 * 320  # two sacks of 25 kg at 3,20 €
    assert balance(month, AccountKind.PRODUCER) == owed
    assert balance(month, AccountKind.CASH) == 0
    assert balance(month, AccountKind.BANK) == bank + cash


def pay_all(month):
    return paying.pay_by_hand(
        collective=month.collective,
        chosen=[due.transfer_id for due in dues_of(month.collective)],
        words="Virement",
        actor=month.coordinator,
        now=month.after_closing,
    )


def test_a_farmer_paid_before_or_after_stays_paid_when_the_settlement_is_undone(month):
    pay_all(month)
    settle(month)

    settlement.undo_settlement(
        cycle=month.cycle, reason="Erreur de mois", actor=month.coordinator, now=month.now
    )

    assert balance(month, AccountKind.PRODUCER) == 0
    settle(month)
    assert balance(month, AccountKind.PRODUCER) == 0
    assert balance(month, AccountKind.SALES) == 0
    assert discrepancies() == []


def test_the_envelope_pays_what_reduced_prices_left_and_receives_what_was_given(month):
    cost = 480 + 160
    before = balance(month, AccountKind.ENVELOPE)

    settle(month)

    drawn = 2 * (cost - cost // 2) + (cost - cost * 3 // 4)
    assert before - balance(month, AccountKind.ENVELOPE) == drawn - cost // 10
    assert Account.objects.get(pk=month.envelope.account_id).reserved_cents == 0


def test_nothing_is_left_over_that_is_not_named(month):
    settle(month)

    assert balance(month, AccountKind.SALES) == 0
    assert sum(Account.objects.values_list("balance_cents", flat=True)) == 0
    assert discrepancies() == []


def test_settling_twice_is_settling_once(month):
    settle(month)
    after = list(Account.objects.order_by("pk").values_list("balance_cents", flat=True))

    settle(month)

    assert after == list(Account.objects.order_by("pk").values_list("balance_cents", flat=True))
    assert Event.objects.filter(kind=EventKind.CYCLE_SETTLED).count() == 1


def test_a_settlement_is_undone_by_counter_movements_and_can_be_made_again(month):
    before = dict(Account.objects.values_list("pk", "balance_cents"))
    held = Account.objects.get(pk=month.envelope.account_id).reserved_cents
    settle(month)
    after = dict(Account.objects.values_list("pk", "balance_cents"))

    settlement.undo_settlement(
        cycle=month.cycle, reason="Erreur de mois", actor=month.coordinator, now=month.now
    )

    undone = dict(Account.objects.values_list("pk", "balance_cents"))
    assert {pk: undone[pk] for pk in before} == before
    assert Account.objects.get(pk=month.envelope.account_id).reserved_cents == held
    month.cycle.refresh_from_db()
    settle(month)
    assert dict(Account.objects.values_list("pk", "balance_cents")) == after


def test_what_stands_in_the_way_is_said(db):
    month = open_month()
    month.order({month.offers[0]: 500})
    closing.close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)

    with pytest.raises(settlement.SettlementRefused) as refused:
        settle(month)

    shop_open, not_received = refused.value.obstacles
    assert "Barriol" in shop_open
    assert PurchaseOrder.objects.get().number in not_received


# ------------------------------------------------------------------------ the report, the pages


def test_the_report_says_who_paid_and_where_it_went(month):
    settle(month, words="Les lentilles ont manqué.")

    report = report_of(month.cycle)

    assert report.served == 5
    assert report.taken == "10\u00a0kg"
    assert sum(bar.value for bar in report.money) == report.balance.received_cents == 5 * 640
    assert report.owed_to_farms_cents == 16_000
    assert report.absent == 1


def test_the_report_is_a_fixed_number_of_queries(month, django_assert_max_num_queries):
    settle(month)

    with django_assert_max_num_queries(20):
        report_of(month.cycle)


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


def test_the_coordinator_settles_from_her_page(month, client):
    client.force_login(month.coordinator)

    before = client.get(page("settle_cycle", month.cycle.pk)).text
    answer = client.post(page("settle_cycle", month.cycle.pk), {"words": "Bien."}, follow=True)

    assert "160,00" in before
    assert "8,00" in before  # from the envelope
    assert "0,64" not in before  # one household's gift
    assert "29,64" in before  # cash, with five memberships
    assert "Régler ne paie pas les producteurs" in before
    assert answer.redirect_chain[-1][0] == page("cycle_report", month.cycle.pk)
    assert "Bien." in answer.text


def test_undoing_asks_why(month, client):
    settle(month)
    client.force_login(month.coordinator)

    refused = client.post(page("undo_settlement", month.cycle.pk), {"reason": ""})
    client.post(page("undo_settlement", month.cycle.pk), {"reason": "Erreur"})

    assert "<title>Erreur : " in refused.text
    month.cycle.refresh_from_db()
    assert month.cycle.settled_at is None


def test_the_farm_reads_what_was_paid_and_what_came_back_but_not_why(month, client):
    batch = pay_all(month)
    farm = PurchaseOrder.objects.first().producer
    paying.return_payment(
        payment=batch.payments.get(producer=farm),
        reason="Karim s’est trompé",
        actor=month.coordinator,
        now=month.after_closing,
    )
    client.force_login(month.coordinator)

    ids = [month.collective.pk, farm.pk]
    text = client.get(page("farmer_statement", *ids)).text
    printed = words_of(client.get(page("farmer_statement_pdf", *ids)).content)

    number = PurchaseOrder.objects.filter(producer=farm).first().number
    for said in (text, printed):
        assert f"Livraison {number}" in said
        assert f"Paiement : {batch.number}" in said
        assert f"Paiement annulé : {batch.number}" in said
        assert "Karim" not in said
        assert "batch" not in said


@pytest.mark.parametrize(
    ("name", "said"),
    [("Octobre 2026", "d’octobre 2026"), ("Mars 2026", "de mars 2026"), ("Été", "d’été")],
)
def test_months_are_elided(name, said):
    assert of_month(name) == said


def words_of(pdf):
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.split())


def reader(month, who):
    if who == "member":
        return Order.objects.first().placed_by
    if who == "funder":
        return RoleFactory(structure=month.envelope.funder, kind=RoleKind.FUNDER).person
    return month.coordinator


@pytest.mark.parametrize("who", ["coordinator", "member", "funder"])
def test_members_funders_and_coordinator_read_one_report_without_a_household(month, client, who):
    settle(month)
    client.force_login(reader(month, who))

    text = client.get(page("cycle_report", month.cycle.pk)).text
    pdf = client.get(page("cycle_report_pdf", month.cycle.pk)).content

    printed = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    for order in Order.objects.select_related("placed_by"):
        for said in (text, printed):
            assert order.reference not in said
            assert order.placed_by.family_name not in said


def test_the_funder_sees_month_after_month_and_nobody(month, client):
    settle(month)
    client.force_login(reader(month, "funder"))

    text = client.get(page("envelope", month.envelope.pk)).text

    assert "Mars 2026" in text
    assert "moins de 5" in text
    assert "reserv" not in text
    story = story_of(Envelope.objects.get())
    assert [m.drawn_cents for m in story.months] == [800]
    assert story.received_cents - story.drawn_cents + story.given_cents == story.left_cents
    assert [top_up.on for top_up in story.top_ups] == [localdate(month.now)]
    assert "lundi 2 mars 2026" in text


def test_what_few_households_gave_is_only_in_the_total(month, client):
    settle(month)
    client.force_login(reader(month, "funder"))

    story = story_of(Envelope.objects.get())

    assert (story.given_cents, [m.given_cents for m in story.months]) == (64, [None])
    report = report_of(month.cycle)
    assert [row.given_cents for row in report.envelopes] == [None]
    # nor by subtracting: what members paid is without the gift, what envelopes paid too
    assert [bar.value for bar in report.money] == [5 * 640 - 800, 800, 0]
    assert "0,64" not in client.get(page("cycle_report", month.cycle.pk)).text


@given(st.dictionaries(st.integers(1, 5), st.tuples(st.integers(0, 99), st.integers(0, 9))))
def test_one_small_month_hides_all_months(months):
    cents = {month: amount for month, (amount, _households) in months.items()}
    households = {month: count for month, (_amount, count) in months.items()}

    hidden = any(amount and count < 5 for amount, count in months.values())
    assert may_say(cents, households) is not hidden


def test_groups_are_named_only_when_each_is_large_enough(month):
    settle(month)
    report = report_of(month.cycle)
    assert [(row.name, row.households) for row in report.named_groups] == [("Barriol", 5)]

    small = replace(report, groups=[*report.groups, GroupRow("Griffeuille", 4)])

    assert small.named_groups == []
    assert small.groups_in_words == "2 groupes, 5 foyers servis."
    assert replace(report, served=4).groups_in_words == "1 groupe, moins de 5 foyers servis."


def test_what_was_delivered_is_said_in_kilos_litres_and_pieces(db):
    month = open_month()
    farm = month.offers[0].product.producer
    oil = month.offer(
        producer=farm, unit="ml", step_quantity=1000, packaging_quantity=5000, priced_quantity=1000
    )
    soap = month.offer(
        producer=farm, unit="piece", step_quantity=1, packaging_quantity=8, priced_quantity=1
    )
    month.order({month.offers[0]: 500, oil: 2000, soap: 1})
    receive_all(month)

    rows = {row.farm: row.delivered for row in report_of(month.cycle).farms}

    assert rows[farm] == "25\u00a0kg, 5\u00a0l, 8\u00a0pièces"


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    share=st.sampled_from([50, 75, 100, 110]),
    lost=st.integers(0, 4000),
    difference=st.integers(-300, 300),
)
def test_the_month_s_balance_closes(db, share, lost, difference):
    """What the page says is what the warehouse and the collective's books hold."""
    with transaction.atomic():
        evening = open_evening(orders=3, share_percent=share)
        cycle, warehouse = evening.month.cycle, evening.month.collective.warehouse
        lentils = evening.month.offers[0]
        for order in evening.orders[:2]:
            evening.pay(order)
        shop.mark_all_absent(popup=evening.popup, **evening.acting)
        shop.sell_freely(
            popup=evening.popup,
            quantities={lentils.pk: 500},
            method=PaymentMethod.CASH,
            nonce="n",
            **evening.acting,
        )
        counted = expected_cash_cents(evening.popup) + difference
        shop.count_till(popup=evening.popup, counted_cents=counted, remark="", **evening.acting)
        gone = min(lost, evening.there()[lentils.product_id])
        reason = "Sac percé"
        shop.close_shop(
            popup=evening.popup, lost={lentils.product_id: gone}, reason=reason, **evening.acting
        )
        income, loss = evening.balance(AccountKind.INCOME), evening.balance(AccountKind.LOSS)
        cycle.refresh_from_db()
        settle(evening.month)

        said = balance_of(cycle)

        assert said.received_cents == said.taken_cents + said.margin_cents
        margin = evening.balance(AccountKind.INCOME) + evening.balance(AccountKind.LOSS)
        assert said.margin_cents == margin - income - loss
        assert said.stocked_cents == value_of(warehouse)
        assert said.bought_cents == said.taken_cents + said.lost_cents + said.stocked_cents
        assert said.lost_cents == price_of(gone, 320, 1000)
        assert {row.reason for row in said.losses} == ({reason} if said.lost_cents else set())
        assert said.till_over_cents - said.till_short_cents == difference
        transaction.set_rollback(True)


def test_a_recounted_till_says_its_last_difference(db):
    evening = open_evening(orders=1)
    evening.pay(evening.orders[0])
    for off in (-500, 120):
        counted = expected_cash_cents(evening.popup) + off
        shop.count_till(popup=evening.popup, counted_cents=counted, remark="", **evening.acting)

    said = balance_of(evening.month.cycle)

    assert (said.till_over_cents, said.till_short_cents) == (120, 0)
    assert "1,20" in said.till_in_words


def test_the_coordinator_finds_her_way_to_the_settlement_others_do_not(month, client):
    settle(month)
    report = page("cycle_report", month.cycle.pk)
    back, undo = page("cycle", month.cycle.pk), page("settle_cycle", month.cycle.pk)

    for who, hers in (("coordinator", True), ("member", False), ("funder", False)):
        client.force_login(reader(month, who))
        text = client.get(report).text
        assert [f'href="{url}"' in text for url in (back, undo)] == [hers, hers]


def test_the_paper_balances_and_says_the_local_day_of_settlement(month, client):
    settlement.settle_cycle(
        cycle=month.cycle,
        actor=month.coordinator,
        now=datetime(2026, 3, 31, 22, 30, tzinfo=UTC),  # already April in Paris
    )
    client.force_login(month.coordinator)

    pdf = client.get(page("cycle_report_pdf", month.cycle.pk)).content

    first = " ".join(PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())
    assert "réglé le mercredi 1er avril 2026" in first
    assert "L’équilibre du mois" in words_of(pdf)
    assert "Resté au dépôt" in words_of(pdf)


def test_strangers_find_nothing(month, client):
    settle(month)
    client.force_login(PersonFactory())

    for url in (
        page("settle_cycle", month.cycle.pk),
        page("undo_settlement", month.cycle.pk),
        page("cycle_report", month.cycle.pk),
        page("cycle_report_pdf", month.cycle.pk),
        page("envelope", month.envelope.pk),
    ):
        assert client.get(url).status_code == 404


def test_a_month_not_settled_has_no_report_yet(month, client):
    client.force_login(month.coordinator)

    assert client.get(page("cycle_report", month.cycle.pk)).status_code == 404


def test_orders_of_a_settled_month_stay_as_they_are(month):
    order = Order.objects.first()
    settle(month)

    with pytest.raises(ordering.OrderRefused):
        ordering.cancel_order(
            order=order, actor=order.placed_by, now=month.after_closing + timedelta(days=9)
        )


def test_the_envelope_behind_a_share_stays_until_its_orders_are_settled(month):
    other = ledger.open_envelope(
        name="Un autre fonds",
        funder=month.envelope.funder,
        holder=month.collective.structure,
        purpose="",
        starts_on=month.envelope.starts_on,
        ends_on=month.envelope.ends_on,
        now=month.now,
    )
    change = {"collective": month.collective, "share_percent": 50, "envelope": other}

    with pytest.raises(collectives.EnvelopeInUse):
        collectives.open_share(**change, now=month.now)
    settle(month)

    assert collectives.open_share(**change, now=month.now).envelope == other


def test_next_year_s_envelope_answers_for_no_month_of_this_year(month):
    """The normal change of a year: each share gets another envelope once the month is settled."""
    settle(month)
    was = report_of(month.cycle)
    drawn = [row.drawn_cents for row in was.envelopes]
    other = ledger.open_envelope(
        name="Fonds de l’an prochain",
        funder=month.envelope.funder,
        holder=month.collective.structure,
        purpose="",
        starts_on=month.envelope.starts_on,
        ends_on=month.envelope.ends_on,
        now=month.now,
    )
    for share in (50, 75, 110):
        collectives.open_share(
            collective=month.collective, share_percent=share, envelope=other, now=month.now
        )

    now_said = report_of(month.cycle)
    assert [row.name for row in now_said.envelopes] == ["Fonds solidaire"]
    assert [row.drawn_cents for row in now_said.envelopes] == drawn
    assert made_possible_by(month.envelope).households == "moins de 5"
    assert made_possible_by(other).households == "0"
    assert {books.envelope_behind(o) for o in Order.objects.filter(share_percent=50)} == {
        month.envelope.account
    }
    settlement.undo_settlement(
        cycle=month.cycle, reason="erreur", actor=month.coordinator, now=month.after_closing
    )
    month.envelope.account.refresh_from_db()
    other.account.refresh_from_db()
    assert (month.envelope.account.reserved_cents, other.account.reserved_cents) == (800, 0)


def test_a_month_counts_for_an_envelope_only_whom_it_helped(month):
    other = ledger.open_envelope(
        name="Pour les trois quarts",
        funder=month.envelope.funder,
        holder=month.collective.structure,
        purpose="",
        starts_on=month.envelope.starts_on,
        ends_on=month.envelope.ends_on,
        now=month.now,
    )
    Order.objects.filter(share_percent=50).update(envelope=other)
    settled = Cycle.objects.filter(pk=month.cycle.pk)

    helped = {e.name: envelopes._helped(settled, e).total() for e in Envelope.objects.all()}

    assert helped == {"Fonds solidaire": 1, "Pour les trois quarts": 2}


def test_settling_leaves_another_month_s_closed_shop_its_own_deposit(month):
    ours = to_deposit_cents(Popup.objects.get(pk=month.popup.pk))
    later = open_evening_of(month)
    shop.count_till(
        popup=later, counted_cents=500, remark="", actor=month.coordinator, now=month.now
    )
    by = {"actor": month.coordinator, "now": month.now}
    shop.close_shop(popup=later, lost={}, reason="", kept_cents=200, **by)
    later.refresh_from_db()

    settle(month)

    bank = [t.amount_cents for t in Transfer.objects.filter(kind="deposit")]
    assert bank == [ours]
    assert to_deposit_cents(later) == 300
    cash.deposit_cash(popup=later, amount_cents=300, slip="B12", nonce="b12", **by)
    assert balance(month, AccountKind.CASH) == -200
    assert list(discrepancies()) == []


def test_a_shop_that_hands_money_back_is_counting_on_the_box(month):
    later = open_evening_of(month)
    payout = Payout.objects.create(
        popup=later,
        purpose=PayoutPurpose.PREPAID,
        method=PayoutMethod.CASH,
        amount_cents=500,
        transfer=later.payments.get().transfer,
        actor=month.coordinator,
        at=month.now,
    )
    later.payments.all().delete()

    assert str(later.group) in queries.obstacles_to_settling(month.cycle)[0]
    assert payout.popup == later


def test_a_box_that_another_month_counts_on_stays_where_it_is(month):
    later = open_evening_of(month)

    with pytest.raises(settlement.SettlementRefused) as refused:
        settle(month)

    assert str(later.group) in refused.value.obstacles[0]


def open_evening_of(month):
    """Another month of the same collective, whose till has just taken money."""
    cycle = cycles.make_cycle(
        collective=month.collective,
        name="Avril 2026",
        opens_at=month.now,
        closes_at=month.now + timedelta(days=1),
        shops=[
            cycles.ShopPlan(
                month.group, "Ici", month.now + timedelta(days=2), month.now + timedelta(days=3)
            )
        ],
        actor=month.coordinator,
        now=month.now,
    )
    popup = Popup.objects.get(cycle=cycle)
    by = {"actor": month.coordinator}
    limits = {offer.product: None for offer in month.offers}
    cycles.set_offers(cycle=cycle, limits=limits, now=month.now, **by)
    cycles.publish_cycle(cycle=cycle, now=month.now, **by)
    closing.close_cycle(cycle=cycle, now=month.now + timedelta(days=2), **by)
    shop.top_up(
        popup=popup,
        household=PersonFactory().household,
        method=PaymentMethod.CASH,
        amount_cents=500,
        nonce="avril",
        now=month.now,
        **by,
    )
    return popup
