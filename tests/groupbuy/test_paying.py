"""Producers are paid once, all of a batch or none of it, and what comes back is owed again."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from croqualim.groupbuy.actions import paying, reception
from croqualim.groupbuy.actions.bank_details import tell_bank_details
from croqualim.groupbuy.models import (
    BankDetails,
    Delivery,
    Event,
    EventKind,
    PaidDue,
    PaymentBatch,
    ProducerPayment,
    PurchaseOrder,
)
from croqualim.groupbuy.queries import paying as queries
from croqualim.groupbuy.queries.statements import statement_of
from croqualim.groupbuy.rules.paying import PayingRefused, Reason
from croqualim.groupbuy.rules.reception import Reason as ReceptionReason
from croqualim.groupbuy.rules.reception import ReceptionRefused
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, AccountKind
from croqualim.ledger.queries import discrepancies
from croqualim.network.models import RoleKind
from tests.factories import RoleFactory, StructureFactory
from tests.groupbuy.evening import receive_all
from tests.groupbuy.month import open_month
from tests.groupbuy.test_paying_rules import HERS, IN_GERMANY, OURS

OWED = 8_000  # a sack of 25 kg at 3,20 € for each of two producers


@pytest.fixture
def month(db):
    month = open_month()
    lentils, rice = month.offers
    month.order({lentils: 1500, rice: 500})
    receive_all(month)
    return month


@pytest.fixture
def told(month):
    """Everybody's account is known."""
    actor, now = month.coordinator, month.after_closing
    ours = month.collective.structure
    tell_bank_details(structure=ours, holder="Le collectif", iban=OURS, actor=actor, now=now)
    for order in PurchaseOrder.objects.all():
        tell_bank_details(
            structure=order.producer,
            payer=ours,
            holder=order.producer.name,
            iban=HERS,
            actor=actor,
            now=now,
        )
    return month


def dues(month):
    return [due.transfer_id for due in queries.dues_of(month.collective)]


def prepare(month, chosen=None):
    return paying.prepare_transfers(
        collective=month.collective,
        chosen=dues(month) if chosen is None else chosen,
        pay_on=month.after_closing.date(),
        actor=month.coordinator,
        now=month.after_closing,
    )


def execute(month, batch):
    return paying.mark_executed(batch=batch, actor=month.coordinator, now=month.after_closing)


def cancel(month, batch, reason="Mauvais jour"):
    paying.cancel_batch(
        batch=batch, reason=reason, actor=month.coordinator, now=month.after_closing
    )


def balances(month, kind):
    accounts = Account.objects.filter(keeper=month.collective.structure, kind=kind)
    return sorted(accounts.values_list("balance_cents", flat=True))


def test_preparing_pays_nobody_yet(told):
    batch = prepare(told)

    assert balances(told, AccountKind.PRODUCER) == [OWED, OWED]
    assert batch.content.count("<CdtTrfTxInf>") == 2
    assert dues(told) == []
    assert queries.owed_cents_of(told.collective) == 0


def test_executed_every_producer_is_paid_once(told):
    bank = balances(told, AccountKind.BANK)[0]
    batch = prepare(told)

    execute(told, batch)
    execute(told, batch)

    assert balances(told, AccountKind.PRODUCER) == [0, 0]
    assert balances(told, AccountKind.BANK) == [bank + 2 * OWED]
    assert discrepancies() == []
    event = Event.objects.get(kind=EventKind.PRODUCERS_PAID)
    assert event.cycle == told.cycle
    assert len(event.details["lines"]) == 2


def test_a_form_sent_twice_makes_one_file(told):
    chosen = dues(told)

    assert prepare(told, chosen) == prepare(told, chosen)
    assert PaymentBatch.objects.count() == 1


def test_a_due_is_never_in_two_live_files(told):
    both = dues(told)
    prepare(told, both[:1])

    with pytest.raises(PayingRefused) as refused:
        prepare(told, both)

    assert refused.value.problems[0].reason is Reason.NOT_OWED
    taken = PaidDue.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        PaidDue.objects.create(
            payment=taken.payment, transfer=taken.transfer, amount_cents=taken.amount_cents
        )


