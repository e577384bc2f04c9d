"""Paying producers, before any database: who is paid what, and the file the bank takes."""

import xml.etree.ElementTree as ET
from datetime import UTC, date, datetime
from functools import cache
from importlib.resources import files

import pytest
import xmlschema
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from croqualim.groupbuy.rules.credit_transfer import (
    CreditTransfer,
    FileVersion,
    credit_transfer_file,
)
from croqualim.groupbuy.rules.paying import (
    BankAccount,
    Due,
    PayingRefused,
    Reason,
    masked,
    next_number,
    plan,
    read_iban,
)

OURS = "FR7630006000011234567890189"
HERS = "FR1420041010050500013M02606"
IN_GERMANY = "DE89370400440532013000"


def due(transfer_id, producer_id=1, cents=100):
    return Due(transfer_id, producer_id, f"Ferme {producer_id}", f"BC-{transfer_id}", cents)


dues = st.lists(
    st.builds(
        due,
        st.integers(1, 10_000),
        st.integers(1, 5),
        st.integers(-5_000, 50_000).filter(bool),
    ),
    max_size=20,
    unique_by=lambda d: d.transfer_id,
)


@given(dues, st.data())
def test_what_is_planned_is_exactly_what_was_chosen_and_never_below_zero(owed, data):
    chosen = set(data.draw(st.lists(st.sampled_from(owed or [due(1)]), unique=True)))
    ids = {d.transfer_id for d in chosen}
    try:
        planned = plan(owed, ids)
    except PayingRefused as refused:
        assert refused.problems
        return
    assert {d for payment in planned for d in payment.dues} == chosen
    assert all(payment.amount_cents > 0 for payment in planned)
    assert len({payment.producer_id for payment in planned}) == len(planned)


@pytest.mark.parametrize(
    ("owed", "chosen", "reason"),
    [
        ([due(1)], set(), Reason.NOTHING_CHOSEN),
        ([due(1)], {2}, Reason.NOT_OWED),
        ([due(1)], {1, 2}, Reason.NOT_OWED),
        ([due(1, cents=-100)], {1}, Reason.NOTHING_LEFT),
        ([due(1, cents=100), due(2, cents=-100)], {1, 2}, Reason.NOTHING_LEFT),
    ],
)
def test_what_cannot_be_paid_is_refused(owed, chosen, reason):
    with pytest.raises(PayingRefused) as refused:
        plan(owed, chosen)

    assert [problem.reason for problem in refused.value.problems] == [reason]


def test_what_she_gives_back_is_taken_off_her_payment():
    (payment,) = plan([due(1, cents=500), due(2, cents=-120)], {1, 2})

    assert payment.amount_cents == 380
    assert payment.references == ["BC-1", "BC-2"]


@pytest.mark.parametrize("typed", ["fr76 3000 6000 0112 3456 7890 189", OURS, f" {IN_GERMANY} "])
def test_an_iban_is_read_as_people_type_it(typed):
    assert read_iban(typed) in (OURS, IN_GERMANY)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "FR7630006000011234567890188",  # one figure changed
        "FR763000600001123456789018",  # one missing
        "FR7630006000011234567890198",  # two exchanged
        "BR1800360305000010009795493C1",  # right, but no SEPA transfer goes there
        "=cmd()",
        "０" * 27,
    ],
)
def test_an_iban_that_cannot_be_one_is_refused(typed):
    with pytest.raises(ValueError):
        read_iban(typed)


@given(st.integers(0, 26), st.integers(1, 9))
def test_a_figure_typed_wrong_is_always_seen(place, more):
    wrong = OURS[:place] + chr((ord(OURS[place]) - 48 + more) % 10 + 48) + OURS[place + 1 :]
    with pytest.raises(ValueError):
        read_iban(wrong)


def test_an_iban_is_shown_masked():
    assert masked(OURS) == "FR76 … 0189"
    assert masked("") == ""


def test_numbers_follow_one_another_in_a_year():
    assert next_number(2026, []) == "VIR-2026-001"
    assert next_number(2026, ["VIR-2025-041", "VIR-2026-009", "VIR-2026-010"]) == "VIR-2026-011"
    assert next_number(2026, ["VIR-2026-999"]) == "VIR-2026-1000"


# ---------------------------------------------------------------------------------- the file


def written(payments, version=FileVersion.OF_2019, holder="Croq’en commun & Cie — l’été"):
    return credit_transfer_file(
        identifier="C1-VIR-2026-001",
        payer=BankAccount(holder, OURS),
        payments=payments,
        pay_on=date(2026, 12, 1),
        made_at=datetime(2026, 11, 30, 18, 5, tzinfo=UTC),
        version=version,
    )


@cache
def schemas(version):
    path = str(files("sepaxml").joinpath(f"schemas/{version.value}.xsd"))
    return xmlschema.XMLSchema(path), etree.XMLSchema(etree.parse(path))


def texts(content, name):
    return [e.text for e in ET.fromstring(content).iter() if e.tag.endswith(f"}}{name}")]


payments = st.lists(
    st.builds(
        CreditTransfer,
        identifier=st.integers(1, 99_999).map("C1-VIR-2026-001-{}".format),
        to=st.builds(
            BankAccount,
            holder=st.text(min_size=1, max_size=70).map(lambda t: f"GAEC {t}"[:70]),
            iban=st.sampled_from([HERS, IN_GERMANY]),
        ),
        amount_cents=st.integers(1, 99_999_999),
        remittance=st.text(max_size=300).map(lambda t: f"VIR {t}"),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize("version", FileVersion)
@given(payments=payments)
def test_the_file_is_valid_whatever_the_names(version, payments):
    """By two validators that share nothing: xmlschema, and libxml2's."""
    content = written(payments, version)

    ours, libxml2 = schemas(version)
    ours.validate(content)
    libxml2.assertValid(etree.fromstring(content.encode()))
    assert texts(content, "NbOfTxs") == [str(len(payments))] * 2
    total = f"{sum(payment.amount_cents for payment in payments) / 100:.2f}"
    assert texts(content, "CtrlSum") == [total] * 2


def test_the_file_says_who_pays_whom_for_what():
    payment = CreditTransfer(
        "C1-VIR-2026-001-7", BankAccount("GAEC des Œillets", HERS), 123_456, "VIR-2026-001 BC-12"
    )
    content = written([payment])

    assert texts(content, "MsgId") == ["C1-VIR-2026-001"]
    assert texts(content, "CreDtTm") == ["2026-11-30T18:05:00"]
    assert texts(content, "Dt") == ["2026-12-01"]
    assert texts(content, "IBAN") == [OURS, HERS]
    assert texts(content, "InstdAmt") == ["1234.56"]
    assert texts(content, "Nm")[-1] == "GAEC des OEillets"
    assert texts(content, "Nm")[0] == "Croq'en commun Cie -- l'ete"
    assert texts(content, "Ustrd") == ["VIR-2026-001 BC-12"]
    assert texts(content, "EndToEndId") == ["C1-VIR-2026-001-7"]


def test_the_same_payments_give_the_same_file():
    payment = CreditTransfer("C1-1", BankAccount("GAEC", HERS), 1, "VIR")

    assert written([payment]) == written([payment])
