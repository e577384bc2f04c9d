"""Papers: what each says, from which version, and labels that lie where the sheet has them."""

import io
import re

import pytest
from django.urls import reverse
from pypdf import PdfReader

from croqualim.groupbuy.actions import cycles
from croqualim.groupbuy.models import Collective, Printing
from croqualim.groupbuy.papers.labels import bag_labels_pdf, portion_labels_pdf
from croqualim.groupbuy.papers.price_list import price_list_pdf
from croqualim.groupbuy.papers.register import OF_A_CYCLE, OF_A_SHOP
from croqualim.groupbuy.papers.report import _parts, _sources, _uses
from croqualim.groupbuy.queries.balance import Balance
from croqualim.ui.labels import LABELS
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db
LONG = "Farine complète de blé tendre ancien moulue sur meule de pierre " * 2


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def desk(client, month):
    client.force_login(month.coordinator)
    return client


def pages(pdf):
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def words(pdf):
    return " ".join(pages(pdf))


def page(name, *about):
    return reverse(f"groupbuy:{name}", args=about)


class TestPriceList:
    def test_it_says_who_made_it_at_what_price_and_what_the_farmer_gets(self, month):
        month.collective.handling_percent = 10
        offer = month.offer(name="Pois chiches", origin="Valensole", labels=["ab"], price_cents=300)
        offer.cost_price_cents = 330
        offer.save()

        said = words(price_list_pdf(month.cycle, now=month.now))

        for told in (
            "Pois chiches",
            "Pois chiches bio",
            f"{offer.product.producer.name}, Valensole · par 500 g",
            "3,30 €",
            "le kilo",
            "dont 3,00 € au producteur",
            "Prix entiers",
            "imprimé le lundi 2 mars 2026, 13 h",
            "page 1 sur 1",
        ):
            assert told in said
        assert "%" not in said

    def test_what_was_withdrawn_is_not_on_it_and_the_version_grows(self, month):
        before = words(price_list_pdf(month.cycle, now=month.now))

        cycles.withdraw_offer(
            offer=month.offers[0], reason="gel", actor=month.coordinator, now=month.now
        )

        after = words(price_list_pdf(month.cycle, now=month.now))
        gone = month.offers[0].product.name
        assert gone in before
        assert gone not in after
        assert version(after) == version(before) + 1


def version(said):
    return int(re.search(r"version (\d+)", said)[1])


class TestReport:
    def test_each_euro_comes_from_somewhere_and_goes_somewhere(self):
        balance = Balance(
            members_cents=6000,
            envelopes_cents=4000,
            free_sales_cents=0,
            taken_cents=10_500,
            margin_cents=-500,
            bought_cents=12_000,
            losses=[],
            till_over_cents=0,
            till_short_cents=0,
        )

        given, got = _parts(_sources(balance)), _parts(_uses(balance))

        assert [(p["label"], p["words"].replace("\u00a0", " ")) for p in given] == [
            ("les adhérent·es", "60,00 €"),
            ("les enveloppes solidaires", "40,00 €"),
            ("le collectif, qui comble", "5,00 €"),
        ]
        assert [p["of_a_euro"].replace("\u00a0", " ") for p in got] == ["1,00 €"]


class TestVersions:
    def printed(self, desk, month, name="par-commande"):
        """What is on the paper that the button prints."""
        answer = desk.post(page("print_shop_paper", month.popup.pk, name), follow=True)
        return words(answer.content)

    def test_a_reprint_after_a_change_says_what_it_replaces(self, desk, month):
        month.order({month.offers[0]: 500})
        first = self.printed(desk, month)
        again = self.printed(desk, month)
        month.order({month.offers[0]: 1000})
        changed = self.printed(desk, month)

        assert "version 1" in first
        assert "remplace" not in first + again
        assert "version 2, remplace la version 1" in changed
        assert Printing.objects.count() == 2

    def test_the_page_says_which_print_is_out_of_date(self, desk, month):
        month.order({month.offers[0]: 500})
        self.printed(desk, month)
        assert "à jour" in plain(desk.get(page("papers", month.cycle.pk)))

        month.order({month.offers[0]: 500})

        said = plain(desk.get(page("papers", month.cycle.pk)))
        assert "a changé depuis" in said
        assert "à jour" not in said

    def test_reading_a_paper_notes_nothing(self, desk, month):
        desk.get(page("preparation_paper", month.popup.pk, "par-commande"))
        desk.get(page("cycle_paper", month.cycle.pk, "prix"))

        assert not Printing.objects.exists()