def test_cancelled_what_it_would_have_paid_can_be_paid_otherwise(told):
    first = prepare(told)
    cancel(told, first)
    cancel(told, first)

    assert len(dues(told)) == 2
    with pytest.raises(PayingRefused) as refused:
        execute(told, first)
    assert refused.value.problems[0].reason is Reason.CANCELLED
    second = prepare(told)
    assert second.number != first.number
    execute(told, second)
    assert balances(told, AccountKind.PRODUCER) == [0, 0]


def test_the_last_payment_comes_first(told):
    first, second = dues(told)
    numbers = [prepare(told, [due]).number for due in (first, second)]

    assert [batch.number for batch in queries.batches_of(told.collective)] == numbers[::-1]


def test_once_executed_it_is_not_cancelled(told):
    batch = execute(told, prepare(told))

    with pytest.raises(PayingRefused) as refused:
        cancel(told, batch)

    assert refused.value.problems[0].reason is Reason.ALREADY_PAID


def test_without_the_money_nobody_is_paid_not_even_the_first(told):
    batch = prepare(told)
    bank = Account.objects.get(keeper=told.collective.structure, kind=AccountKind.BANK)
    loss = ledger.open_account(
        keeper=told.collective.structure, kind=AccountKind.LOSS, name="Pertes"
    )
    ledger.transfer(
        key="spent",
        from_account=loss,
        to_account=bank,
        amount_cents=-bank.balance_cents - OWED - 1,  # enough for one of the two
        kind="spent",
        reference="loyer",
        now=told.after_closing,
    )

    with pytest.raises(ledger.NotEnough):
        execute(told, batch)

    assert balances(told, AccountKind.PRODUCER) == [OWED, OWED]
    batch.refresh_from_db()
    assert batch.executed_at is None
    assert not Event.objects.filter(kind=EventKind.PRODUCERS_PAID).exists()


def test_a_payment_that_comes_back_is_owed_again_and_can_be_paid_again(told):
    batch = execute(told, prepare(told))
    payment = ProducerPayment.objects.first()

    for _ in range(2):
        paying.return_payment(
            payment=payment, reason="Compte clos", actor=told.coordinator, now=told.after_closing
        )

    assert balances(told, AccountKind.PRODUCER) == [0, OWED]
    assert len(dues(told)) == 1
    rows = statement_of(told.collective, payment.producer).rows
    assert [row.what for row in rows[1:]] == [
        f"Paiement : {batch.number}",
        f"Paiement annulé : {batch.number}",
    ]
    execute(told, prepare(told))
    assert balances(told, AccountKind.PRODUCER) == [0, 0]


def test_a_delivery_in_a_payment_is_not_undone(told):
    prepare(told)
    delivery = Delivery.objects.first()

    with pytest.raises(ReceptionRefused) as refused:
        reception.undo_reception(
            delivery=delivery, reason="Erreur", actor=told.coordinator, now=told.after_closing
        )

    assert refused.value.reason is ReceptionReason.PRODUCER_PAID


def test_that_it_is_in_a_payment_is_said_before_a_reason_is_typed(told, client):
    client.force_login(told.coordinator)
    url = reverse("groupbuy:undo_reception", args=[Delivery.objects.first().purchase_order_id])
    assert 'name="reason"' in client.get(url).text

    prepare(told)

    said = client.get(url).text
    assert "Annulez d’abord ce paiement" in said
    assert 'name="reason"' not in said


def test_an_undone_delivery_is_owed_no_more(told):
    reception.undo_reception(
        delivery=Delivery.objects.first(),
        reason="Erreur",
        actor=told.coordinator,
        now=told.after_closing,
    )

    assert len(dues(told)) == 1


