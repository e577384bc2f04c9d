"""What an invoice says of itself is read; what is no invoice, or would do harm, is refused."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.groupbuy.rules.facturx import (
    MAX_BYTES,
    FileReason,
    FileRefused,
    Line,
    read_invoice,
)
from croqualim.groupbuy.rules.invoices import (
    Agreement,
    Candidate,
    State,
    agreement,
    is_of_another,
    suggest,
)
from tests.groupbuy.invoice_files import facturx_pdf, facturx_xml, pdf_with, plain_pdf

BOMB = (
    b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>"""
)
OUTSIDE = b"""<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r>&x;</r>"""
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"


def refusal(content):
    with pytest.raises(FileRefused) as refused:
        read_invoice(content)
    return refused.value.reason


@pytest.mark.parametrize("made", [facturx_pdf, facturx_xml])
def test_facturx_is_read(made):
    read = read_invoice(made(tax="4.17", total="84.17", order="BC-12"))

    assert (read.number, read.issued_on) == ("F-2026-7", date(2026, 3, 15))
    assert (read.amount_cents, read.tax_cents) == (8417, 417)
    assert (read.seller_ids, read.order_references) == (("12345678200010",), ("BC-12",))
    assert read.lines == (Line("Lentilles vertes", "25 kg", 8000),)


def test_a_plain_pdf_says_nothing_and_is_taken():
    read = read_invoice(plain_pdf())

    assert (read.media, read.number, read.amount_cents) == ("pdf", "", None)


def test_another_attachment_is_not_read():
    assert read_invoice(pdf_with(facturx_xml(), "photo.xml")).number == ""


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (HTML, FileReason.NOT_AN_INVOICE),
        (b"PK\x03\x04zip", FileReason.NOT_AN_INVOICE),
        (b"%PDF-1.7\nnothing at all", FileReason.UNREADABLE),
        (plain_pdf(pages=0), FileReason.UNREADABLE),
        (plain_pdf(password="secret"), FileReason.UNREADABLE),
        (BOMB, FileReason.HOSTILE),
        (OUTSIDE, FileReason.HOSTILE),
        (pdf_with(BOMB), FileReason.HOSTILE),
        (pdf_with(OUTSIDE), FileReason.HOSTILE),
        (BOMB.decode().replace("1.0", "1.0").encode("utf-16"), FileReason.HOSTILE),
        (b"<svg/>", FileReason.NOT_FACTURX),
        (b"<unfinished", FileReason.NOT_FACTURX),
        (b'<?xml version="1.0" encoding="nowhere"?><a/>', FileReason.NOT_FACTURX),
        (facturx_xml(type_code="381"), FileReason.CREDIT_NOTE),
        (facturx_xml(currency="USD"), FileReason.NOT_EUROS),
        (b"%PDF-" + bytes(MAX_BYTES), FileReason.TOO_BIG),
        (b"<a>" + b" " * 1_000_000 + b"</a>", FileReason.TOO_BIG),
        (pdf_with(b"<a>" + b" " * 1_000_000 + b"</a>"), FileReason.TOO_BIG),
    ],
)
def test_what_is_refused(content, reason):
    assert refusal(content) == reason


@pytest.mark.parametrize("total", ["1e99999", "NaN", "-80.00", "0.00", "999999999.00", "8\u0668"])
def test_an_amount_that_is_none_is_left_to_be_typed(total):
    assert read_invoice(facturx_xml(total=total)).amount_cents is None


@pytest.mark.parametrize("day", ["20260231", "10000101", "2026-3-1"])
def test_a_day_that_is_none_is_left_to_be_typed(day):
    assert read_invoice(facturx_xml(day=day)).issued_on is None


def test_a_number_without_anything_to_read_is_left_to_be_typed():
    assert read_invoice(facturx_xml(number="\u202e \u200f")).number == ""
    assert read_invoice(facturx_xml(number="9" * 61)).number == ""


@given(st.binary(max_size=300), st.sampled_from([b"", b"%PDF-1.4\n", b"<", b"\xff\xfe<"]))
def test_whatever_the_bytes_they_are_read_or_refused(noise, start):
    with suppress(FileRefused):
        read_invoice(start + noise)


# --------------------------------------------------------------------------- what it is for

A, B, C = Candidate(1, "BC-1", 8000), Candidate(2, "BC-2", 500), Candidate(3, "BC-3", 0)


@pytest.mark.parametrize(
    ("references", "amount", "found"),
    [
        (["bc 2"], 8000, [2]),  # what it names, before its amount
        (["BC-10"], 8000, [1]),
        ([], 8500, [1, 2]),
        ([], 8400, []),
        ([], None, []),
    ],
)
def test_purchase_orders_are_suggested_by_number_then_by_amount(references, amount, found):
    assert suggest(references, amount, [A, B, C]) == found


def test_two_of_the_same_amount_are_not_chosen_between():
    assert suggest([], 500, [B, Candidate(9, "BC-9", 500)]) == []


@given(st.lists(st.integers(0, 5), max_size=6), st.integers(1, 20), st.lists(st.integers(0, 8)))
def test_what_is_suggested_is_named_or_adds_up(owed, amount, named):
    candidates = [Candidate(n, f"BC-{n}", cents) for n, cents in enumerate(owed)]
    references = [f"BC-{n}" for n in named]

    found = suggest(references, amount, candidates)

    assert set(found) <= set(range(len(owed)))
    if set(named) & set(range(len(owed))):
        assert set(found) == set(named) & set(range(len(owed)))
    elif found:
        assert sum(owed[n] for n in found) == amount


@pytest.mark.parametrize(
    ("siret", "said", "expected"),
    [
        ("12345678200010", ["12345678200010"], False),
        ("12345678200010", ["123456782"], False),
        ("12345678200010", ["12345678200028"], True),
        ("", ["12345678200028"], False),
        ("12345678200010", [], False),
    ],
)
def test_who_sells(siret, said, expected):
    assert is_of_another(siret, said) is expected


def test_what_a_due_says_of_its_invoice():
    assert agreement(State.TO_CHECK, None, 100) == Agreement.TO_CHECK
    assert agreement(State.QUERIED, None, 100) == Agreement.DISPUTED
    assert agreement(State.APPROVED, 100, 100) == Agreement.AGREED
    assert agreement(State.APPROVED, 100, 90) == Agreement.DISPUTED
