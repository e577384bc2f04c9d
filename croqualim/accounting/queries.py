"""Entries, numbered or still open, and what the accounts come to."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef, Sum
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate

from croqualim.accounting.models import (
    ChartAccount,
    EntryLine,
    EntrySource,
    JournalEntry,
    Validation,
)
from croqualim.accounting.rules.entries import (
    NOBODY,
    Entry,
    Movement,
    Party,
    entries_of,
    month_piece,
)
from croqualim.accounting.rules.fec import FecLine
from croqualim.accounting.rules.headings import DEFAULTS, Heading
from croqualim.groupbuy.models import Collective, Cycle, PaymentBatch, PurchaseOrder
from croqualim.groupbuy.queries.discretion import Households, households_of
from croqualim.ledger.models import Account, AccountKind, Transfer

Chart = Mapping[Heading, tuple[str, str]]


@dataclass(frozen=True)
class ShownLine:
    number: str
    label: str
    party: str
    debit_cents: int
    credit_cents: int


@dataclass(frozen=True)
class ShownEntry:
    """An entry as the journal shows it; no number yet while its day is not validated."""

    number: int | None
    day: date
    journal: str
    piece: str
    label: str
    lines: Sequence[ShownLine]


@dataclass(frozen=True)
class Balance:
    """What an account received and gave from the first day on, in cents."""

    number: str
    label: str
    debit_cents: int
    credit_cents: int

    @property
    def owing_cents(self) -> int:
        return max(self.debit_cents - self.credit_cents, 0)

    @property
    def owned_cents(self) -> int:
        return max(self.credit_cents - self.debit_cents, 0)


def chart_of(collective: Collective) -> dict[Heading, tuple[str, str]]:
    own = ChartAccount.objects.filter(collective=collective)
    changed = {Heading(row.heading): (row.number, row.label) for row in own}
    return {**DEFAULTS, **changed}


def last_validation(collective: Collective) -> Validation | None:
    return Validation.objects.filter(collective=collective).order_by("-until").first()


def validated_until(collective: Collective) -> date | None:
    last = last_validation(collective)
    return last.until if last else None


def open_entries(collective: Collective, until: date) -> list[Entry]:
    """What is not numbered yet, up to and with a day."""
    written = EntrySource.objects.filter(transfer=OuterRef("pk"))
    transfers = (
        Transfer.objects.filter(
            ~Exists(written),
            from_account__keeper=collective.structure_id,
            at__lt=_midnight_after(until),
        )
        .select_related("from_account__structure", "to_account__structure")
        .order_by("at", "pk")
    )
    households = households_of(collective.structure_id)
    moved = transfers.iterator(chunk_size=2000)
    return entries_of(_movement(transfer, households) for transfer in moved)


def journal_of(
    collective: Collective, first: date, last: date, still_open: Iterable[Entry]
) -> list[ShownEntry]:
    """What is numbered, then what is not yet (`open_entries` up to the last day), of a few weeks,
    in a fixed number of queries."""
    closed, chart = validated_until(collective), chart_of(collective)
    numbered = JournalEntry.objects.filter(collective=collective, day__range=(first, last))
    shown_open = [
        _shown_open(entry, day, chart)
        for entry in still_open
        if first <= (day := open_day(entry.day, closed)) <= last
    ]
    return [*map(_shown, numbered.prefetch_related("lines")), *shown_open]


def open_day(day: date, closed: date | None) -> date:
    """The day an entry is written on: the first open one, when its own is validated already."""
    return max(day, closed + timedelta(days=1)) if closed else day


def balances_of(collective: Collective, until: date, still_open: Iterable[Entry]) -> list[Balance]:
    """Every account from the beginning, numbered or not (`open_entries` up to that day), by
    number."""
    totals: dict[str, list[int]] = {}
    labels: dict[str, str] = {}
    rows = (
        EntryLine.objects.filter(entry__collective=collective, entry__day__lte=until)
        .order_by()
        .values("account_number", "account_label")
        .annotate(debit=Sum("debit_cents"), credit=Sum("credit_cents"))
    )
    for row in rows:
        labels[row["account_number"]] = row["account_label"]
        _add(totals, row["account_number"], row["debit"], row["credit"])
    chart, closed = chart_of(collective), validated_until(collective)
    for entry in still_open:
        if open_day(entry.day, closed) > until:
            continue
        for line in entry.lines:
            number, label = chart[line.heading]
            labels.setdefault(number, label)
            _add(totals, number, line.debit_cents, line.credit_cents)
    return [Balance(n, labels[n], *amounts) for n, amounts in sorted(totals.items())]


def fec_lines(collective: Collective, first: date, last: date) -> Iterator[FecLine]:
    """The numbered entries of a period, in order."""
    lines = (
        EntryLine.objects.filter(entry__collective=collective, entry__day__range=(first, last))
        .select_related("entry__validation")
        .order_by("entry__number", "pk")
    )
    return map(_fec_line, lines.iterator(chunk_size=2000))


def has_entries(collective: Collective, first: date, last: date) -> bool:
    return JournalEntry.objects.filter(collective=collective, day__range=(first, last)).exists()


def first_day(collective: Collective) -> date | None:
    """Of the books."""
    first = Transfer.objects.filter(from_account__keeper=collective.structure_id).order_by("at")
    return localdate(first[0].at) if first[:1] else None


def origins_of(collective: Collective, entries: Iterable[ShownEntry]) -> dict[str, str]:
    """piece -> the page it comes from: a purchase order, a payment, a month's settlement."""
    pieces = {entry.piece for entry in entries}
    orders = PurchaseOrder.objects.filter(cycle__collective=collective, number__in=pieces)
    batches = PaymentBatch.objects.filter(collective=collective, number__in=pieces)
    cycles = Cycle.objects.filter(collective=collective, settled_at__isnull=False)
    months = {month_piece(pk): pk for pk in cycles.values_list("pk", flat=True).order_by()}
    return {
        **{o.number: reverse("groupbuy:purchase_order", args=[o.pk]) for o in orders},
        **{b.number: reverse("groupbuy:payment_batch", args=[b.pk]) for b in batches},
        **{
            piece: reverse("groupbuy:settle_cycle", args=[months[piece]])
            for piece in pieces & months.keys()
        },
    }