def test_what_she_gives_back_lowers_her_payment(told):
    producer = Account.objects.filter(kind=AccountKind.PRODUCER).order_by("name").first()
    goods = Account.objects.get(keeper=told.collective.structure, kind=AccountKind.GOODS)
    ledger.transfer(
        key="credit",
        from_account=producer,
        to_account=goods,
        amount_cents=1_000,
        kind="credit",
        reference="avoir",
        now=told.after_closing,
    )

    execute(told, prepare(told))

    assert sorted(ProducerPayment.objects.values_list("amount_cents", flat=True)) == [7_000, 8_000]
    assert balances(told, AccountKind.PRODUCER) == [0, 0]


def test_without_an_iban_it_is_said_whose_and_nothing_is_made(month):
    ours = month.collective.structure
    tell_bank_details(
        structure=ours, holder="Nous", iban=OURS, actor=month.coordinator, now=month.after_closing
    )

    with pytest.raises(PayingRefused) as refused:
        prepare(month)

    assert {problem.reason for problem in refused.value.problems} == {Reason.NO_IBAN}
    assert len(refused.value.problems) == 2
    assert not PaymentBatch.objects.exists()


def test_paid_by_hand_needs_no_iban(month):
    batch = paying.pay_by_hand(
        collective=month.collective,
        chosen=dues(month),
        words="Chèques 12 et 13",
        actor=month.coordinator,
        now=month.after_closing,
    )

    assert batch.executed_at
    assert balances(month, AccountKind.PRODUCER) == [0, 0]


# ---------------------------------------------------------------------------- where one is paid


def test_one_buyer_does_not_redirect_what_another_one_pays(told):
    farm = PurchaseOrder.objects.first().producer
    other = open_month().collective

    seen_here = queries.bank_details(told.collective, [farm.pk])
    seen_there = queries.bank_details(other, [farm.pk])

    assert seen_here[farm.pk].iban == HERS
    assert seen_there == {}


def test_what_the_farm_says_itself_later_holds_for_all(told):
    farm = PurchaseOrder.objects.first().producer
    farmer = RoleFactory(structure=farm, kind=RoleKind.FARMER).person
    tell_bank_details(
        structure=farm, holder="Moi", iban=IN_GERMANY, actor=farmer, now=told.after_closing
    )

    assert queries.bank_details(told.collective, [farm.pk])[farm.pk].iban == IN_GERMANY
    assert BankDetails.objects.filter(structure=farm).count() == 2


def test_the_same_iban_again_is_one_row(month):
    ours = month.collective.structure
    for _ in range(2):
        tell_bank_details(
            structure=ours,
            holder="Nous",
            iban=OURS,
            actor=month.coordinator,
            now=month.after_closing,
        )

    assert BankDetails.objects.count() == 1


# --------------------------------------------------------------------------------- the pages


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


@pytest.fixture
def browser(told, client):
    client.force_login(told.coordinator)
    return client


def test_a_month_is_paid_from_its_pages(told, browser):
    url = page("payments", told.collective.pk)
    shown = browser.get(url).text
    answer = browser.post(
        url,
        {
            "due": dues(told),
            "how": "file",
            "pay_on": _in_days(1),
            "version": "pain.001.001.03",
        },
    )
    batch = PaymentBatch.objects.get()
    file = browser.get(page("payment_file", batch.pk))
    browser.post(page("execute_batch", batch.pk), {"paid_on": _in_days(0)})

    assert "160,00" in shown
    assert HERS not in shown
    assert "FR14 … 2606" in shown
    assert answer.url == page("payment_batch", batch.pk)
    assert file["Content-Disposition"] == f'attachment; filename="virements-{batch.number}.xml"'
    assert b"pain.001.001.03" in file.content
    assert HERS.encode() in file.content
    batch.refresh_from_db()
    assert batch.executed_at
    assert "Rien n’est dû" in browser.get(url).text
    paid = browser.get(page("payment_batch", batch.pk)).text
    assert HERS not in paid
    assert "… 2606" in paid


