"""Each line of a spreadsheet gets one decision; what was applied once is the same afterwards."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from croqualim.catalogue.rules.cells import Reason
from croqualim.catalogue.rules.columns import PriceBasis, read_sheet
from croqualim.catalogue.rules.deciding import (
    BLANK,
    Known,
    Outcome,
    counts,
    decide,
    entries_of,
)
from croqualim.catalogue.rules.entries import Entry
from croqualim.catalogue.rules.stored import decision_from, entry_from, to_json
from croqualim.kernel.text import fold
from tests.catalogue.spreadsheets import HEADERS, HONEY, LENTILS, as_csv

LENTILS_KNOWN = {
    **BLANK,
    "sku": "LEN",
    "name": "Lentilles vertes",
    "family": "grocery",
    "unit": "g",
    "step_quantity": 500,
    "packaging_quantity": 25_000,
    "packaging_name": "sac",
    "price_cents": 320,
    "priced_quantity": 1000,
}
SUN = {"ferme du soleil": (7,)}


def known(product_id=1, producer_id=7, **changes):
    return Known(product_id, producer_id, {**LENTILS_KNOWN, **changes})


def decided(*rows, headers=HEADERS, catalogue=(), producers=SUN):
    return decide(entries_of(read_sheet(as_csv(headers, *rows))), catalogue, producers)


def said(**changes):
    row = dict(zip(HEADERS, LENTILS, strict=True))
    return list((row | changes).values())


def test_a_new_product_is_created_with_all_that_the_line_says():
    [decision] = decided(LENTILS)

    assert decision.outcome is Outcome.CREATE
    assert decision.values == LENTILS_KNOWN
    assert decision.producer_id == 7


def test_the_same_line_against_the_same_product_is_the_same():
    [decision] = decided(LENTILS, catalogue=[known()])

    assert (decision.outcome, decision.values) == (Outcome.SAME, {})


def test_what_differs_is_told_field_by_field():
    [decision] = decided(said(Prix="3,40", Nom="Lentilles"), catalogue=[known()])

    assert decision.outcome is Outcome.CHANGE
    assert decision.values == {"price_cents": 340, "name": "Lentilles"}
    assert decision.before["price_cents"] == 320


def test_an_empty_cell_and_a_missing_column_change_nothing():
    catalogue = [known(origin="Arles", allergens=["gluten"], is_active=False)]

    [decision] = decided(
        ["Ferme du Soleil", "LEN", "", "3,20"],
        headers=["Producteur", "Code", "Allergènes", "Prix"],
        catalogue=catalogue,
    )

    assert decision.outcome is Outcome.SAME


def test_a_price_list_of_three_columns_is_enough_to_change_prices():
    headers = ["Producteur", "Produit", "Prix"]

    found, unknown = decided(
        ["Ferme du Soleil", "LENTILLES  vertes", "3,40"],
        ["Ferme du Soleil", "Pois chiches", "3,40"],
        headers=headers,
        catalogue=[known(name="lentilles vertes")],
    )

    assert found.values["price_cents"] == 340
    assert unknown.outcome is Outcome.REFUSED
    assert {problem.reason for problem in unknown.problems} == {Reason.MISSING}


def test_a_sku_is_given_to_the_product_that_had_none():
    [decision] = decided(LENTILS, catalogue=[known(sku="")])

    assert decision.values == {"sku": "LEN"}


def test_a_line_with_its_code_and_one_without_are_not_one_product():
    with_code, without = decided(LENTILS, said(Code=""), catalogue=[known()])

    assert with_code.outcome is Outcome.SAME
    assert without.outcome is Outcome.CREATE


def test_the_second_line_of_a_product_names_the_first():
    first, second = decided(LENTILS, said(Nom="Autres"))

    assert first.outcome is Outcome.CREATE
    assert second.problems[0].reason is Reason.REPEATED
    assert second.problems[0].line == 2


def test_a_line_in_error_does_not_stop_the_others():
    outcomes = [d.outcome for d in decided(said(Prix="gratuit"), HONEY, said(Pour="1 L"))]

    assert outcomes == [Outcome.REFUSED, Outcome.CREATE, Outcome.REFUSED]


def test_every_problem_of_a_line_is_told_at_once():
    [decision] = decided(said(Prix="cher", Conditionnement="vrac"))

    assert {p.reason for p in decision.problems} == {Reason.NOT_A_PRICE, Reason.NOT_PACKAGING}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Producteur": ""}, Reason.MISSING),
        ({"Nom": "", "Code": ""}, Reason.MISSING),
        ({"Pour": "1"}, Reason.UNITS_DIFFER),
        ({"Se commande par": "1 pièce"}, Reason.UNITS_DIFFER),
        ({"Nom": "a" * 151}, Reason.TOO_LONG),
    ],
)
def test_what_cannot_be_taken_is_refused(changes, reason):
    [decision] = decided(said(**changes))

    assert [problem.reason for problem in decision.problems] == [reason]


def test_a_product_never_changes_its_unit():
    rows = {"Se commande par": "1", "Conditionnement": "12", "Pour": "1 pièce"}

    [decision] = decided(said(**rows), catalogue=[known()])

    assert decision.problems[0].reason is Reason.UNIT_FIXED


def test_a_name_that_several_structures_or_products_bear_is_asked_about():
    [several_producers] = decided(LENTILS, producers={"ferme du soleil": (7, 8)})
    [several_products] = decided(said(Code=""), catalogue=[known(1), known(2, sku="LEN2")])

    assert several_producers.problems[0].reason is Reason.SEVERAL_PRODUCERS
    assert several_products.problems[0].reason is Reason.SEVERAL_PRODUCTS


# Few producers, codes and names, so that lines and products often meet.
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["Soleil", "SOLEIL", "Lune", "Double", ""]),
        st.sampled_from(["", "", "A", "B"]),
        st.sampled_from(["Riz", "riz", "Blé", ""]),
        st.sampled_from(["500 g", "500 g", "", "1 pièce"]),
        st.sampled_from(["25 kg", "sac de 5 kg", "", "12"]),
        st.sampled_from(["3", "3", "4", "", "cher"]),
        st.sampled_from(["1 kg", "1 kg", "1 kg", "1 pièce", ""]),
    ),
    min_size=1,
    max_size=8,
)
PRODUCTS = st.lists(
    st.tuples(
        st.sampled_from([1, 2]),
        st.sampled_from(["", "A", "B"]),
        st.sampled_from(["Riz", "Blé"]),
    ),
    max_size=5,
    unique_by=lambda p: (p[0], p[1] or fold(p[2])),
).map(
    lambda products: [
        known(product_id, producer_id, sku=sku, name=name)
        for product_id, (producer_id, sku, name) in enumerate(products, start=1)
    ]
)
PRODUCERS = {"soleil": (1,), "double": (2, 3)}


def applied(decisions, catalogue, producers):
    """The catalogue and the producers after the decisions, as the actions would leave them."""
    products = {product.product_id: product for product in catalogue}
    producers = dict(producers)
    for decision in decisions:
        if decision.outcome is Outcome.CREATE:
            ids = producers.setdefault(fold(decision.producer), (100 + len(producers),))
            product_id = 1000 + len(products)
            products[product_id] = Known(product_id, ids[0], decision.values)
        elif decision.outcome is Outcome.CHANGE:
            before = products[decision.product_id]
            products[before.product_id] = Known(
                before.product_id, before.producer_id, {**before.values, **decision.values}
            )
    return list(products.values()), producers


def identities(catalogue):
    return [(p.producer_id, p.sku, "" if p.sku else p.folded_name) for p in catalogue]


@settings(deadline=None)
@given(ROWS, PRODUCTS)
def test_every_line_has_one_decision_and_a_second_time_nothing_happens(rows, catalogue):
    sheet = read_sheet(as_csv(HEADERS, *rows))
    entries = entries_of(sheet)

    first = decide(entries, catalogue, PRODUCERS)
    after, producers = applied(first, catalogue, PRODUCERS)
    second = decide(entries, after, producers)

    assert [d.line for d in first] == [row.number for row in sheet.rows]
    assert sum(counts(first).values()) == len(sheet.rows)
    for before, now in zip(first, second, strict=True):
        refused = before.outcome is Outcome.REFUSED
        assert now.outcome is (Outcome.REFUSED if refused else Outcome.SAME)
        assert bool(now.problems) == refused


@settings(deadline=None)
@given(ROWS, PRODUCTS)
def test_no_two_lines_touch_one_product_and_none_makes_a_double(rows, catalogue):
    decisions = decide(entries_of(read_sheet(as_csv(HEADERS, *rows))), catalogue, PRODUCERS)

    touched = [d.product_id for d in decisions if d.product_id and not d.problems]
    after, _producers = applied(decisions, catalogue, PRODUCERS)

    assert len(touched) == len(set(touched))
    assert len(identities(after)) == len(set(identities(after)))
    assert all(d.values for d in decisions if d.outcome in (Outcome.CREATE, Outcome.CHANGE))


@settings(deadline=None)
@given(ROWS, PRODUCTS)
def test_what_is_kept_between_two_pages_comes_back_as_it_was(rows, catalogue):
    entries = entries_of(read_sheet(as_csv(HEADERS, *rows)))
    decisions = decide(entries, catalogue, PRODUCERS)

    assert [entry_from(to_json(entry)) for entry in entries] == entries
    assert [decision_from(to_json(decision)) for decision in decisions] == decisions


def test_spaces_and_line_ends_that_a_spreadsheet_loses_are_no_difference():
    entry = Entry(2, "Ferme du Soleil", {"sku": "LEN", "description": "a\nb", "name": "Lentilles"})

    [decision] = decide([entry], [known(description=" a\r\nb", name="Lentilles ")], SUN)

    assert decision.outcome is Outcome.SAME


@pytest.mark.parametrize(
    "written", ["Lentilles vertes sac 25kg", "Lentille verte", "LENTILLES VERTES - 25 kg"]
)
def test_a_product_named_with_its_size_or_in_the_singular_is_found_and_asked_about(written):
    [decision] = decided(said(Nom=written, Code="", Prix="3,10"), catalogue=[known()])

    assert decision.outcome is Outcome.CHANGE
    assert decision.product_id == 1
    assert decision.values["price_cents"] == 310
    assert "name" not in decision.values
    assert decision.is_doubtful
    assert decision.doubts[0].reason is Reason.SAME_PRODUCT


def test_of_two_that_may_be_meant_neither_is_taken():
    catalogue = [known(1, name="Lentilles vertes 5 kg"), known(2, sku="B", name="Lentille verte")]

    [decision] = decided(said(Nom="Lentilles vertes sac 25kg", Code=""), catalogue=catalogue)

    assert decision.outcome is Outcome.CREATE


def test_a_title_that_is_a_family_is_nobody_who_makes_it():
    headers = ["Nom", "Prix", "Pour"]
    rows = [["Ferme du Soleil", "", ""], ["LÉGUMES", "", ""], ["Poireaux", "2,50", "1 kg"]]

    [decision] = decided(*rows, headers=headers)

    assert decision.producer == "Ferme du Soleil"
    assert decision.values["family"] == "vegetables"


def test_who_is_said_to_make_it_wins_over_the_titles():
    content = as_csv(["Nom", "Prix", "Pour"], ["Promotions", "", ""], ["Poireaux", "2,50", "1 kg"])
    plan = read_sheet(content).plan

    [row] = read_sheet(content, replace(plan, producer="Ferme du Soleil")).rows

    assert row.cells["producer"] == "Ferme du Soleil"


@pytest.mark.parametrize("heading", ["€ / kg", "€/kg"])
def test_euros_by_the_kilo_is_a_price(heading):
    sheet = read_sheet(as_csv(["Désignation", heading], ["Poireaux", "2,50"]))

    assert sheet.plan.places["price"] == 1
    assert sheet.plan.basis is PriceBasis.KILO


def test_a_price_below_nothing_is_called_negative():
    [decision] = decided(said(Prix="-3,20"))

    assert [problem.reason for problem in decision.problems] == [Reason.NEGATIVE_PRICE]
