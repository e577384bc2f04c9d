"""Tables to download say what their pages say, to whom the pages say it, and no share."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from croqualim.groupbuy.models import PurchaseOrder
from croqualim.groupbuy.queries.exports import OF_A_COLLECTIVE, OF_A_CYCLE
from croqualim.groupbuy.queries.takings import expected_cash_cents
from croqualim.groupbuy.rules.discretion import IMPERSONAL
from croqualim.ledger.models import Transfer
from croqualim.network.models import RoleKind
from tests.factories import RoleFactory
from tests.groupbuy.evening import open_evening, receive_all
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def desk(client, month):
    client.force_login(month.coordinator)
    return client


def table(desk, page, *about, suffix="csv"):
    """Its rows by heading."""
    answer = desk.get(reverse(f"groupbuy:{page}", args=[*about, suffix]))
    content = answer.getvalue()
    if suffix == "xlsx":
        [headings, *rows] = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    else:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        [headings, *rows] = csv.reader(text, delimiter=";")
    return [dict(zip(headings, row, strict=True)) for row in rows]


def queries(desk, url):
    with CaptureQueriesContext(
        connection,
    ) as asked:
        desk.get(url).getvalue()
    return len(asked)


class TestOrders:
    def test_each_order_is_as_its_page_shows_it(self, month, desk):
        order = month.order({month.offers[0]: 1500, month.offers[1]: 500})
        shown = plain(desk.get(reverse("groupbuy:cycle_orders", args=[month.cycle.pk])))

        [row] = table(desk, "cycle_table", month.cycle.pk, "commandes")

        assert row["Commande"] == order.reference
        assert row["Foyer"] == str(order.placed_by)
        assert row["Numéro"] == str(order.membership.number)
        assert row["Produits"] == "2"
        assert row["Passée le"] == "02/03/2026 13:00"
        assert row["État"] == "à retirer"
        for told in (row["Commande"], row["Foyer"], row["Groupement"], row["État"]):
            assert told in shown

    def test_each_line_is_a_number_with_its_unit(self, month, desk):
        month.order({month.offers[0]: 1500})

        [row] = table(desk, "cycle_table", month.cycle.pk, "lignes")
        [same] = table(desk, "cycle_table", month.cycle.pk, "lignes", suffix="xlsx")

        assert (row["Demandé"], row["Servi"], row["Unité"]) == ("1,500", "1,500", "kg")
        assert (same["Demandé"], same["Servi"], same["Unité"]) == (1.5, 1.5, "kg")
        assert row["Produit"] == same["Produit"] == month.offers[0].product.name


class TestAfterTheEvening:
    """Three households ordered 2 kg and 500 g at half the price; two came and paid."""

    @pytest.fixture
    def evening(self):
        evening = open_evening(share_percent=50)
        for order in evening.orders[:2]:
            evening.pay(order)
        return evening

    @pytest.fixture
    def desk(self, client, evening):
        client.force_login(evening.month.coordinator)
        return client

    @pytest.fixture
    def cycle(self, evening):
        return evening.month.cycle.pk

    @pytest.fixture
    def collective(self, evening):
        return evening.month.collective.pk

    def test_what_came_is_there_lot_by_lot(self, desk, cycle, evening):
        first, _second = table(desk, "cycle_table", cycle, "livraisons", suffix="xlsx")

        assert (first["Lot"], first["Accepté"], first["Unité"]) == ("L1", 25, "kg")
        assert first["Dû (€)"] == 80
        bought = table(desk, "cycle_table", cycle, "bons")
        order = PurchaseOrder.objects.get(number=bought[0]["Bon de commande"])
        alone = table(desk, "purchase_order_table", order.pk)
        assert alone == [row for row in bought if row["Bon de commande"] == order.number]

    def test_prices_of_the_month_are_numbers(self, desk, cycle, evening):
        first, *_others = table(desk, "cycle_table", cycle, "produits", suffix="xlsx")

        assert (first["Prix du producteur (€)"], first["Prix pour"]) == (3.2, 1)
        assert (first["Commandé"], first["État"]) == (6, "proposé")

    def test_takings_add_up_to_the_box(self, desk, cycle, evening):
        rows = table(desk, "cycle_table", cycle, "caisses")

        taken = sum(int(row["Encaissé (€)"].replace(",", "")) for row in rows)
        assert taken == expected_cash_cents(evening.popup)
        assert {row["Moyen"] for row in rows} == {"espèces"}

    def test_the_settlement_is_what_its_page_says(self, desk, cycle):
        shown = plain(desk.get(reverse("groupbuy:settle_cycle", args=[cycle])))
        owed, *_more = table(desk, "cycle_table", cycle, "reglement")

        assert owed["Quoi"] == "Dû au producteur"
        assert owed["Montant (€)"] == "80,00"
        assert shown

    def test_members_are_as_their_page_shows_them(self, desk, collective, evening):
        row, *_others = table(desk, "collective_table", collective, "adherents")
        person = evening.orders[0].placed_by

        assert row["Foyer"] == str(person)
        assert row["Téléphone"].startswith("06 00 0")

    def test_goods_are_where_they_lie_and_how_they_came_there(self, desk, collective, evening):
        there = table(desk, "collective_table", collective, "stock", suffix="xlsx")
        moved = table(desk, "collective_table", collective, "mouvements", suffix="xlsx")

        lentils = evening.month.offers[0].product.name
        at_shop = [r for r in there if r["Produit"] == lentils and r["Lieu"] != "Hangar"]
        assert [row["Il y a"] for row in at_shop] == [2]
        assert sum(row["Quantité"] for row in moved if row["Produit"] == lentils) == 25 + 6 + 4

    def test_no_order_nor_a_sum_of_few_households_is_in_the_journal(
        self, desk, collective, evening
    ):
        rows = table(desk, "collective_table", collective, "journal")

        told = sum(int(row["Montant (€)"].replace(",", "")) for row in rows)
        impersonal = Transfer.objects.filter(kind__in=IMPERSONAL)
        assert told == sum(impersonal.values_list("amount_cents", flat=True)) > 0
        assert not [order for order in evening.orders if order.reference in str(rows)]
        assert "Foyer" not in str(rows)

    @pytest.mark.parametrize("name", OF_A_CYCLE)
    def test_no_table_of_a_cycle_tells_a_share(self, desk, cycle, name, evening):
        """Each owes 4,00 € of 8,00: neither stands beside a name, a number or a reference."""
        said = table(desk, "cycle_table", cycle, name)

        people = {str(order.placed_by) for order in evening.orders}
        people |= {order.reference for order in evening.orders}
        for row in said:
            names = people & set(row.values())
            amounts = {"4,00", "8,00", "3,20", "1,60", "50"} & set(row.values())
            assert not (names and amounts)
        assert "50 %" not in str(said)

    @pytest.mark.parametrize("name", OF_A_COLLECTIVE)
    def test_no_table_of_a_collective_tells_a_share(self, desk, collective, name):
        said = str(table(desk, "collective_table", collective, name))

        assert "50 %" not in said
        assert "50%" not in said


class TestFunder:
    def test_an_envelope_s_table_has_no_household(self, client, month):
        funder = RoleFactory(structure=month.envelope.funder, kind=RoleKind.FUNDER).person
        client.force_login(funder)

        [row] = table(client, "envelope_table", month.envelope.pk)

        assert row["Opération"] == "Confié par le financeur"
        assert row["Reçu (€)"] == "10000,00"
        assert row["Foyers aidés"] == ""


class TestFarmer:
    def test_her_statement_is_what_her_page_says(self, client, month):
        month.order({month.offers[0]: 500})
        receive_all(month)
        farm = month.offers[0].product.producer
        client.force_login(RoleFactory(structure=farm, kind=RoleKind.FARMER).person)
        PurchaseOrder.objects.update(sent_at=month.now)
        about = (month.collective.pk, farm.pk)
        shown = plain(client.get(reverse("groupbuy:farmer_statement", args=about)))

        [row] = table(client, "farmer_statement_table", *about)

        assert row["Montant (€)"] == row["Reste dû (€)"] == "80,00"
        assert row["Opération"] in shown


@pytest.mark.parametrize("name", OF_A_COLLECTIVE)
def test_a_hundred_members_cost_no_more_queries_than_three(month, desk, name):
    url = reverse("groupbuy:collective_table", args=[month.collective.pk, name, "csv"])
    for _ in range(3):
        month.order({month.offers[0]: 500})
    few = queries(desk, url)
    for _ in range(40):
        month.order({month.offers[0]: 500})

    assert queries(desk, url) == few


@pytest.mark.parametrize("name", OF_A_CYCLE)
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_hundred_rows_cost_no_more_queries_than_three(month, desk, name, suffix):
    url = reverse("groupbuy:cycle_table", args=[month.cycle.pk, name, suffix])
    for _ in range(3):
        month.order({month.offers[0]: 500})
    few = queries(desk, url)
    for _ in range(40):
        month.order({month.offers[0]: 500, month.offers[1]: 500})

    assert queries(desk, url) == few


def test_the_file_says_what_and_when_and_no_browser_keeps_it(month, desk):
    answer = desk.get(reverse("groupbuy:cycle_table", args=[month.cycle.pk, "lignes", "xlsx"]))

    assert 'filename="lignes-mars-2026-2' in answer["Content-Disposition"]
    assert answer["Content-Disposition"].endswith('.xlsx"')
    assert answer["Cache-Control"] == "no-store"
    assert answer.streaming


@pytest.mark.parametrize(("name", "suffix"), [("lignes", "ods"), ("parts", "csv")])
def test_another_table_or_another_format_is_not_there(month, desk, name, suffix):
    url = reverse("groupbuy:cycle_table", args=[month.cycle.pk, name, suffix])

    assert desk.get(url).status_code == 404