def _in_days(days):
    return (localdate() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due": []}, "Cochez au moins une livraison"),
        ({"due": ["999999"]}, "déjà dans un autre paiement"),
        ({"due": ["abc"]}, "Sélectionnez"),
        ({"due": ["99999999999999999999"]}, "Sélectionnez"),
        ({"pay_on": "2020-01-01"}, "entre aujourd’hui et dans 60 jours"),
        ({"pay_on": ""}, "Choisissez un jour"),
        ({"version": "pain.002"}, "Sélectionnez"),
        ({"how": "hand", "words": ""}, "Dites comment c’est payé"),
    ],
)
def test_bad_input_is_said_and_pays_nobody(told, browser, changes, said):
    good = {
        "due": dues(told),
        "how": "file",
        "pay_on": _in_days(1),
        "version": "pain.001.001.09",
    }

    answer = browser.post(page("payments", told.collective.pk), {**good, **changes})

    assert answer.status_code == 200
    assert said in answer.text
    assert not PaymentBatch.objects.exists()


def test_paying_by_hand_from_the_page(told, browser):
    answer = browser.post(
        page("payments", told.collective.pk),
        {"due": dues(told)[:1], "how": "hand", "words": "Chèque 12"},
        follow=True,
    )

    assert "Chèque 12" in answer.text
    assert balances(told, AccountKind.PRODUCER) == [0, OWED]


def test_a_page_left_open_does_not_take_a_file_for_what_was_paid_otherwise(told, browser):
    chosen = dues(told)
    batch = prepare(told, chosen)

    answer = browser.post(
        page("payments", told.collective.pk),
        {"due": chosen, "how": "hand", "words": "Chèque 12"},
        follow=True,
    )

    assert "déjà dans un autre paiement" in answer.text
    assert "sont payées" not in answer.text
    batch.refresh_from_db()
    assert batch.executed_at is None
    with pytest.raises(PayingRefused):  # nor the other way
        by_hand = {"collective": told.collective, "words": "Chèque", "actor": told.coordinator}
        cancel(told, batch)
        paying.pay_by_hand(chosen=chosen, now=told.after_closing, **by_hand)
        prepare(told, chosen)


def test_the_books_say_the_day_of_the_bank(told):
    batch = prepare(told)
    made = localdate(batch.made_at)
    later = told.after_closing + timedelta(days=5)

    for day in (made - timedelta(days=1), localdate(later) + timedelta(days=1)):
        with pytest.raises(PayingRefused) as refused:
            paying.mark_executed(batch=batch, paid_on=day, actor=told.coordinator, now=later)
        assert refused.value.problems[0].reason == Reason.NOT_THAT_DAY
    paying.mark_executed(
        batch=batch, paid_on=made + timedelta(days=2), actor=told.coordinator, now=later
    )

    batch.refresh_from_db()
    assert (batch.paid_on, batch.executed_at) == (made + timedelta(days=2), later)
    days = {localdate(payment.transfer.at) for payment in batch.payments.all()}
    assert days == {batch.paid_on}


@pytest.mark.parametrize("day", ["", "demain", "2020-01-01", "2099-12-31"])
def test_a_day_that_cannot_be_the_bank_s_is_said_and_pays_nobody(told, browser, day):
    batch = prepare(told)

    answer = browser.post(page("execute_batch", batch.pk), {"paid_on": day})

    assert answer.status_code == 200
    assert "Choisissez un jour" in answer.text
    batch.refresh_from_db()
    assert batch.executed_at is None


def test_a_file_whose_day_has_passed_is_to_be_made_again(told, browser):
    batch = prepare(told)
    PaymentBatch.objects.update(pay_on=localdate() - timedelta(days=1))
    late = browser.get(page("payment_batch", batch.pk)).text
    PaymentBatch.objects.update(pay_on=localdate())

    assert "refaites-le" in late
    assert "refaites-le" not in browser.get(page("payment_batch", batch.pk)).text


