"""Promises of purchase orders: the farmer's own prices, no member, and one letter a press."""

import csv
import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.closing import close_cycle
from croqualim.groupbuy.actions.reception import receive_delivery, undo_reception
from croqualim.groupbuy.models import Cycle, Event, EventKind, PurchaseOrder
from croqualim.groupbuy.queries.statements import statement_of
from croqualim.groupbuy.rules.reception import Received
from croqualim.ledger import actions as ledger
from croqualim.messages.models import Message
from croqualim.network.models import RoleKind
from tests.factories import PersonFactory, RoleFactory, StructureFactory
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def farm():
    return StructureFactory(name="GAEC du Test", email="gaec@exemple.org", phone="+33490000000")


@pytest.fixture
def order(month, farm):
    """A purchase order of 100 kg, for two members."""
    offer = month.offer(producer=farm, name="Lentilles vertes", sku="LEN-1")
    month.order({offer: 60_000})
    month.order({offer: 33_000}, share_percent=50)
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)
    return PurchaseOrder.objects.get()


@pytest.fixture
def farmer(farm):
    return RoleFactory(
        structure=farm, kind=RoleKind.FARMER, person__email="farm@exemple.org"
    ).person


@pytest.fixture
def coordinator(client, month):
    client.force_login(month.coordinator)
    return client


def page(name, *ids):
    return reverse(f"groupbuy:{name}", args=ids)


def receive(month, order, quantity):
    receive_delivery(
        purchase_order=order,
        received={line.pk: [Received(quantity)] for line in order.lines.all()},
        number=1,
        actor=month.coordinator,
        now=month.after_closing,
    )


def mark_sent(month, order):
    PurchaseOrder.objects.filter(pk=order.pk).update(sent_at=month.after_closing)


def words_of(pdf):
    text = " ".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(text.split())


class TestReading:
    def test_it_is_at_the_farmers_price_in_whole_packagings(self, month, order, coordinator):
        said = plain(coordinator.get(page("purchase_order", order.pk)))

        assert order.number in said
        assert "4 sacs de 25 kg" in said
        assert "3,20 € le kilo" in said
        assert "320,00 €" in said

    def test_the_list_adds_them_up(self, month, order, coordinator):
        said = plain(coordinator.get(page("purchase_orders", month.cycle.pk)))

        assert "GAEC du Test" in said
        assert "1 bon de commande, en tout 320,00 €" in said

    def test_what_arrived_is_shown_beside_what_was_asked(self, month, order, coordinator):
        receive(month, order, 80_000)

        said = plain(coordinator.get(page("purchase_order", order.pk)))

        assert "Livré" in said
        assert "80 kg" in said
        assert "256,00 €" in said

    def test_the_lists_say_what_was_ordered_and_what_came(
        self, month, order, coordinator, farmer, client
    ):
        before = plain(coordinator.get(page("purchase_orders", month.cycle.pk)))
        assert "Reçu" not in before

        mark_sent(month, order)
        receive(month, order, 80_000)

        said = plain(coordinator.get(page("purchase_orders", month.cycle.pk)))
        for words in ("Commandé : 320,00 €", "Reçu : 256,00 €", "en tout 320,00 €"):
            assert words in said
        assert "Reçu, à payer aux producteurs 256,00 €" in said
        client.force_login(farmer)
        hers = plain(client.get(page("farmer_orders")))
        for words in ("Commandé : 320,00 €", "Livré : 256,00 €", "Livré, en tout256,00 €"):
            assert words in hers

    def test_nothing_is_offered_to_undo_once_the_month_is_settled(self, month, order, coordinator):
        receive(month, order, 80_000)
        link = page("undo_reception", order.pk)
        assert link in coordinator.get(page("purchase_order", order.pk)).text

        Cycle.objects.filter(pk=month.cycle.pk).update(settled_at=month.after_closing)

        assert link not in coordinator.get(page("purchase_order", order.pk)).text

    def test_a_month_not_closed_yet_says_so(self, month, coordinator):
        said = plain(coordinator.get(page("purchase_orders", month.cycle.pk)))

        assert "Les commandes ne sont pas encore closes" in said


