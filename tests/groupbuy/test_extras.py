"""Promises of « jusqu’à tant de plus si cela complète le sac »: said, kept, told, never imposed."""

import pytest
from django.urls import reverse

from croqualim.groupbuy.actions import ordering
from croqualim.groupbuy.models import Basket, Event, EventKind, Order, OrderLine
from croqualim.groupbuy.rules.ordering import Reason
from croqualim.groupbuy.rules.packaging import with_article
from croqualim.messages.models import Message
from tests.groupbuy.month import open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month()


@pytest.fixture
def lentils(month):
    return month.offers[0]


@pytest.fixture
def amina(month):
    return month.member(email="amina@exemple.fr", share_percent=50)


@pytest.fixture
def pages(client, month, amina, monkeypatch):
    client.force_login(amina[0])
    monkeypatch.setattr("croqualim.groupbuy.views.ordering.now", lambda: month.now)
    return client


def address(name, month, *more):
    return reverse(f"groupbuy:{name}", args=[month.popup.pk, *more])


def confirm(month, amina, quantities, extras=None):
    return ordering.confirm_order(
        popup=month.popup,
        membership=amina[1],
        basket={offer.pk: n for offer, n in quantities.items()},
        extras=extras and {offer.pk: n for offer, n in extras.items()},
        actor=amina[0],
        now=month.now,
    )


def more_of(order):
    return dict(OrderLine.objects.filter(order=order).values_list("offer", "extra_quantity"))


def test_what_she_would_take_is_kept_with_her_order_and_told(month, amina, lentils):
    order = confirm(month, amina, {lentils: 3_000}, {lentils: 2_000})

    assert more_of(order) == {lentils.pk: 2_000}
    assert order.cost_cents == 3 * 320
    lentils.refresh_from_db()
    assert lentils.ordered_quantity == 3_000
    body = Message.objects.get().body
    assert (
        f"seulement si cela complète un sac ou un carton, jusqu’à : {lentils.product.name}" in body
    )
    event = Event.objects.get(kind=EventKind.ORDER_PLACED)
    said = [f"{lentils.product.name}, pour le compléter", "", "jusqu’à 2\u00a0kg"]
    assert said in event.details["lines"]


def test_it_leaves_as_a_text_message_too(month, lentils):
    person, membership = month.member(phone="+33612345678", email="")

    confirm(month, (person, membership), {lentils: 3_000}, {lentils: 2_000})

    assert "jusqu’à" in Message.objects.get().body.replace("'", "’")


def test_an_order_changed_without_a_word_about_it_keeps_it(month, amina, lentils):
    """On the telephone nobody asks again."""
    confirm(month, amina, {lentils: 3_000}, {lentils: 2_000})

    order = confirm(month, amina, {lentils: 4_000})

    assert more_of(order) == {lentils.pk: 2_000}


def test_it_goes_with_the_product(month, amina, lentils):
    peas = month.offers[1]
    confirm(month, amina, {lentils: 3_000, peas: 500}, {lentils: 2_000})

    order = confirm(month, amina, {peas: 500})

    assert more_of(order) == {peas.pk: 0}


def test_the_same_again_changes_nothing_and_no_more_is_a_change(month, amina, lentils):
    confirm(month, amina, {lentils: 3_000}, {lentils: 2_000})
    confirm(month, amina, {lentils: 3_000}, {lentils: 2_000})
    assert Event.objects.filter(kind=EventKind.ORDER_CHANGED).count() == 0

    order = confirm(month, amina, {lentils: 3_000}, {})

    assert more_of(order) == {lentils.pk: 0}
    assert Event.objects.filter(kind=EventKind.ORDER_CHANGED).count() == 1


@pytest.mark.parametrize(
    ("extra", "reason"),
    [(700, Reason.NOT_A_STEP), (-500, Reason.NOT_A_STEP), (10**9, Reason.TOO_MUCH)],
)
def test_what_cannot_be_taken_is_refused_and_nothing_is_written(
    month, amina, lentils, extra, reason
):
    with pytest.raises(ordering.OrderRefused) as refused:
        confirm(month, amina, {lentils: 3_000}, {lentils: extra})

    assert [problem.reason for problem in refused.value.problems] == [reason]
    assert not Order.objects.exists()


def test_a_limit_does_not_stop_it_for_nothing_is_promised(month, amina):
    few = month.offer(limit_quantity=3_000)

    assert more_of(confirm(month, amina, {few: 3_000}, {few: 1_000})) == {few.pk: 1_000}


