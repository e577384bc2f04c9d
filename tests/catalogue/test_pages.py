"""Coordinators keep their catalogue, farmers their prices, strangers see nothing."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from croqualim.catalogue.models import CatalogueImport, Family, PriceChange, Product
from croqualim.network.models import RoleKind
from tests.catalogue.spreadsheets import HEADERS, LENTILS, as_csv
from tests.factories import PersonFactory, ProductFactory, RoleFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    return ProductFactory(
        buyer=StructureFactory(name="VRAC Arles"),
        producer=StructureFactory(name="Ferme du Soleil"),
        name="Lentilles vertes",
        sku="LEN",
    )


@pytest.fixture
def coordinator(client, product):
    person = RoleFactory(structure=product.buyer, kind=RoleKind.COORDINATOR).person
    client.force_login(person)
    return person


@pytest.fixture
def farmer(client, product):
    person = RoleFactory(structure=product.producer, kind=RoleKind.FARMER).person
    client.force_login(person)
    return person


def at(name, *args):
    return reverse(f"catalogue:{name}", args=args)


def plain(page):
    return page.text.replace("\u202f", " ").replace("\xa0", " ")


GIVEN = {
    "name": "Pois chiches",
    "family": "pulses",
    "price": "2,80",
    "priced": "1 kg",
    "step": "500 g",
    "packaging": "sac de 25 kg",
    "allergens": ["gluten", "sesame"],
    "labels": ["ab"],
}


# who may do what


def addresses(product, draft):
    return {
        "products": at("products", product.buyer_id),
        "add": at("add_product", product.buyer_id),
        "upload": at("upload", product.buyer_id),
        "export": at("export", product.buyer_id, "csv"),
        "preview": at("preview", draft.pk),
        "change": at("change_product", product.pk),
        "product": at("product", product.pk),
        "price": at("set_price", product.pk),
        "own prices": at("own_prices"),
    }


SEES = {
    "coordinator": {
        *["products", "add", "upload", "export", "preview", "change", "product", "price"]
    },
    "farmer": {"product", "price", "own prices"},
    "coordinator of the farm": {"another catalogue"},
    "farmer of the buyer": {"own prices"},
    "volunteer of the buyer": set(),
    "till of the buyer": set(),
    "former coordinator": set(),
    "stranger": set(),
}


def person_who_is(who, product, now):
    if who == "stranger":
        return PersonFactory()
    words = who.split()
    ended_at = now if words[0] == "former" else None
    kind = next(word for word in words if word != "former")
    structure = product.producer if who == "farmer" or "farm" in words[1:] else product.buyer
    return RoleFactory(structure=structure, kind=kind, ended_at=ended_at).person


@pytest.mark.parametrize("who", SEES)
def test_each_page_opens_to_those_it_is_for_and_is_not_there_for_others(client, product, now, who):
    uploader = PersonFactory()
    draft = CatalogueImport.objects.create(
        buyer=product.buyer,
        file_name="a.csv",
        uploaded_by=uploader,
        uploaded_at=now,
        counts={"create": 0, "change": 0, "same": 0, "refused": 0, "doubtful": 0},
    )
    client.force_login(person_who_is(who, product, now))

    for name, address in addresses(product, draft).items():
        assert client.get(address).status_code == (200 if name in SEES[who] else 404), name


@pytest.mark.parametrize("name", ["retire_product", "bring_back", "set_price", "change_product"])
def test_a_stranger_writes_nothing(client, product, name):
    client.force_login(RoleFactory(kind=RoleKind.COORDINATOR).person)

    assert client.post(at(name, product.pk), {"price": "1", "priced": "1 kg"}).status_code == 404
    assert not PriceChange.objects.exists()


def test_a_farmer_does_not_describe_or_retire(client, farmer, product):
    for name in ("retire_product", "bring_back", "change_product"):
        assert client.post(at(name, product.pk)).status_code == 404


def test_somebody_elses_import_is_not_applied(client, product, now):
    draft = CatalogueImport.objects.create(
        buyer=product.buyer, file_name="a", uploaded_by=PersonFactory(), uploaded_at=now
    )
    client.force_login(RoleFactory(kind=RoleKind.COORDINATOR).person)

    assert client.post(at("apply_import", draft.pk)).status_code == 404


@pytest.mark.parametrize("name", ["retire_product", "bring_back"])
def test_looking_never_writes(client, coordinator, product, name):
    assert client.get(at(name, product.pk)).status_code == 405


# the list


@pytest.mark.parametrize("count", [3, 300])
def test_the_list_takes_as_many_queries_for_300_products_as_for_3(
    client, coordinator, product, count, django_assert_num_queries
):
    for number in range(count - 1):
        ProductFactory(
            buyer=product.buyer,
            producer=product.producer,
            family=list(Family)[number % 12],
            is_active=number % 5 > 0,
        )

    with django_assert_num_queries(4):  # session, person, the structure she keeps, products
        page = client.get(at("products", product.buyer_id))

    assert page.text.count('href="/produits/') >= count


def test_the_list_is_searched_by_product_and_producer_without_accents(client, coordinator, product):
    ProductFactory(buyer=product.buyer, name="Épeautre")

    def found(words):
        text = client.get(at("products", product.buyer_id), {"cherche": words}).text
        return ("Épeautre" in text, "Lentilles vertes" in text)

    assert found("epeau") == (True, False)
    assert found("LENT soleil") == (False, True)
    assert found("") == (True, True)
    nothing = client.get(at("products", product.buyer_id), {"cherche": "zz"})
    assert "Rien ne s’appelle « zz » ici" in plain(nothing)


def test_as_one_types_only_what_was_found_comes_back(client, coordinator, product):
    page = client.get(
        at("products", product.buyer_id), {"cherche": "lent"}, headers={"HX-Request": "true"}
    )

    assert "Lentilles vertes" in plain(page)
    assert "<html" not in plain(page)


def test_retired_products_stand_apart(client, coordinator, product):
    client.post(at("retire_product", product.pk))
    page = client.get(at("products", product.buyer_id))
    assert "1 produit retiré" in plain(page)

    client.post(at("bring_back", product.pk))
    assert "produit retiré" not in client.get(at("products", product.buyer_id)).text


def test_the_way_in_leads_where_there_is_something_to_do(client, product, coordinator, now):
    assert client.get(at("catalogues")).url == at("products", product.buyer_id)

    RoleFactory(person=coordinator, structure=product.producer, kind=RoleKind.FARMER)
    client.force_login(coordinator)
    page = client.get(at("catalogues")).text
    assert at("own_prices") in page
    assert at("products", product.buyer_id) in page


def test_the_way_in_says_so_to_those_who_keep_nothing(client):
    client.force_login(PersonFactory())

    assert "Vous ne tenez pas de catalogue" in client.get(at("catalogues")).text


# a product


def test_a_coordinator_adds_a_product_in_the_words_she_uses(client, coordinator, product):
    page = client.post(
        at("add_product", product.buyer_id), {**GIVEN, "producer": product.producer_id}, follow=True
    )

    added = Product.objects.get(name="Pois chiches")
    assert (added.unit, added.step_quantity, added.packaging_quantity) == ("g", 500, 25_000)
    assert (added.price_cents, added.priced_quantity, added.packaging_name) == (280, 1000, "sac")
    assert (added.allergens, added.labels) == (["gluten", "sesame"], ["ab"])
    assert added.price_changes.get().actor == coordinator
    assert "2,80 €" in plain(page)


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"price": "cher"}, "price", "ne se lit pas comme un prix"),
        ({"price": "3,205"}, "price", "deux chiffres au plus"),
        ({"priced": "1 L"}, "step", "ne se comptent pas de la même façon"),
        ({"step": "500"}, "step", "écrivez l’unité"),
        ({"packaging": "vrac"}, "packaging", "sac de 25 kg"),
        ({"name": "!!!"}, "name", "des lettres"),
        ({"name": "LENTILLES vertes", "sku": "LEN"}, "sku", "porte déjà le code"),
        ({"producer": ""}, "producer", "Choisissez le producteur"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field_and_kept(
    client, coordinator, product, changes, field, sentence
):
    page = client.post(
        at("add_product", product.buyer_id),
        {**GIVEN, "producer": product.producer_id, "description": "À moi", **changes},
    )

    assert sentence in plain(page)
    assert f'href="#id_{field}"' in plain(page)
    assert "À moi" in plain(page)
    assert Product.objects.count() == 1


def test_a_coordinator_describes_a_product_otherwise_but_not_its_price(
    client, coordinator, product
):
    address = at("change_product", product.pk)
    shown = client.get(address).text
    assert 'value="sac de 25 kg"' in plain(client.get(address))
    assert 'name="price"' not in shown

    client.post(address, {**GIVEN, "price": "9", "description": "Une ligne\r\net deux"})

    product.refresh_from_db()
    assert (product.name, product.price_cents) == ("Pois chiches", 320)
    assert product.description == "Une ligne\net deux"


def test_a_product_counted_in_grams_stays_so(client, coordinator, product):
    page = client.post(at("change_product", product.pk), {**GIVEN, "step": "1 pièce"})

    assert "se compte en grammes" in plain(page)


def test_what_people_write_is_shown_and_never_run(client, coordinator, product):
    Product.objects.update(
        name="<script>alert(1)</script>", description="<b>", origin="<i>", sku="<u>"
    )

    for address in (at("product", product.pk), at("products", product.buyer_id)):
        assert "<script>alert" not in client.get(address).text


# its price


def test_a_farmer_sets_her_price_in_one_step_and_sees_it_confirmed(client, farmer, product):
    assert "3,20 €" in plain(client.get(at("own_prices")))

    page = client.post(at("set_price", product.pk), {"price": "3,4", "priced": "1 kg"}, follow=True)

    assert page.redirect_chain == [(at("own_prices"), 302)]
    assert "passe de 3,20 € le kilo à 3,40 € le kilo" in plain(page)
    change = product.price_changes.get()
    assert (change.actor, change.by_producer, change.price_cents) == (farmer, True, 340)


def test_a_coordinator_writes_down_what_the_farmer_said_under_her_own_name(
    client, coordinator, product
):
    page = client.post(at("set_price", product.pk), {"price": "3,4", "priced": "1 kg"}, follow=True)

    assert f"noté par {coordinator}" in plain(page)
    assert not product.price_changes.get().by_producer


def test_a_price_for_another_kind_of_unit_is_refused(client, farmer, product):
    page = client.post(at("set_price", product.pk), {"price": "3,4", "priced": "1 pièce"})

    assert "se compte en grammes" in plain(page)
    assert not PriceChange.objects.exists()


@pytest.mark.parametrize("count", [3, 300])
def test_own_prices_take_as_many_queries_for_300_products_as_for_3(
    client, farmer, product, count, django_assert_num_queries
):
    for _ in range(count - 1):
        ProductFactory(producer=product.producer, buyer=product.buyer)

    with django_assert_num_queries(4):  # session, person, farms, products
        client.get(at("own_prices"))


# a spreadsheet


def send(client, buyer_id, content, name="mars.csv"):
    file = SimpleUploadedFile(name, content)
    return client.post(at("upload", buyer_id), {"file": file}, follow=True)


def test_a_spreadsheet_is_shown_line_by_line_then_applied(client, coordinator, product):
    new = ["<b>Moulin</b>", "SEM", "Semoule", "500 g", "sac de 5 kg", "2,10", "1 kg"]
    dearer = ["Ferme du Soleil", "LEN", "Lentilles vertes", "500 g", "sac de 25 kg", "3,40", "1 kg"]
    wrong = [*LENTILS[:1], "X", *LENTILS[2:5], "cher", "1 kg"]

    page = send(client, product.buyer_id, as_csv([*HEADERS, "Photo"], new, dearer, wrong))

    text = plain(page)
    assert "Producteur inconnu : sera ajouté" in text
    assert "&lt;b&gt;Moulin&lt;/b&gt;" in text and "<b>Moulin" not in text
    assert "<del>3,20 € le kilo</del> → <ins>3,40 € le kilo</ins>" in text
    assert "« cher » ne se lit pas comme un prix" in text
    assert "Photo" in text
    assert Product.objects.count() == 1

    draft = CatalogueImport.objects.get()
    done = plain(client.post(at("apply_import", draft.pk), follow=True))
    for told in ("1 produit ajouté", "1 produit changé", "1 ligne refusée"):
        assert told in done
    assert "Appliquer" not in done

    again = plain(send(client, product.buyer_id, as_csv(HEADERS, new, dearer)))
    assert "Identiques (2)" in again
    assert "ce que ce tableau dit, le catalogue le dit déjà" in again


def test_a_preview_gone_stale_is_shown_anew_and_nothing_is_written(client, coordinator, product):
    send(client, product.buyer_id, as_csv(HEADERS, LENTILS))
    Product.objects.filter(pk=product.pk).update(price_cents=999)
    draft = CatalogueImport.objects.get()

    page = client.post(at("apply_import", draft.pk), follow=True)

    assert "Le catalogue a changé" in plain(page)
    assert "9,99 €" in plain(page)
    product.refresh_from_db()
    assert product.price_cents == 999


def test_one_kind_of_lines_is_shown_alone_and_pages_are_of_a_hundred(client, coordinator, product):
    rows = [["Ferme du Soleil", f"L{n}", f"N{n}", "1 kg", "5 kg", "2", "1 kg"] for n in range(150)]
    send(client, product.buyer_id, as_csv(HEADERS, *rows, ["", "A", "B", "", "", "", ""]))
    address = at("preview", CatalogueImport.objects.get().pk)

    assert client.get(address).text.count('<th scope="row">') == 100
    assert client.get(address, {"voir": "create", "page": 2}).text.count('<th scope="row">') == 50
    assert client.get(address, {"voir": "refused"}).text.count('<th scope="row">') == 1


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\x00", "un tableau que nous savons lire"),
        (b"", "Ce fichier est vide"),
        (b"a,b\n1,2\n", "titres des colonnes"),
        (b"a" * 12_000_001, "12 Mo au plus"),
    ],
)
def test_what_is_no_spreadsheet_is_said_beside_the_field(
    client, coordinator, product, content, sentence
):
    page = send(client, product.buyer_id, content, name="photo.png")

    assert sentence in plain(page)
    assert 'href="#id_file"' in plain(page)
    assert not CatalogueImport.objects.exists()


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_the_template_is_a_spreadsheet_that_we_take(client, coordinator, product, extension):
    template = client.get(at("template", extension))

    page = send(client, product.buyer_id, template.content, f"modele.{extension}")

    assert "Nouveaux (2)" in plain(page)
    assert f"modele-catalogue.{extension}" in template["Content-Disposition"]


def test_a_catalogue_is_taken_away_as_a_workbook(client, coordinator, product):
    content = client.get(at("export", product.buyer_id, "xlsx")).content

    rows = list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[0][:3] == ("Producteur", "Code", "Nom")
    assert rows[1][:3] == ("Ferme du Soleil", "LEN", "Lentilles vertes")


def test_no_other_kind_of_file_is_made(client, coordinator, product):
    assert client.get(at("export", product.buyer_id, "pdf")).status_code == 404