class TestSending:
    def press(self, client, order, time=0):
        return client.post(page("send_purchase_order", order.pk), {"time": time})

    def test_the_farm_gets_the_pdf(self, month, order, coordinator):
        Message.objects.all().delete()

        self.press(coordinator, order)

        letter = Message.objects.get()
        assert letter.address == "gaec@exemple.org"
        assert order.number in letter.subject
        paper = letter.attachments.get()
        assert paper.name == f"{order.number}.pdf"
        assert order.number in words_of(bytes(paper.content))
        order.refresh_from_db()
        assert order.sent_at

    def test_a_double_press_sends_once(self, order, coordinator):
        Message.objects.all().delete()

        self.press(coordinator, order)
        self.press(coordinator, order)

        assert Message.objects.count() == 1
        assert Event.objects.filter(kind=EventKind.PURCHASE_SENT).count() == 1

    def test_it_can_be_sent_again_on_purpose(self, order, coordinator):
        Message.objects.all().delete()

        self.press(coordinator, order)
        self.press(coordinator, order, time=1)

        assert Message.objects.count() == 2

    def test_a_farm_without_e_mail_is_telephoned(self, farm, order, coordinator):
        farm.email = ""
        farm.save()

        said = plain(coordinator.get(page("purchase_order", order.pk)))
        assert "imprimez le bon, ou lisez-le au téléphone" in said
        answer = coordinator.post(page("send_purchase_order", order.pk), {"time": 0}, follow=True)

        assert "Nous n’avons pas d’adresse e-mail" in plain(answer)
        order.refresh_from_db()
        assert order.sent_at is None

    def test_handed_over_otherwise_is_noted_once(self, month, order, coordinator):
        for _press in range(2):
            coordinator.post(page("hand_over_purchase_order", order.pk))

        order.refresh_from_db()
        assert order.sent_at
        event = Event.objects.get(kind=EventKind.PURCHASE_SENT)
        assert event.actor == month.coordinator
        assert event.details["lines"] == [[order.number, "", "remis autrement"]]

    @pytest.mark.parametrize("time", ["", "x", "-1"])
    def test_a_broken_form_sends_nothing(self, order, coordinator, time):
        Message.objects.all().delete()

        assert self.press(coordinator, order, time).status_code == 302
        assert not Message.objects.exists()


class TestPapers:
    def test_the_pdf_says_who_what_and_where(self, order, coordinator):
        said = words_of(coordinator.get(page("purchase_order_pdf", order.pk)).content)

        for words in (order.number, "VRAC d’essai", "GAEC du Test", "Lentilles vertes", "LEN-1"):
            assert words in said
        assert "4 sacs de 25 kg" in said
        assert "320,00 €" in said
        assert "Prix fixés par vous" in said
        assert "Hangar" in said

    def test_no_member_is_on_any_paper(self, order, coordinator):
        """Neither who they are nor how many, nor what they pay."""
        pdf = words_of(coordinator.get(page("purchase_order_pdf", order.pk)).content)
        table = coordinator.get(page("purchase_order_table", order.pk, "csv")).getvalue().decode()
        letter = Message.objects.filter(address="gaec@exemple.org")

        for said in (pdf, table, *letter.values_list("body", flat=True)):
            for word in ("Amina", "Exemple", "adhérent", "foyer", "50 %"):
                assert word not in said

    def test_the_csv_opens_in_a_french_spreadsheet(self, order, coordinator):
        content = coordinator.get(page("purchase_order_table", order.pk, "csv")).getvalue()

        assert content.startswith(b"\xef\xbb\xbf")
        header, line = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
        row = dict(zip(header, line, strict=True))
        assert row["Produit"] == "Lentilles vertes"
        assert row["Conditionnements"] == "4"
        assert row["Conditionnement"] == "sac de 25 kg"
        assert row["Quantité"] == "100,000"
        assert row["Unité"] == "kg"
        assert row["Montant (€)"] == "320,00"

    @pytest.mark.parametrize("name", ['=HYPERLINK("x")', "+33", "-1", "@SUM(A1)"])
    def test_no_product_name_runs_as_a_formula(self, month, farm, coordinator, name):
        month.order({month.offer(producer=farm, name=name): 500})
        close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)
        order = PurchaseOrder.objects.get()

        table = (
            coordinator.get(page("purchase_order_table", order.pk, "csv"))
            .getvalue()
            .decode("utf-8-sig")
        )

        header, line = csv.reader(io.StringIO(table), delimiter=";")
        assert line[header.index("Produit")] == f"'{name}"

    def test_hostile_names_stay_text_on_paper(self, month, farm, coordinator):
        name = "#panic() *gras* $x$ \\ <b>"
        month.order({month.offer(producer=farm, name=name): 500})
        close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)

        pdf = coordinator.get(page("purchase_order_pdf", PurchaseOrder.objects.get().pk)).content

        assert "#panic() *gras* $x$" in words_of(pdf)


