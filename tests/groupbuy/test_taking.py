"""A member telephones: who is it, what does she take, read it back, say its reference."""

import re

import pytest
from django.urls import reverse
from django.utils.timezone import now

from croqualim.groupbuy.actions import collectives, joining, ordering
from croqualim.groupbuy.models import Basket, Cycle, Event, EventKind, Order
from croqualim.groupbuy.queries.callers import callers
from tests.factories import PersonFactory, RoleFactory
from tests.groupbuy.month import Month, open_month
from tests.groupbuy.pages import plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return pantry()


def pantry() -> Month:
    made = open_month(now=now(), products=1)
    product = made.offers[0].product
    product.name = "Lentilles vertes"
    product.save()
    made.offer(name="Lentilles corail")
    made.offer(name="Farine de blé T65", step_quantity=1000)
    made.offer(name="Œufs plein air", unit="piece", step_quantity=1, priced_quantity=1)
    return made


@pytest.fixture
def desk(client, month):
    client.force_login(month.coordinator)
    return client


class Call:
    """Somebody types, as the page would send it without scripts."""

    def __init__(self, client, month, membership):
        self.client, self.membership = client, membership
        self.url = take(month, membership)
        self.answer = client.get(self.url)

    def type(self, line, **more):
        sent = {"ligne": line, "attente": self.hidden("attente"), **more}
        if relu := self.hidden("relu"):
            sent["relu"] = relu[0]
        self.answer = self.client.post(self.url, sent)
        return plain(self.answer) if self.answer.status_code == 200 else self.answer.url

    def hidden(self, name):
        return re.findall(rf'name="{name}" value="([^"]*)"', self.answer.text)


def page(name, *args):
    return reverse(f"groupbuy:{name}", args=args)


def take(month, membership):
    return page("take_order", membership.pk, month.popup.pk)


def held(order):
    return dict(order.lines.values_list("offer", "quantity"))


# ------------------------------------------------------------------------------- who is calling


@pytest.mark.parametrize("text", ["ami", "EXE", "exe ami", "{number}", "06 00 01 23 45", "2345"])
def test_three_letters_a_number_or_a_telephone_and_enter_take_the_first(desk, month, text):
    _, membership = month.member(family_name="Exemple", phone="+33600012345")
    month.member(given_name="Zoé", family_name="Sauge", phone="+33699999999")

    answer = desk.get(
        page("telephone", month.cycle.pk), {"cherche": text.format(number=membership.number)}
    )

    assert answer.url == take(month, membership)


def test_of_several_enter_takes_the_first_only_once_they_were_seen(desk, month):
    month.member(family_name="Zeste")
    _, first = month.member(family_name="Abricot")
    url = page("telephone", month.cycle.pk)

    listed = desk.get(url, {"cherche": "ami", "vu": "am"})
    taken = desk.get(url, {"cherche": "ami", "vu": "ami"})

    assert plain(listed).index("Amina Abricot") < plain(listed).index("Amina Zeste")
    assert taken.url == take(month, first)


def test_of_another_group_she_is_taken_to_its_own_shop_and_who_left_is_said(desk, month):
    _, gone = month.member(given_name="Rosa", family_name="Partie")
    joining.leave_group(membership=gone, now=now())
    other = collectives.add_group(
        collective=month.collective, name="Monclar", commune=month.group.commune, place="X"
    )
    somebody = PersonFactory(given_name="Rosa", family_name="Loin")
    joining.join_group(group=other, household=somebody.household, now=now())

    text = plain(desk.get(page("telephone", month.cycle.pk), {"cherche": "rosa"}))

    assert "A quitté ce groupement" in text
    assert "Monclar" in text and "n’a pas d’épicerie ce mois-ci" in text


def test_who_is_of_another_collective_is_not_there(desk, month):
    elsewhere = open_month(now=now())
    elsewhere.member(given_name="Fatou")

    answer = desk.get(page("telephone", month.cycle.pk), {"cherche": "fatou"})

    assert "Personne ne s’appelle ainsi" in answer.text


