"""What a line typed during a call means: initials, quantities, answers. No database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.rules.dictation import Item, Taken, Unknown, Waiting, dictate, hear
from croqualim.groupbuy.rules.matching import Fit, find, named, sure
from croqualim.groupbuy.rules.ordering import Offered, Reason, problems_with
from croqualim.groupbuy.rules.quantities import said_quantity
from croqualim.groupbuy.rules.stages import Stage
from croqualim.kernel.quantity import Unit, in_words

G, ML, PIECE = Unit.GRAM, Unit.MILLILITRE, Unit.PIECE
SHELF = {
    "Farine de blé T65": (G, 1000),
    "Farine de blé T80": (G, 1000),
    "Farine complète T150": (G, 1000),
    "Riz rond de Camargue": (G, 500),
    "Lentilles vertes": (G, 500),
    "Lentilles corail": (G, 500),
    "Pois chiches": (G, 500),
    "Farine de pois chiche": (G, 500),
    "Pois cassés": (G, 500),
    "Pommes Golden": (G, 1000),
    "Pommes de terre": (G, 1000),
    "Ail blanc": (G, 250),
    "Cerneaux de noix": (G, 250),
    "Noix de cajou": (G, 250),
    "Huile d’olive vierge extra": (ML, 500),
    "Huile d’olive, le bidon de 5 litres": (PIECE, 1),
    "Compote de pommes": (PIECE, 1),
    "Œufs plein air, les six": (PIECE, 1),
    "Thé vert": (G, 250),
    "Savon de Marseille 72 %": (PIECE, 1),
}
NAMES = list(SHELF)


def shelf(*, hers=(), left=None):
    return [
        Item(named(key, name, is_hers=name in hers), unit, Offered(step, left))
        for key, (name, (unit, step)) in enumerate(SHELF.items(), 1)
    ]


def key(name):
    return NAMES.index(name) + 1


def names(keys):
    return [NAMES[one - 1] for one in keys]


# ---------------------------------------------------------------------------- what is understood


@pytest.mark.parametrize(
    ("line", "name", "quantity"),
    [
        ("len ve 2", "Lentilles vertes", 2000),
        ("le ve 2", "Lentilles vertes", 2000),
        ("lv 2", "Lentilles vertes", 2000),
        ("po ch 1", "Pois chiches", 1000),
        ("far po ch 1", "Farine de pois chiche", 1000),
        ("2 len cor", "Lentilles corail", 2000),
        ("2 kg len cor", "Lentilles corail", 2000),
        ("3 kilos de lentilles vertes", "Lentilles vertes", 3000),
        ("lentille verte 1,5", "Lentilles vertes", 1500),
        ("LENTILLES VERTES 500 G", "Lentilles vertes", 500),
        ("lantilles vertes 2", "Lentilles vertes", 2000),
        ("lent vetres 2", "Lentilles vertes", 2000),
        ("len ver x2", "Lentilles vertes", 2000),
        ("3 x the", "Thé vert", 3000),
        ("thé 250", "Thé vert", 250),
        ("farine t65 2kg", "Farine de blé T65", 2000),
        ("far 65 2", "Farine de blé T65", 2000),
        ("2 far 65", "Farine de blé T65", 2000),
        ("oeuf 12", "Œufs plein air, les six", 12),
        ("œufs 2", "Œufs plein air, les six", 2),
        ("2 pièces oeuf", "Œufs plein air, les six", 2),
        ("huile ol 1,5 l", "Huile d’olive vierge extra", 1500),
        ("huile olive 50 cl", "Huile d’olive vierge extra", 500),
        ("savon 72 2", "Savon de Marseille 72 %", 2),
        ("riz camargue 0.5", "Riz rond de Camargue", 500),
        ("#12 250 g", "Ail blanc", 250),
    ],
)
def test_initials_and_a_quantity_either_way_round(line, name, quantity):
    assert hear(line, shelf(), {}) == Taken(key(name), quantity)


@pytest.mark.parametrize(
    ("line", "candidates"),
    [
        ("len 2", ["Lentilles vertes", "Lentilles corail"]),
        ("pc 1", ["Pois chiches", "Pois cassés"]),
        ("noix 1", ["Noix de cajou", "Cerneaux de noix"]),  # where it begins the name, first
        ("pom 2", ["Pommes Golden", "Pommes de terre", "Compote de pommes"]),
        ("pom 2 kg", ["Pommes Golden", "Pommes de terre"]),  # jars are not weighed
        ("lantilles 2", ["Lentilles vertes", "Lentilles corail"]),
    ],
)
def test_what_may_be_several_things_is_asked(line, candidates):
    heard = hear(line, shelf(), {})

    assert isinstance(heard, Waiting) and heard.is_which
    assert names(heard.candidates) == candidates


@pytest.mark.parametrize("line", ["mangue 2", "2", "", "12 kg", "%", "#99 1", "#", "x", "- mangue"])
def test_what_is_not_there_is_unknown(line):
    assert isinstance(hear(line, shelf(), {}), Unknown)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("ail", None),
        ("savon 72", None),  # its name, not seventy-two of them
        ("oeuf 2 kg", None),
        ("ail 0,3", Reason.NOT_A_STEP),
        ("farine t65 1,5 kg", Reason.NOT_A_STEP),
        ("oeuf 201", Reason.TOO_MUCH),
    ],
)
def test_a_quantity_that_is_missing_or_cannot_be_is_asked_again(line, reason):
    heard = hear(line, shelf(), {})

    assert isinstance(heard, Waiting) and not heard.is_which
    assert (heard.problem.reason if heard.problem else None) is reason


def test_no_more_than_is_left():
    heard = hear("ail 1", shelf(left=500), {})

    assert heard.problem.reason is Reason.NOT_ENOUGH_LEFT
    assert heard.problem.left == 500


def test_what_she_usually_takes_is_meant_when_nothing_else_of_hers_can_be():
    hers = shelf(hers=["Cerneaux de noix", "Lentilles corail"])

    assert hear("noix 1", hers, {}) == Taken(key("Cerneaux de noix"), 1000)
    assert hear("len 2", hers, {}) == Taken(key("Lentilles corail"), 2000)
    both = shelf(hers=["Lentilles corail", "Lentilles vertes"])
    assert isinstance(hear("len 2", both, {}), Waiting)


@pytest.mark.parametrize("line", ["- len", "-len", "− lentilles", "len 0", "0 len", "len 0 kg"])
def test_only_what_is_in_the_order_can_be_taken_out(line):
    basket = {key("Lentilles corail"): 500, key("Ail blanc"): 250}

    assert hear(line, shelf(), basket) == Taken(key("Lentilles corail"), 0)
    assert hear(line, shelf(), {}) == Unknown(line, is_removal=True)


# ---------------------------------------------------------------------------- answers


@pytest.mark.parametrize("answer", ["2", "cor", "corail", "lc"])
def test_a_figure_or_another_word_answers(answer):
    said = dictate([answer], waiting=["len 2"], items=shelf(), basket={})

    assert said.taken == (Taken(key("Lentilles corail"), 2000),)
    assert not said.waiting


def test_a_quantity_answers_how_much():
    said = dictate(["500"], waiting=["ail 0,3"], items=shelf(), basket={})

    assert said.taken == (Taken(key("Ail blanc"), 500),)


@pytest.mark.parametrize("letting_go", ["0", "-"])
def test_nothing_lets_the_line_go(letting_go):
    said = dictate([letting_go], waiting=["len 2", "pc 1"], items=shelf(), basket={})

    assert not said.taken
    assert [one.text for one in said.waiting] == ["pc 1"]


def test_another_line_leaves_the_question_open_but_a_better_one_settles_it():
    other = dictate(["ail 500"], waiting=["len 2"], items=shelf(), basket={})
    better = dictate(["len vert 3"], waiting=["len 2"], items=shelf(), basket={})

    assert (len(other.taken), len(other.waiting)) == (1, 1)
    assert better.taken == (Taken(key("Lentilles vertes"), 3000),)
    assert not better.waiting


def test_the_figure_of_something_that_is_not_shown_answers_nothing():
    said = dictate(["7"], waiting=["len 2"], items=shelf(), basket={})

    assert [one.text for one in said.waiting] == ["len 2"]
    assert not said.taken


# ---------------------------------------------------------------------------- for any line

LETTERS = st.text(alphabet="abcdefilmnoprstuvé '#-x,.0123456789kgl%", max_size=30)
LINES = st.one_of(st.text(max_size=60), LETTERS)


@given(LINES, st.integers(0, 2000))
def test_whatever_is_typed_nothing_impossible_is_ordered(line, left):
    items = shelf(left=left)

    heard = hear(line, items, {})

    if isinstance(heard, Taken) and heard.quantity:
        offers = {item.key: item.offered for item in items}
        assert not problems_with({heard.key: heard.quantity}, offers, stage=Stage.OPEN)
    if isinstance(heard, Waiting):
        assert heard.candidates
        assert len(set(heard.candidates)) == len(heard.candidates)


@given(st.sampled_from(NAMES), st.integers(1, 20))
def test_a_whole_name_is_always_understood(name, steps):
    unit, step = SHELF[name]
    quantity = in_words(steps * step, unit)

    for line in (f"{name} {quantity}", f"{quantity} {name}"):
        assert hear(line, shelf(), {}) == Taken(key(name), steps * step)


@given(st.lists(st.sampled_from(["len ve 2", "ail 500", "oeuf 3", "2 far 65", "huile ol 1 l"])))
def test_pasted_or_typed_one_by_one_it_is_the_same_order(lines):
    pasted = dictate(lines, waiting=[], items=shelf(), basket={})
    typed = [hear(line, shelf(), {}) for line in lines]

    assert {one.key: one.quantity for one in pasted.taken} == {
        one.key: one.quantity for one in typed
    }


@given(LINES, st.integers(1, 9))
def test_a_question_s_figure_is_about_what_it_showed(line, figure):
    asked = hear(line, shelf(), {})
    if isinstance(asked, Waiting) and asked.is_which and figure <= len(asked.candidates):
        said = dictate([str(figure)], waiting=[asked.text], items=shelf(), basket={})
        meant = asked.candidates[figure - 1]

        assert [one.key for one in said.taken] in ([meant], [])
        assert [one.candidates for one in said.waiting] in ([(meant,)], [])


@given(st.lists(st.sampled_from(NAMES), unique=True), st.sampled_from(["pom", "len", "noix", "h"]))
def test_hers_come_first_and_the_order_does_not_depend_on_the_day(hers, asked):
    products = [item.named for item in shelf(hers=hers)]

    found = find(asked, products)

    assert found == find(asked, products)
    flags = [one.product.is_hers for one in found]
    assert flags == sorted(flags, reverse=True)


def test_the_very_name_wins_over_longer_ones():
    products = [named(1, "Riz rond"), named(2, "Riz"), named(3, "Riz long", is_hers=True)]

    assert sure(find("riz", products)).key == 2
    assert find("riz", products)[0].fit is Fit.WHOLE_NAME


@pytest.mark.parametrize(
    ("text", "unit", "quantity"),
    [
        ("2", G, 2000),
        ("1,5", G, 1500),
        ("500", G, 500),
        ("3 kilos", G, 3000),
        ("250 grammes", G, 250),
        ("2 litres", ML, 2000),
        ("75cl", ML, 750),
        ("6", PIECE, 6),
        ("6 pieces", PIECE, 6),
    ],
)
def test_quantities_as_people_say_them(text, unit, quantity):
    assert said_quantity(text, unit) == quantity


def test_packets_are_pieces_and_of_what_is_weighed_it_is_asked_how_much():
    assert hear("2 paquets savon", shelf(), {}) == Taken(key("Savon de Marseille 72 %"), 2)
    assert hear("2 paquets de savon", shelf(), {}) == Taken(key("Savon de Marseille 72 %"), 2)
    assert isinstance(hear("2 paquets ail", shelf(), {}), Waiting)
    assert hear("0 paquets savon", shelf(), {key("Savon de Marseille 72 %"): 1}) == Taken(
        key("Savon de Marseille 72 %"), 0
    )
