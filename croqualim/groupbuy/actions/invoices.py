"""Producers' invoices: received, matched to purchase orders, approved, questioned, withdrawn.

None of it pays anything. Each takes the collective's books in hand first, so that a purchase order
is never in two invoices, and none is approved while what it is for changes.
"""

from collections.abc import Collection
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import books
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.letters.invoices import invoice_queried
from croqualim.groupbuy.models import (
    Collective,
    EventKind,
    Invoice,
    InvoiceMatch,
    PurchaseOrder,
)
from croqualim.groupbuy.queries import invoices as queries
from croqualim.groupbuy.rules.facturx import Read, read_invoice
from croqualim.groupbuy.rules.invoices import InvoiceRefused, Problem, Reason, State
from croqualim.kernel.identifiers import digest
from croqualim.kernel.money import in_euros
from croqualim.kernel.text import clean_name
from croqualim.messages import actions as outbox
from croqualim.messages.models import Channel
from croqualim.network.models import RoleKind, Structure
from croqualim.network.queries import people_who


@transaction.atomic
def receive_invoice(
    *,
    collective: Collective,
    producer: Structure,
    file_name: str,
    content: bytes,
    actor: Person,
    now: datetime,
) -> Invoice:
    """Keep the file, with what it says of itself; `fill_invoice` completes it.

    The same file again answers with the invoice made first. Raises FileRefused: nothing is kept.
    """
    read = read_invoice(content)
    books.hold_collective(collective.pk)
    fingerprint = sha256(content).hexdigest()
    same = queries.invoices_between(collective, producer).filter(sha256=fingerprint)
    if made := same.exclude(state=State.WITHDRAWN).first():
        return made
    return Invoice.objects.create(
        collective=collective,
        producer=producer,
        file_name=clean_name(file_name)[-200:] or f"facture.{read.media}",
        content=content,
        sha256=fingerprint,
        received_by=actor,
        received_at=now,
        **_as_stored(read),
    )


@transaction.atomic
def fill_invoice(
    *,
    invoice: Invoice,
    number: str,
    issued_on: date,
    amount_cents: int,
    tax_cents: int | None,
    orders: Collection[int],
    actor: Person,
    now: datetime,
) -> Invoice:
    """Say what the file does not, and which purchase orders it is for: then it can be checked.

    `orders`: ids of purchase orders of its collective and its producer. Once filled, nothing
    changes. Raises InvoiceRefused.
    """
    invoice = _hold(invoice)
    if invoice.state != State.DRAFT:
        return invoice
    chosen = _chosen(invoice, number, orders)
    invoice.number, invoice.issued_on, invoice.amount_cents = number, issued_on, amount_cents
    invoice.tax_cents, invoice.state = tax_cents, State.TO_CHECK
    invoice.save(update_fields=["number", "issued_on", "amount_cents", "tax_cents", "state"])
    InvoiceMatch.objects.bulk_create(
        InvoiceMatch(invoice=invoice, purchase_order=order) for order in chosen
    )
    _note(EventKind.INVOICE_RECEIVED, invoice, "", actor, now)
    return invoice


@transaction.atomic
def approve_invoice(*, invoice: Invoice, seen_cents: int, actor: Person, now: datetime) -> Invoice:
    """Agree to what it asks, once. `seen_cents`: what its goods made owed, as she read it.

    Raises InvoiceRefused when that has changed since, or when the invoice waits for nothing.
    """
    invoice = _hold(invoice)
    if invoice.state == State.APPROVED:
        return invoice
    _refuse_unless_waiting(invoice)
    if queries.comparison_of(invoice).owed_cents != seen_cents:
        raise InvoiceRefused(Problem(Reason.CHANGED))
    invoice.agreed_cents = seen_cents
    _decide(invoice, State.APPROVED, "", actor, now)
    _note(EventKind.INVOICE_APPROVED, invoice, "", actor, now)
    return invoice


@transaction.atomic
def query_invoice(*, invoice: Invoice, words: str, actor: Person, now: datetime) -> bool:
    """Ask the farm about it, by e-mail; say whether there was an address to write to.

    The same words again are written once. Raises InvoiceRefused.
    """
    if not words.strip():
        raise InvoiceRefused(Problem(Reason.NO_WORDS))
    invoice = _hold(invoice)
    _refuse_unless_waiting(invoice)
    if (invoice.state, invoice.words) != (State.QUERIED, words):
        _decide(invoice, State.QUERIED, words, actor, now)
        _note(EventKind.INVOICE_QUERIED, invoice, words, actor, now)
    return _tell_farm(invoice, words, now)


