"""The network's list: kept by its animator, drawn from by collectives, followed if they wish."""

from datetime import timedelta

import pytest
from django.urls import reverse

from croqualim.catalogue import actions as catalogue
from croqualim.catalogue import queries
from croqualim.catalogue.actions import references
from croqualim.catalogue.models import Product, Reference, ReferenceChange
from croqualim.network.models import Category, RoleKind
from tests.conftest import NOON
from tests.factories import RoleFactory, StructureFactory
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)

FOOD = {
    "name": "Pois chiches",
    "family": "pulses",
    "description": "",
    "unit": "g",
    "step_quantity": 500,
    "packaging_quantity": 25_000,
    "packaging_name": "sac",
    "labels": ["ab"],
    "allergens": [],
    "season_months": [],
}
TYPED = {
    "name": "Pois chiches",
    "family": "pulses",
    "step": "500 g",
    "packaging": "sac de 25 kg",
    "labels": ["ab"],
    "season": "",
    "description": "",
}


@pytest.fixture
def animator():
    return RoleFactory(kind=RoleKind.ANIMATOR).person


@pytest.fixture
def coordinator():
    return RoleFactory(kind=RoleKind.COORDINATOR).person


@pytest.fixture
def buyer(coordinator):
    return coordinator.roles.get().structure


@pytest.fixture
def farm():
    return StructureFactory(category=Category.PRODUCTION)


@pytest.fixture
def reference():
    return references.add_reference(**FOOD)


def page(name, *args):
    return reverse(f"catalogue:{name}", args=args)


def draw(reference, buyer, farm, coordinator, **changes):
    fields = {**FOOD, "price_cents": 390, "priced_quantity": 1000, "sku": "", **changes}
    return references.draw_product(
        reference=reference, buyer=buyer, producer=farm, actor=coordinator, now=NOON, **fields
    )


# the list


