"""A coordinator keeps the list; the producer's price has its own way and its own history."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from croqualim.catalogue import actions
from croqualim.catalogue.models import PriceChange, Product
from croqualim.catalogue.rules.cells import Reason
from croqualim.network.models import RoleKind
from tests.conftest import NOON
from tests.factories import PersonFactory, RoleFactory, StructureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def buyer():
    return StructureFactory(name="VRAC Arles")


@pytest.fixture
def farm():
    return StructureFactory(name="Ferme du Soleil")


@pytest.fixture
def add(buyer, farm):
    def add(**changes):
        fields = {
            "name": "Lentilles vertes",
            "family": "pulses",
            "unit": "g",
            "step_quantity": 500,
            "packaging_quantity": 25_000,
            "packaging_name": "sac",
            "price_cents": 320,
            "priced_quantity": 1000,
        }
        return actions.add_product(
            **{"buyer": buyer, "producer": farm, "actor": None, "now": NOON, **fields, **changes}
        )

    return add


def test_a_product_comes_with_its_first_price(add):
    coordinator = PersonFactory()

    product = add(actor=coordinator)

    change = PriceChange.objects.get(product=product)
    assert (change.price_cents, change.priced_quantity, change.at) == (320, 1000, NOON)
    assert (change.actor, change.by_producer) == (coordinator, False)
    assert product.search_name == "lentilles vertes"


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"sku": "LEN"}, {"sku": "LEN", "name": "Autres"}, Reason.SKU_TAKEN),
        ({}, {"name": "LENTILLES  vertes"}, Reason.NAME_TAKEN),
    ],
)
def test_one_producer_has_no_two_products_alike(add, first, second, reason):
    add(**first)

    with pytest.raises(actions.ProductRefused) as refused:
        add(**second)

    assert [problem.reason for problem in refused.value.problems] == [reason]
    assert Product.objects.count() == PriceChange.objects.count() == 1


def test_another_producer_buyer_or_code_makes_another_product(add):
    add(sku="LEN")
    add()
    add(sku="LEN2")
    add(sku="LEN", producer=StructureFactory())
    add(sku="LEN", buyer=StructureFactory())

    assert Product.objects.count() == 5


def test_describing_a_product_leaves_its_price_and_its_history(add):
    product = add()

    changed = actions.change_product(product=product, name="Lentilles", allergens=["gluten"])

    changed.refresh_from_db()
    assert (changed.name, changed.search_name) == ("Lentilles", "lentilles")
    assert changed.allergens == ["gluten"]
    assert (changed.price_cents, changed.step_quantity) == (320, 500)
    assert changed.price_changes.count() == 1


def test_a_product_cannot_take_the_name_or_code_of_another(add):
    add(name="Pois chiches")
    product = add()

    with pytest.raises(actions.ProductRefused):
        actions.change_product(product=product, name="pois chiches")

    product.refresh_from_db()
    assert product.name == "Lentilles vertes"
    actions.change_product(product=product, name="LENTILLES vertes")  # its own name is free


def test_each_price_is_remembered_with_who_wrote_it(add, farm):
    farmer = RoleFactory(structure=farm, kind=RoleKind.FARMER).person
    coordinator = PersonFactory()
    product = add()

    actions.set_price(
        product=product, price_cents=340, priced_quantity=1000, actor=farmer, now=NOON
    )
    actions.set_price(
        product=product,
        price_cents=170,
        priced_quantity=500,
        actor=coordinator,
        now=NOON + timedelta(days=1),
    )

    product.refresh_from_db()
    assert (product.price_cents, product.priced_quantity) == (170, 500)
    assert [
        (change.price_cents, change.actor, change.by_producer)
        for change in product.price_changes.order_by("pk")
    ] == [(320, None, False), (340, farmer, True), (170, coordinator, False)]


def test_the_same_price_again_is_no_news(add):
    product = add()

    assert not actions.set_price(
        product=product, price_cents=320, priced_quantity=1000, actor=None, now=NOON
    )
    assert product.price_changes.count() == 1


def test_a_stale_page_does_not_write_the_same_price_twice(add):
    product = add()
    stale = Product.objects.get(pk=product.pk)

    for seen in (product, stale):
        actions.set_price(product=seen, price_cents=340, priced_quantity=1000, actor=None, now=NOON)

    assert product.price_changes.count() == 2


def test_a_retired_product_can_come_back(add):
    product = add()

    actions.retire_product(product=product)
    product.refresh_from_db()
    assert not product.is_active

    actions.bring_back(product=product)
    product.refresh_from_db()
    assert product.is_active


@pytest.mark.parametrize(
    "statement",
    ["UPDATE catalogue_pricechange SET price_cents = 1", "DELETE FROM catalogue_pricechange"],
)
def test_the_database_lets_nobody_rewrite_a_price(add, statement):
    add()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)

    assert PriceChange.objects.get().price_cents == 320


def ask(number, product_id):
    actions.set_price(
        product=Product.objects.get(pk=product_id),
        price_cents=340,
        priced_quantity=1000,
        actor=None,
        now=NOON,
    )


@pytest.mark.django_db(transaction=True)
def test_one_price_sent_by_many_at_once_is_noted_once(add, at_once):
    product = add()

    at_once("tests.catalogue.test_products:ask", 4, product_id=product.pk)

    assert [c.price_cents for c in product.price_changes.order_by("pk")] == [320, 340]