def test_a_cancelled_file_is_not_downloaded(told, browser):
    batch = prepare(told)
    url = page("cancel_batch", batch.pk)

    refused = browser.post(url, {"reason": " "})
    browser.post(url, {"reason": "Mauvais compte"})

    assert "Dites en quelques mots pourquoi" in refused.text
    assert browser.get(page("payment_file", batch.pk)).status_code == 404
    assert "Mauvais compte" in browser.get(page("payment_batch", batch.pk)).text


def test_a_returned_payment_from_its_page(told, browser):
    batch = execute(told, prepare(told))
    payment = batch.payments.first()
    url = page("return_payment", batch.pk, payment.pk)

    early = browser.post(url, {"reason": ""})
    answer = browser.post(url, {"reason": "Compte clos"}, follow=True)

    assert "Dites en quelques mots pourquoi" in early.text
    assert "Compte clos" in answer.text
    assert len(dues(told)) == 1


def test_a_wrong_iban_is_said_beside_its_field_and_kept_as_typed(month, client):
    client.force_login(month.coordinator)
    url = page("collective_bank", month.collective.pk)

    refused = client.post(url, {"holder": "Nous", "iban": OURS[:-1] + "8"})
    client.post(url, {"holder": "Nous", "iban": OURS})

    assert "un chiffre manque ou a été échangé" in refused.text
    assert OURS[:-1] + "8" in refused.text
    shown = client.get(url).text
    assert OURS not in shown
    assert "FR76 … 0189" in shown


def test_a_new_iban_is_pointed_out_before_it_is_paid(told, browser):
    execute(told, prepare(told))
    payment = ProducerPayment.objects.first()
    paying.return_payment(
        payment=payment, reason="Rejet", actor=told.coordinator, now=told.after_closing
    )
    assert "nouvel IBAN" not in browser.get(page("payments", told.collective.pk)).text
    execute(told, prepare(told))
    tell_bank_details(
        structure=payment.producer,
        holder="X",
        iban=IN_GERMANY,
        actor=told.coordinator,
        now=told.after_closing,
    )
    paying.return_payment(
        payment=ProducerPayment.objects.latest("pk"),
        reason="Rejet",
        actor=told.coordinator,
        now=told.after_closing,
    )

    assert "nouvel IBAN" in browser.get(page("payments", told.collective.pk)).text


def test_the_farmer_says_where_she_is_paid(told, client):
    farm = PurchaseOrder.objects.first().producer
    client.force_login(RoleFactory(structure=farm, kind=RoleKind.FARMER).person)
    url = page("own_bank", farm.pk)

    client.post(url, {"holder": "Moi", "iban": IN_GERMANY})

    assert queries.own_bank_details(farm).iban == IN_GERMANY
    shown = client.get(url).text
    assert "pour les paiements de VRAC d’essai" in shown  # what a buyer noted of her, she reads
    assert IN_GERMANY not in shown


def test_a_coordinator_notes_no_iban_of_who_does_not_sell_to_her(told, browser):
    stranger = StructureFactory()

    answer = browser.get(page("supplier_bank", told.collective.pk, stranger.pk))

    assert answer.status_code == 404


def test_what_was_noted_today_is_not_ticked_beforehand(told):
    owed = queries.owed_by(told.collective)[0]
    (row,) = owed.rows
    day = localdate(row.delivered_at)

    assert owed.transfers_before(day) == []
    assert owed.transfers_before(day + timedelta(days=1)) == [row.due.transfer_id]


@pytest.mark.parametrize("producers", [3, 30])
def test_the_page_is_a_fixed_number_of_queries(
    db, client, producers, django_assert_max_num_queries
):
    month = open_month(products=producers)
    month.order(dict.fromkeys(month.offers, 500))
    receive_all(month)
    client.force_login(month.coordinator)
    client.get(page("payments", month.collective.pk))

    with django_assert_max_num_queries(16):
        text = client.get(page("payments", month.collective.pk)).text

    assert text.count('name="due"') == producers
