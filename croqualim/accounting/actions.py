"""Numbering the entries of past days, once and for good; choosing account numbers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.utils.timezone import localdate

from croqualim.accounting import queries
from croqualim.accounting.models import (
    ChartAccount,
    EntryLine,
    EntrySource,
    JournalEntry,
    Validation,
)
from croqualim.accounting.rules.entries import Entry
from croqualim.accounting.rules.headings import DEFAULTS, Heading
from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.books import hold_collective
from croqualim.groupbuy.models import Collective


class Reason(StrEnum):
    DAY_NOT_OVER = "day not over"


class ValidationRefused(Exception):
    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@transaction.atomic
def validate_entries(
    *, collective: Collective, until: date, actor: Person, now: datetime
) -> Validation | None:
    """Number every entry up to and with `until`, following the last one, without a gap.

    What comes later for a day already validated is written on the first open day. None, and
    nothing done, when that day is validated. Raises ValidationRefused before the day is over: a
    movement could still come.
    """
    hold_collective(collective.pk)
    if until >= localdate(now):
        raise ValidationRefused(Reason.DAY_NOT_OVER)
    closed = queries.validated_until(collective)
    if closed is not None and until <= closed:
        return None
    entries = queries.open_entries(collective, until)
    validation = Validation.objects.create(collective=collective, until=until, actor=actor, at=now)
    _write(validation, entries, closed)
    return validation


def _write(validation: Validation, entries: Sequence[Entry], closed: date | None) -> None:
    collective = validation.collective
    chart = queries.chart_of(collective)
    last = JournalEntry.objects.filter(collective=collective).order_by("-number").first()
    rows = JournalEntry.objects.bulk_create(
        (
            JournalEntry(
                collective=collective,
                validation=validation,
                number=number,
                day=queries.open_day(entry.day, closed),
                journal_code=entry.journal.code,
                journal_label=entry.journal.label,
                piece=entry.piece,
                piece_day=entry.day,
                label=entry.label[:400],
            )
            for number, entry in enumerate(entries, start=last.number + 1 if last else 1)
        ),
        batch_size=500,
    )
    EntryLine.objects.bulk_create(
        (
            EntryLine(
                entry=row,
                heading=line.heading,
                account_number=chart[line.heading][0],
                account_label=chart[line.heading][1],
                party_code=line.party.code,
                party_name=line.party.name,
                debit_cents=line.debit_cents,
                credit_cents=line.credit_cents,
            )
            for row, entry in zip(rows, entries, strict=True)
            for line in entry.lines
        ),
        batch_size=500,
    )
    EntrySource.objects.bulk_create(
        (
            EntrySource(entry=row, transfer_id=transfer_id)
            for row, entry in zip(rows, entries, strict=True)
            for transfer_id in entry.transfer_ids
        ),
        batch_size=2000,
    )


@transaction.atomic
def choose_accounts(*, collective: Collective, accounts: Mapping[Heading, tuple[str, str]]) -> None:
    """Number and words of each heading, for entries that are not numbered yet."""
    hold_collective(collective.pk)
    for heading, (number, label) in accounts.items():
        if DEFAULTS[heading] == (number, label):
            ChartAccount.objects.filter(collective=collective, heading=heading).delete()
        else:
            ChartAccount.objects.update_or_create(
                collective=collective,
                heading=heading,
                defaults={"number": number, "label": label},
            )