@transaction.atomic
def withdraw_invoice(
    *, invoice: Invoice, reason: str, even_approved: bool, actor: Person, now: datetime
) -> None:
    """Take it back, with its reason: its purchase orders wait for another one. Once.

    Raises InvoiceRefused without a reason, or when it was approved meanwhile and `even_approved`
    is not hers to say.
    """
    if not reason.strip():
        raise InvoiceRefused(Problem(Reason.NO_WORDS))
    invoice = _hold(invoice)
    if invoice.state == State.WITHDRAWN:
        return
    if invoice.state == State.APPROVED and not even_approved:
        raise InvoiceRefused(Problem(Reason.APPROVED))
    _decide(invoice, State.WITHDRAWN, reason, actor, now)
    _note(EventKind.INVOICE_WITHDRAWN, invoice, reason, actor, now)
    InvoiceMatch.objects.filter(invoice=invoice, freed_at=None).update(freed_at=now)


def _as_stored(read: Read) -> dict[str, object]:
    return {
        "media": read.media,
        "number": read.number,
        "issued_on": read.issued_on,
        "amount_cents": read.amount_cents,
        "tax_cents": read.tax_cents,
        "seller_ids": list(read.seller_ids),
        "order_references": list(read.order_references),
        "lines": [[line.name, line.quantity, line.net_cents] for line in read.lines],
    }


def _hold(invoice: Invoice) -> Invoice:
    """As it is once everybody else has finished with the collective's books."""
    books.hold_collective(invoice.collective.pk)
    invoices = Invoice.objects.select_related("collective__structure", "producer")
    return invoices.defer("content").get(pk=invoice.pk)


def _chosen(invoice: Invoice, number: str, orders: Collection[int]) -> list[PurchaseOrder]:
    """What it is for. Raises InvoiceRefused: all that is wrong."""
    chosen = list(
        PurchaseOrder.objects.filter(
            pk__in=orders, cycle__collective=invoice.collective_id, producer=invoice.producer_id
        ).order_by("pk")
    )
    problems = [Problem(Reason.ALREADY_INVOICED, held) for held in queries.held(orders)]
    if not chosen or len(chosen) < len(set(orders)):
        problems.append(Problem(Reason.NO_ORDER))
    if queries.live_number(invoice.collective, invoice.producer, number):
        problems.append(Problem(Reason.NUMBER_TAKEN, number))
    if problems:
        raise InvoiceRefused(*problems)
    return chosen


def _refuse_unless_waiting(invoice: Invoice) -> None:
    if invoice.state not in {State.TO_CHECK, State.QUERIED}:
        raise InvoiceRefused(Problem(Reason.NOT_WAITING))


def _decide(invoice: Invoice, state: State, words: str, actor: Person, now: datetime) -> None:
    invoice.state, invoice.words = state, words
    invoice.decided_by, invoice.decided_at = actor, now
    invoice.save(update_fields=["state", "words", "decided_by", "decided_at", "agreed_cents"])


def _tell_farm(invoice: Invoice, words: str, now: datetime) -> bool:
    farmers = people_who(RoleKind.FARMER, invoice.producer).values_list("email", flat=True)
    letter = invoice_queried(invoice, words)
    addresses = sorted({address for address in (invoice.producer.email, *farmers) if address})
    key = f"invoice:{invoice.pk}:{digest(words)[:16]}"
    outbox.write_many(
        letters=[
            outbox.Letter(
                key=f"{key}:{digest(address)[:16]}",
                channel=Channel.EMAIL,
                address=address,
                subject=letter.subject,
                body=letter.body,
            )
            for address in addresses
        ],
        now=now,
    )
    return bool(addresses)


def _note(kind: EventKind, invoice: Invoice, reason: str, actor: Person, now: datetime) -> None:
    """In the history of each purchase order that it is for."""
    for order in queries.purchase_orders_of(invoice):
        said = f"{invoice.number}, {in_euros(invoice.amount_cents or 0)}"
        line = [order.number, "", said]
        note(kind, cycle=order.cycle, lines=[line], reason=reason, actor=actor, now=now)