def test_it_is_said_on_the_product_s_own_page(month, pages, amina, lentils):
    here = address("choose_one", month, lentils.pk)
    assert "Et jusqu’à combien de plus, si cela complète le sac ?" in plain(pages.get(here))

    pages.post(here, {"quantity": "3 kg", "extra": "2 kg"})

    assert Basket.objects.get().extras == {str(lentils.pk): 2_000}
    assert 'value="2\u00a0kg"' in pages.get(here).content.decode()
    pages.post(address("fill_basket", month), {"plus": lentils.pk})
    order = confirmed(pages, month)
    assert more_of(order) == {lentils.pk: 2_000}
    assert "et jusqu’à 2 kg de plus" in plain(pages.get(reverse("groupbuy:order", args=[order.pk])))


def confirmed(pages, month, **more):
    answer = pages.post(address("check_answers", month), more)
    assert answer.status_code == 302, plain(answer)
    return Order.objects.latest("pk")


@pytest.mark.parametrize("extra", ["beaucoup", "700 g", "-2", "9999999999"])
def test_what_is_not_a_quantity_is_worded_and_kept(month, pages, lentils, extra):
    here = address("choose_one", month, lentils.pk)

    answer = pages.post(here, {"quantity": "3 kg", "extra": extra})

    assert answer.status_code == 200
    assert "À corriger avant de continuer" in plain(answer)
    assert f'value="{extra}"' in answer.content.decode()
    assert not Basket.objects.exists()


def test_more_of_nothing_is_not_understood(month, pages, lentils):
    answer = pages.post(
        address("choose_one", month, lentils.pk), {"quantity": "0", "extra": "2 kg"}
    )

    assert "Écrivez d’abord ce que vous voulez dans tous les cas." in plain(answer)


def test_single_pieces_are_not_shared_out_of_anything(month, pages):
    piece = month.offer(unit="piece", step_quantity=1, packaging_quantity=1, priced_quantity=1)

    assert "de plus, si cela complète" not in plain(
        pages.get(address("choose_one", month, piece.pk))
    )


def test_the_shelf_says_what_lacks_where_it_is_little(month, pages, lentils):
    month.order({lentils: 22_000, month.offers[1]: 5_000})

    said = plain(pages.get(address("choose", month)))

    assert said.count("pour compléter le sac") == 1
    assert "Encore 3 kg pour compléter le sac" in said


def test_what_is_in_her_basket_is_counted(month, pages, lentils):
    month.order({lentils: 22_000})

    pages.post(address("choose_one", month, lentils.pk), {"quantity": "2 kg"})

    assert "Encore 1 kg pour compléter le sac" in plain(pages.get(address("choose", month)))


def test_she_says_yes_while_she_checks_and_knows_what_it_costs_her(month, pages, lentils):
    month.order({lentils: 20_000})
    pages.post(address("choose_one", month, lentils.pk), {"quantity": "3 kg"})

    said = plain(pages.get(address("check_answers", month)))

    assert "Encore 2 kg pour compléter le sac" in said
    assert "Rien de plus" in said
    assert "2 kg (3,20 €)" in said  # at half price
    order = confirmed(pages, month, **{f"plus-{lentils.pk}": "2000"})
    assert more_of(order) == {lentils.pk: 2_000}


@pytest.fixture
def order_of_amina(month, amina, lentils):
    return confirm(month, amina, {lentils: 3_000}, {lentils: 2_000})


def test_she_says_no_again(month, pages, lentils, order_of_amina):
    said = plain(pages.get(address("check_answers", month)))
    assert "Jusqu’à combien de plus" in said

    pages.post(address("check_answers", month), {f"plus-{lentils.pk}": "0"})

    assert more_of(order_of_amina) == {lentils.pk: 0}


@pytest.mark.parametrize("wrong", ["700", "99999999"])
def test_a_page_that_sends_nonsense_is_told_and_loses_nothing(month, pages, lentils, wrong):
    pages.post(address("choose_one", month, lentils.pk), {"quantity": "3 kg"})

    answer = pages.post(address("check_answers", month), {f"plus-{lentils.pk}": wrong})

    assert answer.status_code == 200
    assert lentils.product.name in plain(answer)
    assert Basket.objects.get().quantities == {str(lentils.pk): 3_000}
    assert not Order.objects.exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("sac", "le sac"),
        ("sac papier", "le sac papier"),
        ("Caisse", "la Caisse"),
        ("boîte", "la boîte"),
        ("étui", "l’étui"),
        ("", "le conditionnement"),
    ],
)
def test_a_packaging_has_its_article(name, said):
    assert with_article(name) == said