def _movement(transfer: Transfer, households: Households) -> Movement:
    return Movement(
        transfer_id=transfer.pk,
        day=localdate(transfer.at),
        from_kind=transfer.from_account.kind,
        to_kind=transfer.to_account.kind,
        kind=transfer.kind,
        reference=transfer.reference,
        amount_cents=transfer.amount_cents,
        from_party=_party(transfer.from_account),
        to_party=_party(transfer.to_account),
        is_back=transfer.reverses_id is not None,
        households=households.behind(transfer),
    )


def _party(account: Account) -> Party:
    if account.kind == AccountKind.PRODUCER and account.structure:
        return Party(f"F{account.structure_id:06}", account.structure.name)
    if account.kind == AccountKind.ENVELOPE:
        return Party(f"E{account.pk:06}", account.name)
    return NOBODY


def _shown(entry: JournalEntry) -> ShownEntry:
    lines = [
        ShownLine(
            line.account_number,
            line.account_label,
            line.party_name,
            line.debit_cents,
            line.credit_cents,
        )
        for line in entry.lines.all()
    ]
    return ShownEntry(entry.number, entry.day, entry.journal_code, entry.piece, entry.label, lines)


def _shown_open(entry: Entry, day: date, chart: Chart) -> ShownEntry:
    lines = [
        ShownLine(*chart[line.heading], line.party.name, line.debit_cents, line.credit_cents)
        for line in entry.lines
    ]
    return ShownEntry(None, day, entry.journal.code, entry.piece, entry.label, lines)


def _fec_line(line: EntryLine) -> FecLine:
    entry = line.entry
    return FecLine(
        journal_code=entry.journal_code,
        journal_label=entry.journal_label,
        number=entry.number,
        day=entry.day,
        account_number=line.account_number,
        account_label=line.account_label,
        party_code=line.party_code,
        party_name=line.party_name,
        piece=entry.piece,
        piece_day=entry.piece_day,
        label=entry.label,
        debit_cents=line.debit_cents,
        credit_cents=line.credit_cents,
        validated_on=localdate(entry.validation.at),
    )


def _add(totals: dict[str, list[int]], number: str, debit: int, credit: int) -> None:
    amounts = totals.setdefault(number, [0, 0])
    amounts[0] += debit
    amounts[1] += credit


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=get_current_timezone())