class TestThePage:
    def test_each_paper_is_there_and_says_what_it_is_for(self, desk, month):
        said = plain(desk.get(page("papers", month.cycle.pk)))

        for paper in (*OF_A_CYCLE.values(), *OF_A_SHOP.values()):
            assert str(paper.title) in said
        assert "Aucun montant" in said
        assert "Imprimer les étiquettes" in said

    def test_the_labels_at_hand_are_remembered(self, desk, month):
        month.order({month.offers[0]: 500})

        answer = desk.post(
            page("print_shop_paper", month.popup.pk, "etiquettes"),
            {"labels": "R62", "start": "1"},
            follow=True,
        )

        box = PdfReader(io.BytesIO(answer.content)).pages[0].mediabox
        assert (round(millimetres(box.width)), round(millimetres(box.height))) == (62, 40)
        assert Collective.objects.get().label_format == "R62"
        shown = desk.get(page("papers", month.cycle.pk)).text
        assert re.search(r'value="R62"[^>]*selected', shown)

    @pytest.mark.parametrize("start", ["0", "22", "", "un"])
    def test_a_place_that_no_sheet_has_is_refused_in_words(self, desk, month, start):
        answer = desk.post(
            page("print_shop_paper", month.popup.pk, "etiquettes"),
            {"labels": "L7160", "start": start},
        )

        assert answer.status_code == 200
        assert "errorlist" in answer.text or "field-error" in answer.text
        assert not Printing.objects.exists()

    def test_a_hundred_printings_cost_no_more_queries_than_three(
        self, desk, month, django_assert_max_num_queries
    ):
        for n in range(100):
            Printing.objects.create(
                cycle=month.cycle,
                popup=month.popup,
                paper="arrivees",
                version=n,
                actor=month.coordinator,
                at=month.now,
            )
        with django_assert_max_num_queries(14):
            desk.get(page("papers", month.cycle.pk))


def millimetres(points):
    return float(points) / 72 * 25.4


def places(pdf, pattern):
    """Where each text that matches begins: (page, mm from the left, mm from the top)."""
    found = []
    for n, sheet in enumerate(PdfReader(io.BytesIO(pdf)).pages):
        high = float(sheet.mediabox.height)

        def see(text, cm, tm, _font, _size, n=n, high=high):
            if re.search(pattern, text):
                x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
                y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
                found.append((n, millimetres(x), millimetres(high - y)))

        sheet.extract_text(visitor_text=see)
    return found


class TestLabels:
    @pytest.mark.parametrize("code", [code for code, made in LABELS.items() if not made.is_roll])
    def test_a_sheet_fits_its_page(self, code):
        labels = LABELS[code]

        assert labels.left >= 4_50
        assert labels.top >= 5_90
        used = labels.left * 2 + labels.columns * labels.width + (labels.columns - 1) * 2_50
        assert abs(used - 210_00) <= 1
        assert abs(labels.top * 2 + labels.rows * labels.height - 297_00) <= 1

    def test_the_first_label_of_the_usual_sheet_lies_where_avery_cut_it(self):
        assert (LABELS["L7160"].left, LABELS["L7160"].top) == (7_25, 15_15)
        assert (LABELS["L7163"].left, LABELS["L7163"].top) == (4_65, 15_15)
        assert (LABELS["L7159"].left, LABELS["L7159"].top) == (7_25, 12_90)

    @pytest.mark.parametrize("code", LABELS)
    def test_each_label_stays_on_its_own_place(self, month, code):
        """Long names too: every word of a label begins inside it."""
        labels = LABELS[code]
        product = month.offers[0].product
        product.name, product.allergens = LONG[:150], ["gluten", "milk", "nuts", "celery"]
        product.save()
        for _ in range(4):
            month.order({month.offers[0]: 500})

        for printed in (bag_labels_pdf, portion_labels_pdf):
            pdf = printed(month.popup, now=month.now, labels=labels, start=2)
            begins = places(pdf, r"\w")
            sheet = [(n, x, y) for n, x, y in begins if labels.is_roll or y < 285]
            for _n, x, y in sheet:
                column = (x * 100 - labels.left) / (labels.width + (0 if labels.is_roll else 250))
                row = (y * 100 - labels.top) / labels.height
                assert -0.01 < column < labels.columns
                assert 0 < row < labels.rows
            expected = 4 if labels.is_roll else 1
            assert len(PdfReader(io.BytesIO(pdf)).pages) == expected

    def test_a_used_sheet_is_finished_first(self, month):
        orders = [month.order({month.offers[0]: 500}) for _ in range(4)]

        sheets = pages(bag_labels_pdf(month.popup, now=month.now, labels=LABELS["L7160"], start=20))

        assert [sum(order.reference in sheet for order in orders) for sheet in sheets] == [2, 2]
        pdf = bag_labels_pdf(month.popup, now=month.now, labels=LABELS["L7160"], start=20)
        [first] = places(pdf, min(order.reference for order in orders))
        assert first[1] == pytest.approx(7.25 + 66 + 3.2, abs=1.5)  # second column
        assert 15.15 + 6 * 38.1 < first[2] < 15.15 + 7 * 38.1  # last row

    def test_the_allergens_are_on_every_portion(self, month):
        product = month.offers[0].product
        product.allergens = ["gluten", "milk"]
        product.save()
        month.order({month.offers[0]: 500})

        assert "Contient : gluten, lait" in words(portion_labels_pdf(month.popup, now=month.now))
