"""The file a coordinator really has: what is understood of it, and what is only guessed."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from croqualim.catalogue.rules.cells import Reason
from croqualim.catalogue.rules.columns import Plan, PriceBasis, Row, read_sheet
from croqualim.catalogue.rules.deciding import Outcome, decide, entries_of
from croqualim.catalogue.rules.guessing import understood
from tests.catalogue.spreadsheets import as_csv


def line(name, price="80", **cells):
    row = Row(7, {"producer": "Ferme", "name": name, "price": price, **cells}, overflows=False)
    return understood(row, Plan({}), set())


@pytest.mark.parametrize(
    ("written", "name", "packaging"),
    [
        ("Lentilles vertes 25KG", "Lentilles vertes", "25KG"),
        ("Lentilles vertes - 25 kg", "Lentilles vertes", "25 kg"),
        ("Farine T65 (sac de 25 kg)", "Farine T65", "sac de 25 kg"),
        ("Huile d'olive bidon 5L", "Huile d'olive", "bidon de 5L"),
        ("Huile d’olive en bidon de 5 litres", "Huile d’olive", "bidon de 5 litres"),
        ("Jus de pomme 6 x 75cl", "Jus de pomme", "6 x 75cl"),
        ("Œufs x30", "Œufs", "30 pièces"),
        ("Œufs par 30", "Œufs", "30 pièces"),
        ("Savon (12 pièces)", "Savon", "12 pièces"),
        ("Yaourt lot de 4", "Yaourt", "lot de 4 pièces"),
        ("Miel pot 1,5kg", "Miel", "pot de 1,5kg"),
    ],
)
def test_a_size_in_a_name_is_found_and_doubted(written, name, packaging):
    found = line(written)

    assert (found.row.cells["name"], found.row.cells["packaging"]) == (name, packaging)
    assert found.doubts[0].reason is Reason.SIZE_FROM_NAME


@pytest.mark.parametrize(
    "name",
    ["Farine T65", "Vin 2024", "Pâtes n° 5", "7 céréales", "25 kg", "Riz", "Mélange 4 épices"],
)
def test_a_figure_that_is_no_size_stays_in_the_name(name):
    found = line(name)

    assert found.row.cells["name"] == name
    assert found.doubts == ()


def test_a_product_known_by_its_whole_name_keeps_it():
    row = Row(1, {"name": "Farine 25 kg", "price": "3"}, overflows=False)

    found = understood(row, Plan({}), {"farine 25 kg"})

    assert found.row.cells["name"] == "Farine 25 kg"


@pytest.mark.parametrize(
    ("written", "price", "priced"),
    [
        ("12,50 €/kg", "12,50 €", "1 kg"),
        ("3.20 euros par litre", "3.20 euros", "1 l"),
        ("80 € le sac", "80 €", "25 kg"),
        ("1 234,50 €", "1 234,50 €", None),
        ("1.234,50", "1234,50", None),
        ("1,234.50", "1234.50", None),
        ("0,28 € la pièce", "0,28 €", "1 pièce"),
        ("12,50 € HT", "12,50 €", None),
    ],
)
def test_a_price_says_what_it_is_for(written, price, priced):
    found = line("Riz", written, packaging="sac de 25 kg")

    assert found.row.cells["price"].strip() == price
    assert found.row.cells.get("priced") == priced


@given(st.text(max_size=60), st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_written_nothing_breaks_and_nothing_is_lost(name, price, packaging):
    found = line(name, price, packaging=packaging)

    assert found.row.number == 7
    if found.row.cells["name"] != name:
        assert name.split()[0][:1] in found.row.cells["name"] or found.doubts or " " in name


REAL = [
    ["Tarif hiver 2026 - La Ferme du Puy", "", "", ""],
    ["", "", "", ""],
    ["Réf.", "Désignation", "Prix sac HT", "Origine"],
    ["GAEC des Lentilles", "", "", ""],
    ["L1", "Lentilles vertes 25KG", "80,00 €", "Haute-Loire"],
    ["", "", "", ""],
    ["L2", "Pois chiches 10 kg", "1 234,50 €", "Gard"],
    ["Moulin d’Aval", "", "", ""],
    ["M1", "Farine T65 sac 25kg", "31,25", "Drôme"],
]


def xlsx(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.active.merge_cells("A1:D1")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


FILES = {
    "windows": as_csv(*REAL, encoding="cp1252"),
    "utf-8 with mark": as_csv(*REAL, encoding="utf-8-sig"),
    "utf-8, commas": as_csv(*REAL, delimiter=","),
    "utf-16": as_csv(*REAL, encoding="utf-16", delimiter="\t"),
    "utf-16 without mark": as_csv(*REAL, encoding="utf-16-le"),
    "excel": xlsx(REAL),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_a_real_file_is_understood_however_it_was_saved(content):
    sheet = read_sheet(content)
    entries = entries_of(sheet)

    assert sheet.plan.basis is PriceBasis.PACKAGE
    assert [(e.producer, e.said["name"], e.said["price_cents"]) for e in entries] == [
        ("GAEC des Lentilles", "Lentilles vertes", 320),  # 80 € the sack: 3,20 € a kilo
        ("GAEC des Lentilles", "Pois chiches", 12345),
        ("Moulin d’Aval", "Farine T65", 125),
    ]
    assert [e.said["priced_quantity"] for e in entries] == [1000, 1000, 1000]
    assert entries[0].said["packaging_quantity"] == 25_000
    assert entries[0].assumed["step_quantity"] == 1000
    assert Reason.PRICE_ODD in {doubt.reason for doubt in entries[1].doubts}  # 123 € a kilo
    decisions = decide(entries, [], {})
    assert [d.outcome for d in decisions] == [Outcome.CREATE] * 3
    assert all(d.is_doubtful for d in decisions)


def test_a_price_that_does_not_fall_even_by_the_kilo_stays_the_sack_s():
    (entry,) = entries_of(read_sheet(as_csv(["Nom", "Prix sac"], ["Riz 3 kg", "10,00"])))

    assert (entry.said["price_cents"], entry.said["priced_quantity"]) == (1000, 3000)


def test_somebody_says_what_the_price_is_for():
    content = as_csv(["Nom", "Prix", "Cond."], ["Riz", "2,50", "sac de 25 kg"])
    guessed = read_sheet(content).plan

    plan = Plan(guessed.places, PriceBasis.KILO, "Rizières")
    (entry,) = entries_of(read_sheet(content, plan))

    assert entry.producer == "Rizières"
    assert (entry.said["price_cents"], entry.said["priced_quantity"]) == (250, 1000)
    assert entry.doubts == ()
