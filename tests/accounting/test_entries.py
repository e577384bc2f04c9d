"""Transfers as entries: everything once, everything balanced, nobody's share."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from croqualim.accounting.rules.entries import GATHERED, SAID_ALONE, Movement, Party, entries_of
from croqualim.accounting.rules.fec import FecLine, fec_file, file_name
from croqualim.accounting.rules.headings import Heading, pairs_of
from croqualim.groupbuy.models import PaymentPurpose
from croqualim.groupbuy.rules.discretion import IMPERSONAL, gather
from croqualim.ledger.models import AccountKind
from tests.accounting.fec_checks import faults_of

DAY = date(2026, 3, 2)
KINDS = ["delivery", "payment", "collection", "till_order", "margin", "subsidy", "never seen"]


def movement(from_kind, to_kind, kind, cents=100, **more):
    crowd = frozenset(range(5))
    facts = {"transfer_id": 1, "day": DAY, "reference": "BC-1", "households": crowd, **more}
    return Movement(from_kind=from_kind, to_kind=to_kind, kind=kind, amount_cents=cents, **facts)


@st.composite
def movements(draw):
    made = []
    for number in range(draw(st.integers(0, 30))):
        ends = draw(st.lists(st.sampled_from(list(AccountKind)), min_size=2, max_size=2))
        made.append(
            movement(
                *ends,
                draw(st.sampled_from(KINDS)),
                draw(st.integers(1, 10**9)),
                transfer_id=number,
                day=DAY + timedelta(days=draw(st.integers(0, 3))),
                reference=f"R-{number}",
                is_back=draw(st.booleans()),
                households=frozenset(draw(st.sets(st.integers(0, 9), max_size=6))),
            )
        )
    return made


@given(movements())
def test_no_transfer_is_in_two_entries_and_every_entry_balances(made):
    entries = entries_of(made)

    written = [pk for e in entries for pk in e.transfer_ids]
    assert len(written) == len(set(written))
    for entry in entries:
        debit = sum(line.debit_cents for line in entry.lines)
        assert debit == sum(line.credit_cents for line in entry.lines) > 0
    assert [entry.day for entry in entries] == sorted(entry.day for entry in entries)


@given(movements())
def test_each_kind_in_an_entry_was_done_by_five_households_or_by_none(made):
    of = {m.transfer_id: m for m in made}

    for entry in entries_of(made):
        movements = [of[pk] for pk in entry.transfer_ids]
        if movements[0].kind in IMPERSONAL:
            assert len(movements) == 1
            continue
        for kind in {m.kind for m in movements}:
            who = {h for m in movements if m.kind == kind for h in m.households}
            assert len(who) >= 5


@given(st.lists(st.sets(st.integers(0, 9), max_size=6)))
def test_what_waits_is_never_enough_and_nothing_is_lost(days):
    steps = [(n, {"gift": frozenset(who)}) for n, who in enumerate(days)]

    runs, waiting = gather(steps)

    assert [n for run in runs for n in run] + waiting == list(range(len(days)))
    assert all(len(set().union(*(days[n] for n in run))) >= 5 for run in runs)
    assert not waiting or len(set().union(*(days[n] for n in waiting))) < 5


@given(movements())
def test_no_entry_of_households_says_which_order(made):
    personal = {m.reference for m in made if m.kind in ("collection", "till_order", "never seen")}
    others = {m.reference for m in made} - personal

    for entry in entries_of(made):
        assert entry.piece not in personal - others
        assert not any(word in personal - others for word in entry.label.split())


def headings(entry):
    return [(line.heading, line.debit_cents, line.credit_cents) for line in entry.lines]


@pytest.mark.parametrize(
    ("from_kind", "to_kind", "kind", "debit", "credit"),
    [
        ("producer", "bank", "payment", Heading.PRODUCERS, Heading.BANK),
        ("cash", "sales", "till_order", Heading.CASH, Heading.SALES),
        ("prepaid", "sales", "till_order", Heading.PREPAID, Heading.SALES),
        ("cash", "income", "till_membership", Heading.CASH, Heading.MEMBERSHIPS),
        ("cash", "prepaid", "till_top_up", Heading.CASH, Heading.PREPAID),
        ("sales", "goods", "collection", Heading.STOCK_CHANGE, Heading.STOCK),
        ("loss", "goods", "write_off", Heading.STOCK_CHANGE, Heading.STOCK),
        ("envelope", "sales", "subsidy", Heading.ENVELOPES, Heading.SUBSIDIES),
        ("sales", "envelope", "subsidy", Heading.SUBSIDIES, Heading.ENVELOPES),  # undone
        ("sales", "envelope", "solidarity", Heading.SALES, Heading.ENVELOPES),
        ("bank", "envelope", "top_up", Heading.BANK, Heading.ENVELOPES),
        ("bank", "cash", "deposit", Heading.BANK, Heading.CASH),
        ("bank", "cheques", "deposit", Heading.BANK, Heading.CHEQUES),
        ("cash", "income", "till_difference", Heading.CASH, Heading.INCOME),
        ("loss", "cash", "till_difference", Heading.LOSS, Heading.CASH),
        ("cash", "deposits", "till_containers", Heading.CASH, Heading.CONTAINERS),
        ("deposits", "cash", "containers_back", Heading.CONTAINERS, Heading.CASH),
        ("loss", "goods", "delivery_damaged", Heading.STOCK_CHANGE, Heading.STOCK),
        ("goods", "loss", "weighing", Heading.STOCK, Heading.STOCK_CHANGE),
        ("loss", "cash", "refund", Heading.LOSS, Heading.CASH),
        ("martian", "bank", "?", Heading.SUSPENSE, Heading.BANK),
    ],
)
def test_what_each_transfer_debits_and_credits(from_kind, to_kind, kind, debit, credit):
    (entry,) = entries_of([movement(from_kind, to_kind, kind)])

    assert headings(entry) == [(debit, 100, 0), (credit, 0, 100)]


def test_every_account_of_the_ledger_has_its_heading():
    for kind in AccountKind:
        (heading, _facing) = pairs_of(kind, "bank" if kind != "bank" else "cash", "?")[0]
        assert heading is not Heading.SUSPENSE


def test_a_delivery_is_a_purchase_and_goods_that_come_in():
    farm = Party("F000007", "GAEC")
    (entry,) = entries_of([movement("goods", "producer", "delivery", 500, to_party=farm)])

    assert headings(entry) == [
        (Heading.PURCHASES, 500, 0),
        (Heading.PRODUCERS, 0, 500),
        (Heading.STOCK, 500, 0),
        (Heading.STOCK_CHANGE, 0, 500),
    ]
    assert [line.party.code for line in entry.lines] == ["", "F000007", "", ""]
    assert (entry.journal.code, entry.piece) == ("AC", "BC-1")


def test_undone_it_is_the_other_way_round():
    (there,) = entries_of([movement("goods", "producer", "delivery")])
    (back,) = entries_of([movement("producer", "goods", "delivery", is_back=True)])

    flipped = {(heading, credit, debit) for heading, debit, credit in headings(there)}
    assert set(headings(back)) == flipped
    assert back.label.startswith("Annulation")


@pytest.mark.parametrize(
    ("from_kind", "to_kind", "kind"),
    [("sales", "income", "margin"), ("loss", "sales", "collection")],
)
def test_what_debits_and_credits_one_account_is_not_written(from_kind, to_kind, kind):
    """A month emptied into income; goods brought back and destroyed: sold once, bought once."""
    assert entries_of([movement(from_kind, to_kind, kind)]) == []


def paid(n, day=DAY, **more):
    facts = {"transfer_id": n, "day": day, "households": frozenset([n]), **more}
    return movement("cash", "sales", "till_order", n, **facts)


def test_an_evening_is_one_entry_and_a_small_one_waits_for_the_next():
    (entry,) = entries_of([paid(n) for n in range(1, 8)])
    (joined,) = entries_of([paid(1), paid(2), *(paid(n, DAY + timedelta(6)) for n in (3, 4, 5))])

    assert headings(entry)[0] == (Heading.CASH, 28, 0)
    assert (entry.label, entry.piece) == ("Paniers payés", "JOUR-20260302")
    assert entries_of([paid(1), paid(2)]) == []
    assert (joined.label, joined.piece) == (
        "Paniers payés, du 02/03 au 08/03",
        "JOUR-20260308",
    )


def test_money_given_back_before_the_settlement_does_not_read_as_paid():
    (entry,) = entries_of([movement("sales", "cash", "till_order")])

    assert entry.label == "Paniers remboursés"


def test_what_an_envelope_pays_never_stands_beside_a_gift_of_few():
    fund = Party("E000001", "Fonds")
    drawn = movement("envelope", "sales", "subsidy", 800, from_party=fund)
    of_one = frozenset([1])
    gift = movement("sales", "envelope", "solidarity", 64, to_party=fund, households=of_one)

    (entry,) = entries_of([drawn])

    assert entry.label == "Enveloppe, prix réduits et parts solidaires"
    assert entries_of([drawn, gift]) == []


def test_two_funders_are_two_entries():
    funders = [Party("E000001", "Un"), Party("E000002", "Deux")]
    backs = [movement("loss", "envelope", "subsidy_back", to_party=f) for f in funders]

    entries = entries_of(backs)

    assert [entry.lines[1].party for entry in entries] == funders


def test_every_kind_that_an_action_writes_has_its_words():
    stock_only = {"preparation", "reception", "return"}
    written = {f"till_{purpose}" for purpose in PaymentPurpose}
    for path in Path("croqualim").rglob("actions/**/*.py"):
        named = r'\bkind ?= ?"([a-z_]+)"|^(?:KIND|DAMAGED)\b.* = "([a-z_]+)"'
        for call, constant in re.findall(named, path.read_text(), re.MULTILINE):
            written.add(call or constant)

    assert {"refund", "delivery_damaged", "weighing", "containers_back"} <= written
    assert written - stock_only <= SAID_ALONE.keys() | GATHERED.keys()
    assert SAID_ALONE.keys() == IMPERSONAL


# ----------------------------------------------------------------------------------- the file

lines = st.lists(
    st.tuples(
        st.text(min_size=1, max_size=40).map(lambda t: f"x{t}"),
        st.integers(1, 10**9),
        st.integers(0, 40),
    ),
    max_size=8,
)


@given(lines)
def test_the_file_keeps_the_administration_s_rules_whatever_the_words(said):
    said = sorted(said, key=lambda line: line[2])
    made = [
        FecLine(
            journal_code="BQ",
            journal_label="Banque",
            number=number,
            day=DAY + timedelta(days=days),
            account_number="512000",
            account_label=words,
            party_code="F1" if words.strip() else "",
            party_name=words,
            piece=words,
            piece_day=DAY,
            label=words,
            debit_cents=0 if is_credit else cents,
            credit_cents=cents if is_credit else 0,
            validated_on=DAY,
        )
        for number, (words, cents, days) in enumerate(said, start=7)
        for is_credit in (False, True)
    ]
    last = DAY + timedelta(days=40)

    content = b"".join(fec_file(made))

    assert faults_of(file_name("732829320", last), content, DAY, last) == []


def test_letters_that_the_encoding_lacks_become_their_nearest():
    (_head, row) = fec_file([sample("L’œuf — 3 €\tpar| Łukasz\r\n")])

    assert row.decode("iso8859-15").split("\t")[10] == "L'œuf -- 3 € par Lukasz"


def sample(label):
    return FecLine("BQ", "Banque", 1, DAY, "512000", "Banque", "", "", "P", DAY, label, 1, 0, DAY)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"number": 3}, "sequence"),
        ({"debit_cents": 2}, "balance"),
        ({"account_number": "9"}, "account"),
        ({"piece": ""}, "PieceRef is empty"),
        ({"day": DAY - timedelta(days=1)}, "period"),
    ],
)
def test_the_checker_sees_what_is_wrong(wrong, said):
    """Or it would prove nothing."""
    facts = {**vars(sample("ok"))}
    other = {**facts, "debit_cents": 0, "credit_cents": 1}
    rows = [FecLine(**facts), FecLine(**other), FecLine(**{**facts, "number": 2, **wrong})]
    rows.append(FecLine(**{**other, "number": rows[-1].number}))

    faults = faults_of("732829320FEC20260331.txt", b"".join(fec_file(rows)), DAY, date(2026, 3, 31))

    assert any(said in fault for fault in faults)
