"""A spreadsheet is applied once, as it was shown; sent again, it changes nothing."""

from datetime import timedelta

import pytest
from django.db.models import F
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from croqualim.catalogue import actions, queries
from croqualim.catalogue.actions import importing
from croqualim.catalogue.models import (
    Allergen,
    CatalogueImport,
    Family,
    Label,
    PriceChange,
    Product,
)
from croqualim.catalogue.rules.cells import clean_line, clean_text
from croqualim.catalogue.rules.writing import as_csv as written_as_csv
from croqualim.catalogue.rules.writing import as_xlsx as written_as_xlsx
from croqualim.kernel.text import fold
from croqualim.network.models import Category, RoleKind, Structure
from tests.catalogue.spreadsheets import HEADERS, HONEY, LENTILS, as_csv
from tests.catalogue.test_open_food_network import SAMPLE
from tests.conftest import NOON
from tests.factories import ProductFactory, RoleFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer():
    return StructureFactory(name="VRAC Arles")


@pytest.fixture
def coordinator(buyer):
    return RoleFactory(structure=buyer, kind=RoleKind.COORDINATOR).person


@pytest.fixture
def draft(buyer, coordinator):
    def draft(content, **changes):
        given = {"buyer": buyer, "file_name": "mars.csv", "actor": coordinator, "now": NOON}
        return importing.draft_import(content=content, **{**given, **changes})

    return draft


@pytest.fixture
def send(draft, coordinator):
    def send(content, **changes):
        return importing.apply_import(
            draft=draft(content, **changes), actor=coordinator, now=NOON + timedelta(hours=1)
        )

    return send


def test_looking_at_a_spreadsheet_changes_nothing(draft):
    draft(as_csv(HEADERS, LENTILS, HONEY))

    assert not Product.objects.exists()
    assert not Structure.objects.filter(search_name="ferme du soleil").exists()


def test_a_spreadsheet_makes_products_prices_and_unknown_producers(send, coordinator):
    other = [*LENTILS[:1], "POIS", "Pois chiches", *LENTILS[3:]]

    done = send(as_csv(HEADERS, LENTILS, other, HONEY))

    assert done.counts == {"create": 3, "change": 0, "same": 0, "refused": 0, "doubtful": 0}
    farm = Structure.objects.get(search_name="ferme du soleil")
    assert (farm.name, farm.category) == ("Ferme du Soleil", Category.PRODUCTION)
    lentils = Product.objects.get(producer=farm, sku="LEN")
    assert (lentils.price_cents, lentils.priced_quantity) == (320, 1000)
    assert lentils.search_name == "lentilles vertes"
    change = lentils.price_changes.get()
    assert (change.actor, change.price_cents, change.by_producer) == (coordinator, 320, False)
    assert PriceChange.objects.count() == 3


def test_a_producer_of_the_directory_is_found_by_her_name(send):
    farm = StructureFactory(name="FERME  du soleil", search_name="ferme du soleil")

    send(as_csv(HEADERS, LENTILS))

    assert Product.objects.get().producer == farm
    assert Structure.objects.filter(search_name="ferme du soleil").count() == 1


def test_of_two_structures_of_one_name_the_usual_one_is_meant(send, buyer):
    farms = [StructureFactory(name="Ferme du Soleil") for _ in range(2)]
    assert send(as_csv(HEADERS, LENTILS)).counts["refused"] == 1

    ProductFactory(buyer=buyer, producer=farms[1])

    assert send(as_csv(HEADERS, LENTILS)).counts["create"] == 1
    assert Product.objects.get(sku="LEN").producer == farms[1]


def test_open_food_networks_120_products_are_the_same_the_second_time(send):
    assert send(SAMPLE).counts["create"] == 120

    again = send(SAMPLE)

    assert again.counts == {"create": 0, "change": 0, "same": 120, "refused": 0, "doubtful": 0}
    assert Product.objects.count() == PriceChange.objects.count() == 120
    assert Structure.objects.filter(search_name="user enterprise").count() == 1


def test_a_changed_price_joins_the_history_and_another_change_does_not(send):
    send(as_csv(HEADERS, LENTILS, HONEY))
    dearer = [*LENTILS[:5], "3,40", "1 kg"]
    renamed = [*HONEY[:2], "Miel de thym", *HONEY[3:]]

    done = send(as_csv(HEADERS, dearer, renamed))

    assert done.counts["change"] == 2
    lentils, honey = Product.objects.order_by("sku")
    assert (lentils.price_cents, lentils.price_changes.count()) == (340, 2)
    assert (honey.search_name, honey.price_changes.count()) == ("miel de thym", 1)


def test_refused_lines_stay_out_and_the_others_come_in(send):
    done = send(as_csv(HEADERS, [*LENTILS[:5], "cher", "1 kg"], HONEY))

    assert (done.counts["create"], done.counts["refused"]) == (1, 1)
    assert Product.objects.get().sku == "MIEL"
    assert not Structure.objects.filter(search_name="ferme du soleil").exists()


def test_applying_twice_has_one_effect(draft, coordinator):
    once = draft(as_csv(HEADERS, LENTILS))
    importing.apply_import(draft=once, actor=coordinator, now=NOON)
    stale = CatalogueImport.objects.get(pk=once.pk)
    Product.objects.update(price_cents=F("price_cents") + 1)

    importing.apply_import(draft=stale, actor=coordinator, now=NOON + timedelta(hours=1))

    assert stale.applied_at == NOON
    assert (Product.objects.get().price_cents, PriceChange.objects.count()) == (321, 1)


