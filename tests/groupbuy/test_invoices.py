"""An invoice is received once, for purchase orders of its own, compared, and answered once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.timezone import localdate

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import invoices as actions
from croqualim.groupbuy.actions import paying, purchasing, reception
from croqualim.groupbuy.models import (
    Event,
    EventKind,
    Invoice,
    InvoiceMatch,
    PurchaseOrder,
)
from croqualim.groupbuy.queries import invoices as queries
from croqualim.groupbuy.queries.paying import dues_of, owed_by
from croqualim.groupbuy.rules.invoices import Agreement, InvoiceRefused, Reason, State
from croqualim.ledger.models import Transfer
from croqualim.messages.models import Message
from croqualim.network.models import RoleKind
from tests.factories import RoleFactory
from tests.groupbuy.evening import receive_all
from tests.groupbuy.invoice_files import facturx_pdf, facturx_xml, plain_pdf
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain
from tests.groupbuy.test_facturx_rules import BOMB, HTML, OUTSIDE

OWED = 8_000  # a sack of 25 kg at 3,20 € for each of two producers


@pytest.fixture
def month(db):
    month = open_month()
    lentils, rice = month.offers
    month.order({lentils: 1500, rice: 500})
    receive_all(month)
    return month


@pytest.fixture
def order(month):
    order = PurchaseOrder.objects.select_related("producer", "cycle__collective").first()
    purchasing.hand_over_otherwise(
        purchase_order=order, actor=month.coordinator, now=month.after_closing
    )
    order.producer.email = "ferme@example.org"
    order.producer.save()
    return order


@pytest.fixture
def farmer(order):
    return RoleFactory(structure=order.producer, kind=RoleKind.FARMER).person


def receive(month, order, content=None):
    return actions.receive_invoice(
        collective=month.collective,
        producer=order.producer,
        file_name="facture.pdf",
        content=content or plain_pdf(),
        actor=month.coordinator,
        now=month.after_closing,
    )


def fill(month, invoice, *orders, number="F-1", amount_cents=OWED):
    return actions.fill_invoice(
        invoice=invoice,
        number=number,
        issued_on=localdate(month.after_closing),
        amount_cents=amount_cents,
        tax_cents=None,
        orders=[order.pk for order in orders],
        actor=month.coordinator,
        now=month.after_closing,
    )


@pytest.fixture
def invoice(month, order):
    return fill(month, receive(month, order), order)


def approve(month, invoice, seen_cents=OWED):
    return actions.approve_invoice(
        invoice=invoice, seen_cents=seen_cents, actor=month.coordinator, now=month.after_closing
    )


def query(month, invoice, words="Il manque un sac."):
    return actions.query_invoice(
        invoice=invoice, words=words, actor=month.coordinator, now=month.after_closing
    )


def withdraw(month, invoice, *, reason="Erreur", even_approved=True):
    actions.withdraw_invoice(
        invoice=invoice,
        reason=reason,
        even_approved=even_approved,
        actor=month.coordinator,
        now=month.after_closing,
    )


def reasons(refused):
    return [problem.reason for problem in refused.value.problems]


def agreed(order):
    return queries.invoicing_of([order.number])[order.number].agreement


# ------------------------------------------------------------------------------------- acts


def test_the_same_file_again_is_the_same_invoice(month, order):
    made = receive(month, order)

    assert receive(month, order) == made
    assert bytes(Invoice.objects.get().content) == plain_pdf()


def test_an_invoice_goes_to_its_end_and_pays_nothing(month, order, invoice):
    transfers = Transfer.objects.count()
    assert agreed(order) == Agreement.TO_CHECK

    query(month, invoice)
    assert agreed(order) == Agreement.DISPUTED
    approve(month, invoice)
    approve(month, invoice)  # a double press

    assert agreed(order) == Agreement.AGREED
    kinds = Event.objects.filter(details__lines__0__0=order.number, kind__startswith="invoice")
    assert list(kinds.values_list("kind", flat=True)) == [
        EventKind.INVOICE_RECEIVED,
        EventKind.INVOICE_QUERIED,
        EventKind.INVOICE_APPROVED,
    ]
    assert Transfer.objects.count() == transfers
    assert len(dues_of(month.collective)) == 2


def test_a_form_sent_twice_fills_once(month, order, invoice):
    again = fill(month, invoice, order, number="F-2")

    assert (again.number, InvoiceMatch.objects.count()) == ("F-1", 1)


def test_a_purchase_order_is_in_one_live_invoice(month, order, invoice):
    other = receive(month, order, facturx_pdf())

    with pytest.raises(InvoiceRefused) as refused:
        fill(month, other, order, number="F-1")
    assert reasons(refused) == [Reason.ALREADY_INVOICED, Reason.NUMBER_TAKEN]
    with pytest.raises(IntegrityError), transaction.atomic():
        InvoiceMatch.objects.create(invoice=other, purchase_order=order)

    withdraw(month, invoice)
    assert fill(month, other, order, number="F-1").state == State.TO_CHECK


def test_it_is_for_purchase_orders_of_its_own_producer(month, order):
    other = PurchaseOrder.objects.exclude(pk=order.pk).get()
    draft = receive(month, order)

    for wrong in ([], [other], [order, other]):
        with pytest.raises(InvoiceRefused) as refused:
            fill(month, draft, *wrong)
        assert reasons(refused) == [Reason.NO_ORDER]
    assert Invoice.objects.get().state == State.DRAFT


def test_what_changed_since_it_was_read_is_not_approved(month, order, invoice):
    with pytest.raises(InvoiceRefused) as refused:
        approve(month, invoice, seen_cents=OWED - 1)

    assert reasons(refused) == [Reason.CHANGED]


def test_what_is_owed_otherwise_after_approval_is_disputed_again(month, order, invoice):
    approve(month, invoice)
    reception.undo_reception(
        delivery=order.deliveries.get(),
        reason="Mauvaise ferme",
        actor=month.coordinator,
        now=month.after_closing,
    )

    assert agreed(order) == Agreement.DISPUTED
    assert queries.comparison_of(Invoice.objects.get()).changed_since


def test_paying_changes_nothing_of_what_is_compared(month, order, invoice):
    approve(month, invoice)
    paying.pay_by_hand(
        collective=month.collective,
        chosen=[due.transfer_id for due in dues_of(month.collective)],
        words="Chèque",
        actor=month.coordinator,
        now=month.after_closing,
    )

    assert agreed(order) == Agreement.AGREED


def test_a_question_is_mailed_once(month, order, invoice, farmer):
    assert query(month, invoice)
    assert query(month, invoice)
    letter = Message.objects.get(key__startswith="invoice:")
    assert letter.address == "ferme@example.org"
    assert "Il manque un sac." in letter.body
    assert reverse("groupbuy:invoice", args=[invoice.pk]) in letter.body

    assert query(month, invoice, "Et le riz ?")
    assert Message.objects.filter(key__startswith="invoice:").count() == 2


def test_without_an_address_it_is_noted_all_the_same(month, order, invoice):
    order.producer.email = ""
    order.producer.save()

    assert not query(month, invoice)
    assert agreed(order) == Agreement.DISPUTED


def test_withdrawn_it_is_over(month, order, invoice):
    withdraw(month, invoice)
    withdraw(month, invoice)

    assert agreed(order) == Agreement.NONE
    assert Event.objects.get(kind=EventKind.INVOICE_WITHDRAWN).reason == "Erreur"
    for act in (approve, query):
        with pytest.raises(InvoiceRefused) as refused:
            act(month, invoice)
        assert reasons(refused) == [Reason.NOT_WAITING]


def test_approved_the_farm_does_not_withdraw_it(month, order, invoice):
    approve(month, invoice)

    with pytest.raises(InvoiceRefused) as refused:
        withdraw(month, invoice, even_approved=False)
    assert reasons(refused) == [Reason.APPROVED]
    with pytest.raises(InvoiceRefused) as refused:
        query(month, invoice)
    assert reasons(refused) == [Reason.NOT_WAITING]


def fill_one(number, invoices, order_id, actor_id):
    invoice = Invoice.objects.get(pk=invoices[number])
    try:
        actions.fill_invoice(
            invoice=invoice,
            number=f"F-{number}",
            issued_on=localdate(invoice.received_at),
            amount_cents=OWED,
            tax_cents=None,
            orders=[order_id],
            actor=Person.objects.get(pk=actor_id),
            now=invoice.received_at,
        )
    except InvoiceRefused as refused:
        return refused.problems[0].reason.value
    return "filled"


@pytest.mark.django_db(transaction=True)
def test_two_invoices_for_one_purchase_order_at_once(at_once):
    month = open_month()
    month.order({month.offers[0]: 1500})
    receive_all(month)
    order = PurchaseOrder.objects.get()
    drafts = [receive(month, order, facturx_xml(number=f"F-{n}")).pk for n in range(4)]

    said = at_once(
        "tests.groupbuy.test_invoices:fill_one",
        4,
        invoices=drafts,
        order_id=order.pk,
        actor_id=month.coordinator.pk,
    )

    assert sorted(said) == ["already invoiced"] * 3 + ["filled"]


# ------------------------------------------------------------------------------------ pages


def page(name, *about):
    return reverse(f"groupbuy:{name}", args=about)


def upload(client, month, order, content, name="facture.pdf"):
    url = page("invoices", month.collective.pk, order.producer_id)
    return client.post(url, {"file": SimpleUploadedFile(name, content)}, follow=True)


def test_a_farmer_sends_facturx_and_has_only_to_confirm(month, order, farmer, client):
    client.force_login(farmer)

    shown = upload(client, month, order, facturx_pdf(order=order.number, siret="99999999900015"))
    draft = Invoice.objects.get()
    assert shown.redirect_chain[-1][0] == page("fill_invoice", draft.pk)
    assert 'value="F-2026-7"' in shown.text
    assert 'value="80,00"' in shown.text
    answer = client.post(
        page("fill_invoice", draft.pk),
        {"orders": [order.pk], "amount_cents": "9999", "number": "autre"},  # what it says stands
        follow=True,
    )

    draft.refresh_from_db()
    assert (draft.state, draft.amount_cents, draft.number) == ("to_check", OWED, "F-2026-7")
    assert "s’accordent au centime" in plain(answer)
    assert "Lentilles vertes" in plain(answer)
    assert "Approuver la facture" not in plain(answer)


def test_the_purchase_order_that_it_names_is_ticked(month, order, client):
    client.force_login(month.coordinator)

    shown = upload(client, month, order, facturx_pdf(order=order.number, total="9.99"))

    assert f'value="{order.pk}" id="id_orders_0" checked' in shown.text


def test_a_plain_pdf_is_typed(month, order, client):
    client.force_login(month.coordinator)
    upload(client, month, order, plain_pdf())
    draft = Invoice.objects.get()
    url = page("fill_invoice", draft.pk)

    refused = client.post(url, {"number": " ", "amount_cents": "0", "tax_cents": "x"})
    assert refused.text.count("errorlist") >= 4
    typed = {"number": "F-3", "issued_on": "2026-03-10", "amount_cents": "92,00"}
    wrong = client.post(url, {**typed, "tax_cents": "93", "orders": [order.pk]})
    assert "La TVA dépasse le total" in plain(wrong)
    answer = client.post(url, {**typed, "tax_cents": "", "orders": [order.pk]}, follow=True)

    assert "12,00 € de plus que ce qui est reçu" in plain(answer)
    assert "Approuver quand même" in plain(answer)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (HTML, "facture.pdf", "ni un PDF ni une facture"),
        (b"%PDF-1.4 but nothing", "facture.pdf", "Ce PDF ne s’ouvre pas"),
        (BOMB, "facture.xml", "nous ne l’ouvrons pas"),
        (OUTSIDE, "facture.xml", "nous ne l’ouvrons pas"),
        (b"%PDF-1.4" + bytes(40_000_000), "facture.pdf", "trop lourd"),
        (b"", "facture.pdf", "Ce fichier est vide"),
    ],
)
def test_what_is_no_invoice_is_said_and_not_kept(month, order, client, content, name, said):
    client.force_login(month.coordinator)

    answer = upload(client, month, order, content, name)

    assert said in plain(answer)
    assert not Invoice.objects.exists()


def test_the_siret_of_another_is_pointed_out(month, order, client):
    order.producer.siret = "12345678200010"
    order.producer.save()
    client.force_login(month.coordinator)
    invoice = receive(month, order, facturx_xml(siret="99999999900015"))
    fill(month, invoice, order, number="F-2026-7")

    assert "n’est pas celui de" in plain(client.get(page("invoice", invoice.pk)))


def test_the_file_is_handed_out_and_never_shown(month, order, invoice, farmer, client):
    url = page("invoice_file", invoice.pk)
    for person in (month.coordinator, farmer):
        client.force_login(person)
        answer = client.get(url)
        assert answer.content == plain_pdf()
        assert answer["Content-Disposition"] == 'attachment; filename="facture-f-1.pdf"'
        assert answer["X-Content-Type-Options"] == "nosniff"

    other = PurchaseOrder.objects.exclude(pk=order.pk).get().producer
    client.force_login(RoleFactory(structure=other, kind=RoleKind.FARMER).person)
    assert client.get(url).status_code == 404


def test_she_answers_from_the_page(month, order, invoice, client):
    client.force_login(month.coordinator)
    asked = client.post(page("query_invoice", invoice.pk), {"words": "Et le riz ?"}, follow=True)
    assert "Votre question part par e-mail" in plain(asked)
    assert "Et le riz ?" in plain(asked)

    stale = client.post(page("approve_invoice", invoice.pk), {"seen_cents": "1"})
    assert "Ce qui est reçu a changé" in plain(stale)
    client.post(page("approve_invoice", invoice.pk), {"seen_cents": str(OWED)})
    client.post(page("withdraw_invoice", invoice.pk), {"reason": ""})
    assert Invoice.objects.get().state == State.APPROVED
    client.post(page("withdraw_invoice", invoice.pk), {"reason": "Doublon"})
    assert Invoice.objects.get().state == State.WITHDRAWN
    assert "Doublon" in plain(client.get(page("invoice", invoice.pk)))


def test_approved_it_is_not_the_farmer_s_to_take_back(month, order, invoice, farmer, client):
    approve(month, invoice)
    client.force_login(farmer)

    assert client.get(page("withdraw_invoice", invoice.pk)).status_code == 404
    assert "Retirer cette facture" not in plain(client.get(page("invoice", invoice.pk)))


def test_who_pays_reads_it_beside_each_due(month, order, invoice, client):
    client.force_login(month.coordinator)
    url = page("payments", month.collective.pk)
    query(month, invoice)
    shown = plain(client.get(url))
    assert "en désaccord" in shown
    assert "sans facture" in shown

    approve(month, invoice)
    batch = paying.pay_by_hand(
        collective=month.collective,
        chosen=[due.transfer_id for due in dues_of(month.collective)],
        words="Chèque",
        actor=month.coordinator,
        now=month.after_closing,
    )
    shown = plain(client.get(page("payment_batch", batch.pk)))
    assert "facturé" in shown
    assert "sans facture" in shown


@pytest.mark.parametrize("count", [3, 100])
def test_its_pages_take_a_fixed_number_of_queries(
    month, order, invoice, client, django_assert_max_num_queries, count
):
    client.force_login(month.coordinator)
    urls = [page("invoices", month.collective.pk, order.producer_id), page("invoice", invoice.pk)]
    for url in urls:
        client.get(url)
    for n in range(count):
        receive(month, order, facturx_xml(number=f"X-{n}"))

    for url in urls:
        with django_assert_max_num_queries(16):
            assert client.get(url).status_code == 200
    with django_assert_max_num_queries(13):
        owed_by(month.collective)