@pytest.mark.parametrize("members", [3, 300])
def test_members_are_found_in_one_query(month, members, django_assert_num_queries):
    for number in range(members):
        month.member(given_name=f"Ami{number}") if members < 9 else _quick_member(month, number)

    with django_assert_num_queries(1):
        found = callers(month.cycle, "ami")

    assert len(found) == min(members, 8)


def _quick_member(month, number):
    household = PersonFactory(given_name=f"Ami{number}").household
    joining.Membership.objects.create(
        group=month.group,
        household=household,
        collective=month.collective,
        number=1000 + number,
        joined_at=now(),
    )


def test_a_word_that_finds_nobody_nor_breaks_anything(desk, month):
    url = page("telephone", month.cycle.pk)
    for text in ("<script>", "%_%", "999999", "+", "'; --", "é" * 200, "0" * 60):
        assert "script>'" not in desk.get(url, {"cherche": text}).text


# ------------------------------------------------------------------------------- what she takes


def test_an_order_is_dictated_read_back_confirmed_and_said_aloud(desk, month):
    _, membership = month.member(share_percent=50)
    call = Call(desk, month, membership)

    assert "Lentilles vertes : 2 kg." in call.type("len ve 2")
    assert "Œufs plein air : 6 pièces." in call.type("6 oeuf")
    read_back = call.type("")
    assert "Relisez-lui sa commande." in read_back
    assert "2 produits · À payer à l’épicerie : 13,80 €, dont 1,00 € d’adhésion" in read_back
    assert not Order.objects.exists()
    said = call.type("")

    order = Order.objects.get()
    assert said == page("say_order", order.pk)
    aloud = plain(desk.get(said))
    assert f"« Votre commande {order.reference}, 2 produits, 13,80 €, à retirer" in aloud
    assert "Dans ce prix, 1,00 € d’adhésion pour un an" in aloud
    assert (order.placed_by, order.due_cents) == (month.coordinator, 1280)
    assert held(order) == {month.offers[0].pk: 2000, month.offers[3].pk: 6}
    assert Event.objects.get(order=order).kind == EventKind.ORDER_PLACED


def test_what_may_be_two_things_is_asked_and_a_figure_answers(desk, month):
    _, membership = month.member()
    call = Call(desk, month, membership)

    asked = call.type("len 2")
    assert "« len 2 » : lequel ?" in asked
    assert "Lentilles vertes : 2 kg." in call.type("1")
    assert call.hidden("attente") == []


def test_nothing_is_read_back_while_something_is_still_to_say(desk, month):
    _, membership = month.member()
    call = Call(desk, month, membership)
    call.type("far 1")
    call.type("len 2")

    assert "lequel ?" in call.type("")
    assert call.hidden("relu") == []
    call.type("0")  # let it go
    assert "Relisez-lui" in call.type("")


def test_a_line_is_changed_or_taken_out(desk, month):
    _, membership = month.member()
    call = Call(desk, month, membership)
    call.type("far 1")

    assert "Farine de blé T65 : 3 kg, au lieu de 1 kg." in call.type("far 3")
    assert "Farine de blé T65 : retiré." in call.type("- far")
    assert "Rien n’est encore noté" in call.type("")