def test_what_would_no_longer_happen_as_shown_is_not_done(draft, coordinator, buyer):
    seen = draft(as_csv(HEADERS, LENTILS, HONEY))
    importing.apply_import(draft=draft(as_csv(HEADERS, HONEY)), actor=coordinator, now=NOON)

    with pytest.raises(importing.CatalogueMoved):
        importing.apply_import(draft=seen, actor=coordinator, now=NOON)
    assert Product.objects.count() == 1

    looked = importing.look_again(draft=seen)
    assert looked.counts == {"create": 1, "change": 0, "same": 1, "refused": 0, "doubtful": 0}
    importing.apply_import(draft=looked, actor=coordinator, now=NOON)
    assert Product.objects.count() == 2


def test_a_price_changed_meanwhile_is_not_overwritten_unseen(send, draft, coordinator):
    send(as_csv(HEADERS, LENTILS))
    seen = draft(as_csv(HEADERS, [*LENTILS[:5], "3,30", "1 kg"]))
    actions.set_price(
        product=Product.objects.get(),
        price_cents=350,
        priced_quantity=1000,
        actor=None,
        now=NOON,
    )

    with pytest.raises(importing.CatalogueMoved):
        importing.apply_import(draft=seen, actor=coordinator, now=NOON)

    assert Product.objects.get().price_cents == 350


def test_each_buyer_has_her_own_catalogue(send):
    send(as_csv(HEADERS, LENTILS))

    assert send(as_csv(HEADERS, LENTILS), buyer=StructureFactory()).counts["create"] == 1


def rows(count):
    return [[*LENTILS[:1], f"L{n}", f"Lentilles {n}", *LENTILS[3:]] for n in range(count)]


@pytest.mark.parametrize("count", [3, 300])
def test_applying_takes_as_many_queries_for_300_lines_as_for_3(
    draft, coordinator, count, django_assert_max_num_queries
):
    seen = draft(as_csv(HEADERS, *rows(count)))

    # SQLite takes bulk inserts in batches of 999 values: the products, some of the prices
    with django_assert_max_num_queries(30):
        importing.apply_import(draft=seen, actor=coordinator, now=NOON)

    assert Product.objects.count() == count


def apply(number, draft_id, actor_id):
    draft = CatalogueImport.objects.get(pk=draft_id)
    importing.apply_import(draft=draft, actor=draft.uploaded_by, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_many_who_apply_at_once_apply_it_once(draft, coordinator, at_once):
    seen = draft(as_csv(HEADERS, LENTILS, HONEY))

    at_once("tests.catalogue.test_importing:apply", 4, draft_id=seen.pk, actor_id=coordinator.pk)

    assert Product.objects.count() == PriceChange.objects.count() == 2


def text(size, clean=clean_line):
    """What a form keeps of what people type, formulas included."""
    letters = st.text(alphabet="ab é,;'\"=+-@\n<œ", max_size=size)
    return (letters | letters.map("={}".format)).map(clean)


QUANTITY = st.integers(1, 100_000_000)
PRODUCTS = st.lists(
    st.fixed_dictionaries(
        {
            "sku": text(5),
            "name": text(12).filter(fold),
            "family": st.sampled_from(Family.values),
            "description": text(20, clean_text),
            "unit": st.sampled_from(["g", "ml", "piece"]),
            "step_quantity": QUANTITY,
            "packaging_quantity": QUANTITY,
            "packaging_name": st.sampled_from(["", "sac", "carton de 6", "bidon"]),
            "price_cents": st.integers(0, 1_000_000),
            "priced_quantity": QUANTITY,
            "origin": text(8),
            "labels": st.lists(st.sampled_from(Label.values), unique=True),
            "allergens": st.lists(st.sampled_from(Allergen.values), unique=True),
            "is_active": st.booleans(),
        }
    ),
    min_size=1,
    max_size=4,
    unique_by=(lambda p: p["sku"] or fold(p["name"])),
)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(PRODUCTS, st.sampled_from([written_as_csv, written_as_xlsx]))
def test_what_is_exported_is_the_same_when_it_comes_back(draft, products, write):
    buyer, farm = StructureFactory(), StructureFactory(name='=Ferme; «du» "Soleil"')
    for product in products:
        actions.add_product(buyer=buyer, producer=farm, actor=None, now=NOON, **product)

    back = draft(write(queries.listed(buyer)), buyer=buyer)

    assert back.counts == {
        "create": 0,
        "change": 0,
        "same": len(products),
        "refused": 0,
        "doubtful": 0,
    }


def test_an_export_runs_nothing(buyer):
    farm = StructureFactory(name="@SUM(A1)")
    ProductFactory(buyer=buyer, producer=farm, name="=cmd|' /C calc'!A0", sku="-2", origin="+3")

    lines = written_as_csv(queries.listed(buyer)).decode("utf-8-sig").splitlines()

    assert [cell[:2] for cell in lines[1].split(";")[:3]] == ["'@", "'-", "'="]


def test_the_file_name_is_kept_short_and_clean(draft):
    assert draft(as_csv(HEADERS, LENTILS), file_name="a\x00\n" + "b" * 300).file_name == (
        "a " + "b" * 198
    )