class TestFarmer:
    def test_she_sees_hers_once_it_is_sent(self, month, order, farmer, client):
        client.force_login(farmer)
        assert order.number not in plain(client.get(page("farmer_orders")))
        assert client.get(page("purchase_order", order.pk)).status_code == 404

        mark_sent(month, order)

        assert order.number in plain(client.get(page("farmer_orders")))
        assert "Votre prix" in plain(client.get(page("purchase_order", order.pk)))
        assert client.get(page("purchase_order_pdf", order.pk)).status_code == 200

    def test_she_sees_nothing_of_members_nor_of_the_work_inside(self, month, order, farmer, client):
        mark_sent(month, order)
        receive(month, order, 80_000)
        client.force_login(farmer)

        for name, ids in (
            ("farmer_orders", []),
            ("purchase_order", [order.pk]),
            ("farmer_statement", [month.collective.pk, order.producer_id]),
        ):
            said = plain(client.get(page(name, *ids)))
            for word in ("Amina", "Exemple", "adhérent", "ajustée", "93 kg", "Annuler"):
                assert word not in said, (name, word)

    def test_her_statement_says_delivered_paid_and_owed(self, month, order, farmer, client):
        mark_sent(month, order)
        receive(month, order, 80_000)
        ledger.transfer(
            key="paid",
            from_account=books.producer(month.collective, order.producer),
            to_account=books.bank(month.collective),
            amount_cents=10_000,
            kind="payment",
            reference="Virement",
            now=month.after_closing,
        )
        client.force_login(farmer)

        ids = [month.collective.pk, order.producer_id]
        said = plain(client.get(page("farmer_statement", *ids)))
        paper = words_of(client.get(page("farmer_statement_pdf", *ids)).content)

        for text in (said, paper):
            for words in ("256,00 €", "100,00 €", "156,00 €", "Livraison", "Paiement"):
                assert words in text
        assert "156,00 € dus à GAEC du Test" in plain(client.get(page("farmer_orders")))

    def test_an_undone_delivery_is_said_and_counts_for_nothing(self, month, order):
        receive(month, order, 80_000)
        undo_reception(
            delivery=order.deliveries.get(),
            reason="Erreur",
            actor=month.coordinator,
            now=month.after_closing,
        )

        said = statement_of(month.collective, order.producer)

        delivery = f"Livraison {order.number}"
        assert [row.what for row in said.rows] == [delivery, f"{delivery} annulée"]
        assert (said.delivered_cents, said.paid_cents, said.owed_cents) == (0, 0, 0)

    def test_before_any_delivery_the_statement_says_so(self, month, order, farmer, client):
        mark_sent(month, order)
        client.force_login(farmer)

        said = plain(client.get(page("farmer_statement", month.collective.pk, order.producer_id)))

        assert "Rien n’a encore été livré" in said


class TestStrangers:
    READING = ("purchase_order", "purchase_order_pdf")
    DOING = ("send_purchase_order", "hand_over_purchase_order", "receive", "undo_reception")

    @pytest.fixture
    def strangers(self, month):
        return [
            PersonFactory(),
            month.member()[0],
            RoleFactory(structure=StructureFactory(), kind=RoleKind.COORDINATOR).person,
            RoleFactory(structure=StructureFactory(), kind=RoleKind.FARMER).person,
            RoleFactory(structure=month.collective.structure, kind=RoleKind.TILL).person,
        ]

    def test_a_number_beyond_any_is_not_found(self, month, client):
        client.force_login(month.coordinator)
        for name in ("farmer_statement", "farmer_statement_pdf"):
            for ids in ([10**30, 10**30], [month.collective.pk, 10**30]):
                assert client.get(page(name, *ids)).status_code == 404

    def test_they_find_nothing(self, month, order, client, strangers):
        mark_sent(month, order)
        pages = [page(name, order.pk) for name in self.READING]
        pages.append(page("purchase_orders", month.cycle.pk))
        for name in ("farmer_statement", "farmer_statement_pdf"):
            pages.append(page(name, month.collective.pk, order.producer_id))
        for person in strangers:
            client.force_login(person)
            assert [client.get(address).status_code for address in pages] == [404] * len(pages)

    def test_they_do_nothing_nor_does_the_farmer(self, month, order, client, strangers, farmer):
        mark_sent(month, order)
        for person in (*strangers, farmer):
            client.force_login(person)
            for name in self.DOING:
                assert client.post(page(name, order.pk), {"time": 0}).status_code == 404

    def test_people_not_signed_in_are_asked_who_they_are(self, order, client):
        for name in (*self.READING, *self.DOING):
            answer = client.post(page(name, order.pk))
            assert answer.status_code == 302
            assert "/compte/" in answer.url


def test_three_hundred_lines_cost_no_more_queries_than_three(
    month, farm, coordinator, django_assert_max_num_queries
):
    offers = [month.offer(producer=farm, sku=f"Z{n}") for n in range(300)]
    month.order(dict.fromkeys(offers, 500))
    close_cycle(cycle=month.cycle, actor=month.coordinator, now=month.after_closing)
    order = PurchaseOrder.objects.get()
    for name, ids in (("purchase_order", [order.pk]), ("purchase_orders", [month.cycle.pk])):
        with django_assert_max_num_queries(12):
            coordinator.get(page(name, *ids))