def test_a_whole_order_pasted_leaves_only_what_was_not_understood(desk, month):
    _, membership = month.member()
    call = Call(desk, month, membership)

    text = call.type("", lignes="len ve 2\nmangues 3\r\nfar 1\n\nlen 1")

    assert Basket.objects.get().quantities == {
        str(month.offers[0].pk): 2000,
        str(month.offers[2].pk): 1000,
    }
    assert "« mangues 3 » : rien ne s’appelle ainsi ce mois-ci." in text
    assert "« len 1 » : lequel ?" in text
    area = re.search(r"<textarea[^>]*>([^<]*)", call.answer.text)[1]
    assert area.split() == ["mangues", "3"]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("mangue 2", "« mangue 2 » : rien ne s’appelle ainsi ce mois-ci."),
        ("- far", "« - far » : ce n’est pas dans sa commande."),
        ("len ve", "Lentilles vertes : combien ? Par 500 g"),
        ("len ve 0,3", "Lentilles vertes : Se commande par 500 g."),
        ("oeuf 2 kg", "Œufs plein air : combien ? Par 1 pièce"),
        ("oeuf 9999", "Pas plus de 200 pièces à la fois"),
        ("<b>x</b> 2", "« <b>x</b> 2 »"),
        ("#999999999 2", "rien ne s’appelle ainsi"),
    ],
)
def test_what_is_not_understood_is_said_and_nothing_is_noted(desk, month, line, sentence):
    _, membership = month.member()
    call = Call(desk, month, membership)

    assert sentence in re.sub(r"&lt;|&gt;", "", call.type(line)) or sentence in call.type(line)
    assert not Basket.objects.exclude(quantities={}).exists()
    assert "<b>x</b>" not in call.answer.text


def test_nothing_is_oversold_by_telephone(desk, month):
    _, membership = month.member()
    month.offers[0].limit_quantity = 1000
    month.offers[0].save()
    call = Call(desk, month, membership)

    assert "Lentilles vertes : Il n’en reste que 1 kg." in call.type("len ve 1,5")
    assert "Lentilles vertes : 1 kg." in call.type("1")


def test_what_was_sold_meanwhile_is_said_and_the_basket_kept(desk, month):
    _, membership = month.member()
    call = Call(desk, month, membership)
    call.type("len ve 2")
    call.type("")
    month.offers[0].limit_quantity = 1000
    month.offers[0].save()

    assert "Il n’en reste que 1 kg" in call.type("")
    assert not Order.objects.exists()
    assert Basket.objects.get().quantities == {str(month.offers[0].pk): 2000}


def test_an_order_she_has_is_changed_and_keeps_its_reference(desk, month):
    order = month.order({month.offers[0]: 500, month.offers[2]: 1000})
    call = Call(desk, month, order.membership)
    assert f"Elle a déjà la commande {order.reference} : vous la changez." in plain(call.answer)

    call.type("len ve 1,5")
    call.type("")
    call.type("")

    assert held(order) == {month.offers[0].pk: 1500, month.offers[2].pk: 1000}
    assert Order.objects.get().reference == order.reference
    kinds = Event.objects.filter(order=order).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == [EventKind.ORDER_PLACED, EventKind.ORDER_CHANGED]


def test_what_she_takes_more_of_to_complete_a_sack_is_read_back_and_kept(desk, month):
    person, membership = month.member()
    lentils = month.offers[0]
    order = ordering.confirm_order(
        popup=month.popup,
        membership=membership,
        basket={lentils.pk: 500},
        extras={lentils.pk: 1000},
        actor=person,
        now=now(),
    )
    call = Call(desk, month, membership)

    call.type("far 2")
    assert "et jusqu’à 1 kg de plus pour compléter" in call.type("")
    call.type("")

    assert dict(order.lines.values_list("offer", "extra_quantity"))[lentils.pk] == 1000
    assert order.lines.count() == 2


def test_when_the_call_drops_the_basket_is_kept_and_she_may_go_on_herself(desk, month, client):
    person, membership = month.member()
    Call(desk, month, membership).type("len ve 2")

    again = Call(desk, month, membership)
    assert "Des produits sont déjà choisis" in plain(again.answer)
    client.force_login(person)
    assert "2 kg" in plain(client.get(page("check_answers", month.popup.pk)))


def test_she_may_begin_again_from_what_is_ordered(desk, month):
    order = month.order({month.offers[0]: 500})
    call = Call(desk, month, order.membership)
    call.type("- len")

    call.type("", repartir="1")

    assert not Basket.objects.exists()
    assert held(order) == {month.offers[0].pk: 500}


def test_only_what_was_read_back_is_confirmed(desk, month):
    _, membership = month.member()
    call = Call(desk, month, membership)
    call.type("len ve 2")
    call.type("")
    ordering.fill_basket(
        popup=month.popup,
        membership=membership,
        quantities={month.offers[2].pk: 5000},
        now=now(),
    )  # on her own telephone

    assert "La commande a changé entre-temps." in call.type("")
    assert not Order.objects.exists()
    call.type("")
    assert held(Order.objects.get()) == {month.offers[2].pk: 5000}


