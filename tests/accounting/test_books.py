"""The accountant's books: numbered once, without a gap, the same at each export."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from croqualim.accounting import actions, queries
from croqualim.accounting.models import EntryLine, EntrySource, JournalEntry
from croqualim.accounting.rules.headings import Heading
from croqualim.groupbuy.actions import settlement
from croqualim.groupbuy.models import Order
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Account, AccountKind, Transfer
from croqualim.ledger.queries import is_append_only
from croqualim.network.models import RoleKind
from tests.accounting.fec_checks import faults_of
from tests.factories import RoleFactory
from tests.groupbuy.month import open_month
from tests.groupbuy.test_settlement import live_until_settlement, pay_all

LATER = datetime(2026, 6, 1, 12, tzinfo=UTC)
YEAR = (date(2026, 1, 1), date(2026, 5, 31))


@pytest.fixture
def month(db):
    month = open_month()
    live_until_settlement(month)
    settlement.settle_cycle(
        cycle=month.cycle, words="", actor=month.coordinator, now=month.after_closing
    )
    pay_all(month)
    structure = month.collective.structure
    structure.siret = "73282932000074"
    structure.save()
    return month


def validate(month, until=YEAR[1], now=LATER):
    return actions.validate_entries(
        collective=month.collective, until=until, actor=month.coordinator, now=now
    )


def exported(client, month):
    client.force_login(month.coordinator)
    url = reverse("accounting:fec", args=[month.collective.pk])
    answer = client.get(url, {"du": YEAR[0].isoformat(), "au": YEAR[1].isoformat()})
    return answer["Content-Disposition"].split('"')[1], answer.getvalue()


def balances(month, until):
    return queries.balances_of(
        month.collective, until, queries.open_entries(month.collective, until)
    )


def test_a_whole_month_is_a_file_that_the_administration_takes(month, client):
    validate(month)

    name, content = exported(client, month)

    assert name == "732829320FEC20260531.txt"
    assert faults_of(name, content, *YEAR) == []
    left_out = Transfer.objects.exclude(pk__in=EntrySource.objects.values("transfer"))
    kinds = set(left_out.values_list("kind", flat=True))
    # one household gave, and what the envelope drew would tell it
    assert kinds == {"subsidy", "solidarity"}


def test_what_the_file_says_is_what_the_ledger_says(month):
    validate(month)
    totals = {row.number: row for row in balances(month, YEAR[1])}

    def balance(kind):
        accounts = Account.objects.filter(keeper=month.collective.structure, kind=kind)
        return -sum(account.balance_cents for account in accounts)

    assert totals["512000"].owing_cents == balance(AccountKind.BANK)
    assert totals["370000"].owing_cents == balance(AccountKind.GOODS)
    assert totals["401000"].owing_cents == totals["401000"].owned_cents == 0
    assert totals["607000"].owing_cents == 2 * 25 * 320
    # what the envelope drew and what one household gave wait for more households
    envelope = Account.objects.get(kind=AccountKind.ENVELOPE)
    assert totals["467000"].owned_cents == 1_000_000 != envelope.balance_cents
    assert sum(row.debit_cents - row.credit_cents for row in totals.values()) == 0


def test_exported_again_after_more_has_come_it_is_the_same(month, client):
    validate(month)
    before = exported(client, month)

    loose_transfer(month, at=month.after_closing)  # of a day that is validated
    validate(month, until=YEAR[1] + timedelta(days=2), now=LATER + timedelta(days=5))

    assert exported(client, month) == before
    late = JournalEntry.objects.latest("number")
    assert late.day == YEAR[1] + timedelta(days=1)
    assert late.piece_day == month.after_closing.date()
    assert late.number == JournalEntry.objects.count()


def test_what_comes_late_is_not_in_the_accounts_of_a_closed_day(month):
    validate(month)
    before = balances(month, YEAR[1])

    loose_transfer(month, at=month.after_closing)

    assert balances(month, YEAR[1]) == before
    after = balances(month, YEAR[1] + timedelta(days=1))
    assert after != before


def loose_transfer(month, at):
    structure = month.collective.structure
    ledger.transfer(
        key="late",
        from_account=ledger.open_account(keeper=structure, kind=AccountKind.LOSS, name="Pertes"),
        to_account=Account.objects.get(keeper=structure, kind=AccountKind.BANK),
        amount_cents=500,
        kind="working_fund",
        reference="loyer",
        now=at,
    )


def test_validating_twice_is_validating_once(month):
    validate(month)
    count = JournalEntry.objects.count()

    assert validate(month) is None
    assert validate(month, until=YEAR[1] - timedelta(days=3)) is None
    assert JournalEntry.objects.count() == count


def test_a_day_that_is_not_over_is_not_validated(month):
    with pytest.raises(actions.ValidationRefused):
        validate(month, until=LATER.date())

    assert not JournalEntry.objects.exists()


def test_other_numbers_hold_for_what_is_not_validated(month):
    validate(month)
    actions.choose_accounts(
        collective=month.collective, accounts={Heading.LOSS: ("613000", "Locations")}
    )
    loose_transfer(month, at=LATER)
    validate(month, until=LATER.date(), now=LATER + timedelta(days=1))

    assert EntryLine.objects.latest("pk").entry.lines.first().account_number == "613000"
    assert EntryLine.objects.filter(heading=Heading.LOSS, account_number="658000").count() == 0


@pytest.mark.parametrize(
    "table", ["accounting_journalentry", "accounting_entryline", "accounting_entrysource"]
)
@pytest.mark.parametrize("change", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_a_numbered_entry_is_never_changed(month, table, change):
    validate(month)

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(table))
    assert is_append_only(table)


# ---------------------------------------------------------------------------------- the pages


def journal(month):
    return reverse("accounting:journal", args=[month.collective.pk]) + "?mois=2026-03"


def test_the_accountant_reads_the_month_and_no_household(month, client):
    accountant = RoleFactory(structure=month.collective.structure, kind=RoleKind.ACCOUNTANT).person
    client.force_login(accountant)

    text = client.get(journal(month)).text

    assert "à valider" in text
    assert "Paniers payés" in text
    assert "607000" in text
    for order in Order.objects.select_related("placed_by"):
        assert order.reference not in text
        assert order.placed_by.family_name not in text
    assert "/bons/" not in text  # what it comes from is not hers to open


def test_the_coordinator_goes_from_an_entry_to_what_it_comes_from(month, client):
    client.force_login(month.coordinator)

    text = client.get(journal(month)).text

    assert "/groupements/bons/" in text
    assert "/groupements/paiements/" in text
    assert f"/groupements/cycles/{month.cycle.pk}/reglement/" in text


def test_validated_from_the_page(month, client):
    client.force_login(month.coordinator)
    url = reverse("accounting:validate", args=[month.collective.pk])

    today = client.post(url, {"until": datetime.now(UTC).date().isoformat()})
    wrong = client.post(url, {"until": "hier"})
    client.post(url, {"until": "2026-05-31"})

    assert "Choisissez un jour passé" in today.text
    assert "Choisissez un jour" in wrong.text
    assert JournalEntry.objects.exists()
    assert "à valider" not in client.get(journal(month)).text


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"du": "2026-06-01", "au": "2026-01-01"}, "vient après le premier"),
        ({"du": "", "au": "2026-01-01"}, "Choisissez un jour"),
        ({"du": "2020-01-01", "au": "2020-12-31"}, "Aucune écriture validée"),
    ],
)
def test_a_period_that_gives_no_file_is_said(month, client, asked, said):
    validate(month)
    client.force_login(month.coordinator)

    answer = client.get(reverse("accounting:fec", args=[month.collective.pk]), asked)

    assert said in answer.text


def test_without_a_siren_the_file_has_no_name_and_it_is_said(month, client):
    validate(month)
    month.collective.structure.siret = ""
    month.collective.structure.save()
    client.force_login(month.coordinator)

    answer = client.get(
        reverse("accounting:fec", args=[month.collective.pk]),
        {"du": "2026-01-01", "au": "2026-05-31"},
    )

    assert "écrivez d’abord son SIRET" in answer.text


def test_numbers_are_chosen_on_the_page_and_checked(month, client):
    client.force_login(month.coordinator)
    url = reverse("accounting:chart", args=[month.collective.pk])
    fields = {
        name: value
        for heading, (number, label) in queries.chart_of(month.collective).items()
        for name, value in (
            (f"{heading.name.lower()}_number", number),
            (f"{heading.name.lower()}_label", label),
        )
    }

    refused = client.post(url, {**fields, "bank_number": "9x"})
    client.post(url, {**fields, "bank_number": "512100"})

    assert "3 à 12 chiffres" in refused.text
    assert queries.chart_of(month.collective)[Heading.BANK] == ("512100", "Banque")


def test_the_journal_is_a_fixed_number_of_queries(month, client, django_assert_max_num_queries):
    client.force_login(month.coordinator)
    client.get(journal(month))

    with django_assert_max_num_queries(20):
        client.get(journal(month))
    validate(month)
    with django_assert_max_num_queries(20):
        client.get(journal(month))
