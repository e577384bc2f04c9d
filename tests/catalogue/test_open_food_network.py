"""Open Food Network's files, as they are."""

from pathlib import Path

import pytest

from croqualim.catalogue.rules.cells import Reason
from croqualim.catalogue.rules.columns import read_sheet
from croqualim.catalogue.rules.deciding import Outcome, counts, decide, entries_of
from tests.catalogue.spreadsheets import as_csv

HEADERS = [
    *["producer", "sku", "name", "display_name", "category", "description", "units", "unit_type"],
    *["variant_unit_name", "price", "on_hand", "on_demand", "shipping_category", "tax_category"],
]


def line(number):
    return [
        *["User Enterprise", str(number), f"Imported Product {number}", "Orange Tree"],
        *["Vegetables", "", str(number), "g", "", str(number + 1), str(number + 99), ""],
        *["Shipping Category Name", "Tax Category Name"],
    ]


# Open Food Network's own sample of 120 products, written again; and the file itself where it lies.
SAMPLE = as_csv(HEADERS, *map(line, range(1, 121)), delimiter=",", ends="\n")
FILE = Path(__file__).parents[3] / "shared/data/ofn_sample_120_products.csv"
SAMPLES = [SAMPLE, *([FILE.read_bytes()] if FILE.exists() else [])]


def decided(**cells):
    row = dict.fromkeys(HEADERS, "") | {"producer": "Verger", "name": "Pommes", "price": "2"}
    content = as_csv(HEADERS, list((row | cells).values()), delimiter=",")
    return decide(entries_of(read_sheet(content)), [], {})[0]


@pytest.mark.parametrize("content", SAMPLES)
def test_its_sample_of_120_products_makes_120_products(content):
    decisions = decide(entries_of(read_sheet(content)), [], {})

    assert counts(decisions) == {"create": 120, "change": 0, "same": 0, "refused": 0, "doubtful": 0}
    assert len({decision.values["name"] for decision in decisions}) == 120
    assert decisions[119].values["price_cents"] == 12_100
    assert decisions[119].values["priced_quantity"] == 120


@pytest.mark.parametrize("content", SAMPLES)
def test_columns_of_no_use_here_are_named(content):
    assert read_sheet(content).ignored == tuple(HEADERS[10:])


@pytest.mark.parametrize(
    ("units", "unit_type", "item", "unit", "quantity"),
    [
        ("250", "g", "", "g", 250),
        ("0.25", "kg", "", "g", 250),
        ("1,5", "kg", "", "g", 1500),
        ("1", "T", "", "g", 1_000_000),
        ("750", "mL", "", "ml", 750),
        ("2", "L", "", "ml", 2000),
        ("1", "", "bottes", "piece", 1),
        ("6.0", "", "œufs", "piece", 6),
    ],
)
def test_the_price_is_for_the_units_of_the_line(units, unit_type, item, unit, quantity):
    values = decided(units=units, unit_type=unit_type, variant_unit_name=item).values

    assert (values["unit"], values["priced_quantity"]) == (unit, quantity)
    assert (values["step_quantity"], values["packaging_quantity"]) == (quantity, quantity)
    assert (values["price_cents"], values["packaging_name"]) == (200, item)


@pytest.mark.parametrize(
    ("units", "unit_type", "reason"),
    [
        ("1", "lb", Reason.NOT_METRIC),
        ("0.5", "g", Reason.NOT_A_QUANTITY),
        ("0.5", "", Reason.NOT_A_QUANTITY),
        ("0", "kg", Reason.NOT_A_QUANTITY),
        ("-1", "kg", Reason.NOT_A_QUANTITY),
        ("NaN", "kg", Reason.NOT_A_QUANTITY),
        ("1e99", "kg", Reason.NOT_A_QUANTITY),
        ("1", "bottes", Reason.NOT_A_QUANTITY),
        ("", "kg", Reason.MISSING),
    ],
)
def test_units_that_are_no_whole_number_are_refused(units, unit_type, reason):
    decision = decided(units=units, unit_type=unit_type)

    assert decision.outcome is Outcome.REFUSED
    assert decision.problems[0].reason is reason


@pytest.mark.parametrize(
    ("category", "family"),
    [
        ("Vegetables", "vegetables"),
        ("Dairy & Eggs", "dairy"),
        ("Fruits", "fruit"),
        ("?", "grocery"),
    ],
)
def test_categories_find_their_family(category, family):
    assert decided(units="1", unit_type="kg", category=category).values["family"] == family


def test_variants_without_a_sku_are_told_apart_by_display_name_and_size():
    rows = [
        dict.fromkeys(HEADERS, "")
        | {"producer": "Verger", "name": "Pommes", "price": "2", "unit_type": "kg"}
        | variant
        for variant in (
            {"units": "1"},
            {"units": "5"},
            {"units": "1", "display_name": "Fuji"},
            {"units": "1", "display_name": "POMMES"},
        )
    ]

    decisions = decide(
        entries_of(read_sheet(as_csv(HEADERS, *[list(row.values()) for row in rows]))), [], {}
    )

    assert [decision.name for decision in decisions] == [
        "Pommes · 1 kg",
        "Pommes · 5 kg",
        "Pommes · Fuji · 1 kg",
        "Pommes · 1 kg",
    ]
    assert decisions[3].problems[0].reason is Reason.REPEATED