def test_enter_once_too_often_orders_once(desk, month):
    _, membership = month.member()
    call = Call(desk, month, membership)
    call.type("len ve 2")
    call.type("")
    sent = {"ligne": "", "relu": call.hidden("relu")[0]}

    first, second = (desk.post(call.url, sent) for _ in range(2))

    assert first.url == second.url
    assert Event.objects.filter(order=Order.objects.get()).count() == 1


def test_with_htmx_one_part_comes_back_and_the_end_leads_on(desk, month):
    _, membership = month.member()
    call = Call(desk, month, membership)
    call.type("len ve 2")
    part = desk.post(call.url, {"ligne": ""}, headers={"HX-Request": "true"})
    relu = re.search(r'name="relu" value="([^"]*)"', part.text)[1]

    end = desk.post(call.url, {"ligne": "", "relu": relu}, headers={"HX-Request": "true"})

    assert "<html" not in part.text and len(part.text) < 3000
    assert end.headers["HX-Redirect"] == page("say_order", Order.objects.get().pk)


def test_no_page_tells_a_share_a_cost_or_a_price(desk, month):
    order = month.order({month.offers[0]: 1500}, share_percent=50)
    call = Call(desk, month, order.membership)
    pages = [call.answer, desk.get(page("order_history", order.pk))]
    for line in ("len 2,5", "1", ""):
        call.type(line)
        pages.append(call.answer)
    pages.append(desk.get(page("say_order", order.pk)))

    assert "À payer à l’épicerie : 3,40 €" in plain(pages[1])
    for answer in pages:
        for secret in ("50 %", "50\u00a0%", "4,80", "3,20", "1,60"):
            assert secret not in answer.text.replace("Par 500", "")


def test_once_closed_nothing_is_written_for_her(desk, month):
    order = month.order({month.offers[0]: 500})
    Cycle.objects.update(closes_at=now())

    url = take(month, order.membership)
    answer = desk.post(url, {"ligne": "far 2"})

    assert answer.url == page("member", order.membership_id)
    assert held(order) == {month.offers[0].pk: 500}
    assert not Basket.objects.exists()
    assert url not in desk.get(page("order_history", order.pk)).text
    assert desk.get(page("telephone", month.cycle.pk)).url == page("cycle", month.cycle.pk)


def test_it_is_for_the_shop_of_her_group_and_while_she_is_a_member(desk, month):
    _, membership = month.member()
    other = collectives.add_group(
        collective=month.collective, name="Monclar", commune=month.group.commune, place="X"
    )
    elsewhere = joining.join_group(group=other, household=PersonFactory().household, now=month.now)
    joining.leave_group(membership=membership, now=month.now)

    assert desk.get(take(month, elsewhere)).status_code == 404
    assert desk.get(take(month, membership)).status_code == 404


@pytest.mark.parametrize("who", ["member", "other coordinator", "till"])
def test_nobody_else_orders_for_her(client, month, who):
    person, membership = month.member()
    somebody = {
        "member": lambda: person,
        "other coordinator": lambda: RoleFactory().person,
        "till": lambda: RoleFactory(structure=month.collective.structure, kind="till").person,
    }[who]()
    client.force_login(somebody)

    assert client.get(take(month, membership)).status_code == 404
    assert client.post(take(month, membership), {"ligne": "len ve 1"}).status_code == 404


@pytest.mark.parametrize("products", [3, 100])
def test_the_page_costs_the_same_for_any_number(client, products, django_assert_num_queries):
    month = open_month(now=now(), products=products)
    _, membership = month.member()
    client.force_login(month.coordinator)

    with django_assert_num_queries(11):
        client.get(take(month, membership))
    with django_assert_num_queries(23):
        client.post(take(month, membership), {"ligne": f"{month.offers[0].product.name} 2 kg"})