def test_the_animator_adds_a_food_in_the_words_she_uses(client, animator):
    client.force_login(animator)

    client.post(page("add_reference"), TYPED)

    reference = Reference.objects.get()
    assert {name: getattr(reference, name) for name in FOOD} == FOOD


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Écrivez le nom du produit."),
        ({"packaging": "carton de 12 pièces"}, "ne se comptent pas de la même façon"),
        ({"season": "l’été"}, "ne se lit pas comme une saison"),
        ({"name": "POIS CHICHES"}, "La liste a déjà un produit de ce nom."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(client, animator, reference, changes, sentence):
    client.force_login(animator)

    answer = client.post(page("add_reference"), {**TYPED, "name": "Fèves", **changes})

    assert sentence in plain(answer)
    assert Reference.objects.count() == 1
    assert answer.context["form"]["step"].value() == "500 g"


def test_what_changes_stays_in_its_history_with_who_changed_it(client, animator, reference):
    client.force_login(animator)

    client.post(page("change_reference", reference.pk), {**TYPED, "packaging": "sac de 20 kg"})
    client.post(page("change_reference", reference.pk), {**TYPED, "packaging": "sac de 20 kg"})

    change = ReferenceChange.objects.get()
    assert (change.before, change.after, change.actor) == (25_000, 20_000, animator)
    said = plain(client.get(page("reference", reference.pk)))
    assert "Conditionnement : sac de 25 kg → sac de 20 kg" in said


def test_the_network_sees_how_many_collectives_propose_each(reference, farm):
    for count in range(1, 4):
        coordinator = RoleFactory().person
        buyer = coordinator.roles.get().structure
        product = draw(reference, buyer, farm, coordinator)
        draw(reference, buyer, StructureFactory(), coordinator)  # two farms, one collective
        assert queries.references().get().users == count
    catalogue.retire_product(product=product)
    assert queries.references().get().users == 3
    catalogue.retire_product(product=Product.objects.get(buyer=buyer, is_active=True))
    assert queries.references().get().users == 2


def test_an_archived_food_is_drawn_no_more_and_stays_where_it_is(
    client, reference, buyer, farm, coordinator
):
    product = draw(reference, buyer, farm, coordinator)
    references.archive_reference(reference=reference, now=NOON)
    client.force_login(coordinator)

    assert client.get(page("draw_product", buyer.pk, reference.pk)).status_code == 404
    assert client.get(page("product", product.pk)).status_code == 200
    references.restore_reference(reference=reference)
    assert client.get(page("draw_product", buyer.pk, reference.pk)).status_code == 200


# drawing from it


def test_a_collective_draws_its_own_product_with_its_farm_and_price(
    client, reference, buyer, farm, coordinator
):
    client.force_login(coordinator)
    address = page("draw_product", buyer.pk, reference.pk)
    form = client.get(address).context["form"]
    assert form["packaging"].value() == "sac de 25 kg"

    client.post(
        address, {**TYPED, "producer": farm.pk, "price": "3,90", "priced": "1 kg", "origin": "Apt"}
    )

    product = Product.objects.get()
    assert (product.buyer, product.producer, product.reference) == (buyer, farm, reference)
    assert (product.price_cents, product.origin, product.labels) == (390, "Apt", ["ab"])
    assert product.price_changes.count() == 1
    assert "déjà chez vous" in plain(client.get(page("choose_reference", buyer.pk)))


def test_a_food_by_weight_is_not_drawn_by_the_piece(client, reference, buyer, farm, coordinator):
    client.force_login(coordinator)
    by_piece = {"priced": "1 pièce", "step": "1 pièce", "packaging": "12 pièces", "price": "3"}

    answer = client.post(
        page("draw_product", buyer.pk, reference.pk), {**TYPED, **by_piece, "producer": farm.pk}
    )

    assert "se compte en grammes" in plain(answer)
    assert not Product.objects.exists()


def test_drawn_twice_from_one_farm_it_is_there_once(client, reference, buyer, farm, coordinator):
    client.force_login(coordinator)
    sent = {**TYPED, "producer": farm.pk, "price": "3,90", "priced": "1 kg"}

    for _ in range(2):
        answer = client.post(page("draw_product", buyer.pk, reference.pk), sent)

    assert "s’appelle déjà" in plain(answer)
    assert Product.objects.count() == 1


# following it


def test_what_the_list_changes_moves_nothing_and_is_pointed_out(
    client, reference, buyer, farm, coordinator, animator
):
    product = draw(reference, buyer, farm, coordinator, packaging_name="caisse")
    references.change_reference(
        reference=reference,
        actor=animator,
        now=NOON + DAY,
        packaging_quantity=20_000,
        labels=["ab", "farm"],
    )
    client.force_login(coordinator)

    product.refresh_from_db()
    assert product.packaging_quantity == 25_000
    assert "La liste du réseau a changé" in plain(client.get(page("products", buyer.pk)))
    said = plain(client.get(page("follow_reference", product.pk)))
    assert "Conditionnement : caisse de 25 kg → caisse de 20 kg" in said

    client.post(page("follow_reference", product.pk), {"take": ["labels"]})

    product.refresh_from_db()
    assert (product.labels, product.packaging_quantity) == (["ab", "farm"], 25_000)
    assert "La liste du réseau a changé" not in plain(client.get(page("products", buyer.pk)))
    assert client.get(page("follow_reference", product.pk)).status_code == 302


def test_its_price_never_comes_from_the_list(reference, buyer, farm, coordinator, animator):
    product = draw(reference, buyer, farm, coordinator)
    references.change_reference(
        reference=reference, actor=animator, now=NOON + DAY, name="Pois chiches de Provence"
    )

    references.follow_reference(product=product, fields={"name", "price_cents"}, now=NOON + 2 * DAY)

    product.refresh_from_db()
    assert (product.name, product.price_cents) == ("Pois chiches de Provence", 390)


@pytest.mark.parametrize("number", [3, 100])
def test_its_pages_cost_the_same_for_any_number(
    client, coordinator, buyer, farm, number, django_assert_num_queries
):
    for n in range(number):
        made = references.add_reference(**{**FOOD, "name": f"Produit {n}"})
        draw(made, buyer, farm, coordinator, name=f"Produit {n}")
    client.force_login(coordinator)

    with django_assert_num_queries(5):
        client.get(page("references"))
    with django_assert_num_queries(5):
        client.get(page("choose_reference", buyer.pk))
