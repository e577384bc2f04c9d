"""Tables to download say what their pages say, to whom the pages say it, and no share."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from croqualim.groupbuy.queries.exports import OF_A_CYCLE
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


@pytest.mark.parametrize("name", OF_A_CYCLE)
def test_no_table_tells_a_share(month, desk, name):
    order = month.order({month.offers[0]: 1500}, share_percent=50)

    content = desk.get(reverse("groupbuy:cycle_table", args=[month.cycle.pk, name, "csv"]))

    said = content.getvalue().decode()
    assert order.share_percent == 50
    for secret in ("50 %", "2,40", "part"):
        assert secret not in said


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
