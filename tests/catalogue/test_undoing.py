"""An import is corrected, taken with or without its doubts, and taken back as a whole."""

import pytest
from django.urls import reverse
from django.utils.timezone import now

from croqualim.catalogue.actions.importing import apply_import, draft_import
from croqualim.catalogue.actions.products import set_price
from croqualim.catalogue.actions.undoing import undo_import
from croqualim.catalogue.models import CatalogueImport, PriceChange, Product
from croqualim.network.models import RoleKind
from tests.catalogue.spreadsheets import HEADERS, HONEY, LENTILS, as_csv
from tests.factories import RoleFactory
from tests.groupbuy.month import open_month

DOUBTFUL = ["Ferme du Soleil", "", "Pois chiches 10 kg", "", "", "31,00", ""]


@pytest.fixture
def coordinator(db):
    return RoleFactory(kind=RoleKind.COORDINATOR)


def imported(coordinator, *rows, **more):
    draft = draft_import(
        buyer=coordinator.structure,
        file_name="tarif.csv",
        content=as_csv(HEADERS, *rows),
        actor=coordinator.person,
        now=now(),
    )
    return apply_import(draft=draft, actor=coordinator.person, now=now(), **more)


def undo(coordinator, draft):
    return undo_import(draft=draft, actor=coordinator.person, now=now())


def dearer(row, price):
    return [*row[:5], price, *row[6:]]


def test_undone_what_it_made_is_withdrawn_and_what_it_changed_is_as_before(coordinator):
    imported(coordinator, LENTILS)
    draft = imported(coordinator, dearer(LENTILS, "4,10"), HONEY)

    for _ in range(2):
        undo(coordinator, draft)

    lentils, honey = Product.objects.order_by("sku")
    assert (lentils.price_cents, lentils.is_active) == (320, True)
    assert not honey.is_active
    prices = PriceChange.objects.filter(product=lentils).order_by("pk")
    assert list(prices.values_list("price_cents", flat=True)) == [320, 410, 320]
    draft.refresh_from_db()
    assert draft.undone == {"withdrawn": 1, "restored": 1, "kept": []}


def test_what_was_changed_since_stays_and_is_said(coordinator):
    imported(coordinator, LENTILS)
    draft = imported(coordinator, dearer(LENTILS, "4,10"))
    set_price(
        product=Product.objects.get(),
        price_cents=390,
        priced_quantity=1000,
        actor=coordinator.person,
        now=now(),
    )

    undo(coordinator, draft)

    assert Product.objects.get().price_cents == 390
    assert draft.undone["kept"] == [["Lentilles vertes", "changed"]]


def test_what_a_month_uses_stays_and_is_said(db):
    month = open_month(products=1)
    buyer = month.collective.structure
    draft = draft_import(
        buyer=buyer,
        file_name="t.csv",
        content=as_csv(HEADERS, LENTILS, HONEY),
        actor=month.coordinator,
        now=month.now,
    )
    draft = apply_import(draft=draft, actor=month.coordinator, now=month.now)
    used = Product.objects.get(sku="LEN")
    offer = month.offers[0]
    offer.pk, offer.product = None, used
    offer.save()

    undo_import(draft=draft, actor=month.coordinator, now=month.now)

    used.refresh_from_db()
    assert used.is_active
    assert not Product.objects.get(sku="MIEL").is_active
    assert draft.undone["kept"] == [["Lentilles vertes", "used"]]


def test_what_is_only_guessed_is_taken_when_asked_for(coordinator):
    imported(coordinator, LENTILS, DOUBTFUL)
    assert not Product.objects.filter(name="Pois chiches").exists()

    imported(coordinator, LENTILS, DOUBTFUL, take_doubtful=True)

    peas = Product.objects.get(name="Pois chiches")
    assert (peas.price_cents, peas.priced_quantity, peas.packaging_quantity) == (310, 1000, 10_000)


# ---------------------------------------------------------------------------------- the pages


def page(name, draft):
    return reverse(f"catalogue:{name}", args=[draft.pk])


@pytest.fixture
def draft(coordinator, client):
    client.force_login(coordinator.person)
    rows = [["Quoi", "Combien", "Désignation", "Tarif"], ["Ferme", "x", "Riz 25 kg", "50"]]
    return draft_import(
        buyer=coordinator.structure,
        file_name="tarif.csv",
        content=as_csv(*rows),
        actor=coordinator.person,
        now=now(),
    )


def test_columns_are_corrected_on_the_page(draft, client):
    shown = client.get(page("preview", draft)).text
    places = {**draft.plan["places"], "producer": 0}
    answer = client.post(
        page("read_otherwise", draft), {**places, "basis": "package", "maker": ""}, follow=True
    )

    assert "C · Désignation (Riz 25 kg)" in shown
    assert "Il manque le nom du producteur" in shown
    draft.refresh_from_db()
    assert draft.counts["create"] == draft.counts["doubtful"] == 1
    assert "Conditionnement lu dans le nom" in answer.text
    assert "Appliquer aussi celle à vérifier" in answer.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": "2", "price": "2", "basis": "kilo"}, "ne peut dire qu’une chose"),
        ({"price": "2", "basis": "kilo"}, "Choisissez la colonne qui dit le nom"),
        ({"name": "99", "basis": "kilo"}, "Sélectionnez"),
        ({"name": "2", "basis": "martien"}, "Sélectionnez"),
    ],
)
def test_columns_that_cannot_be_are_said_and_change_nothing(draft, client, sent, said):
    answer = client.post(page("read_otherwise", draft), sent)

    assert said in answer.text
    assert CatalogueImport.objects.get().plan == draft.plan


def test_an_import_is_undone_from_its_page(coordinator, client):
    client.force_login(coordinator.person)
    done = imported(coordinator, LENTILS)

    asked = client.get(page("undo_import", done))
    answer = client.post(page("undo_import", done), follow=True)

    assert asked.status_code == 200
    assert "Produits retirés de l’offre : 1" in answer.text
    assert not Product.objects.get().is_active
    assert "tarif.csv" in client.get(reverse("catalogue:upload", args=[done.buyer_id])).text
