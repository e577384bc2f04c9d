"""What producers invoice, beside what the ledger says they are owed for the same goods."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Collective, Invoice, InvoiceMatch, PurchaseOrder
from croqualim.groupbuy.models.invoices import NOT_LIVE
from croqualim.groupbuy.queries.purchasing import Contents, with_contents
from croqualim.groupbuy.rules.invoices import (
    Agreement,
    Candidate,
    agreement,
    is_of_another,
)
from croqualim.kernel.money import in_euros
from croqualim.ledger.models import AccountKind, Transfer
from croqualim.network.models import Structure


@dataclass(frozen=True)
class Invoicing:
    """What is known of a purchase order's invoice."""

    agreement: Agreement
    invoice_id: int | None = None


@dataclass(frozen=True)
class Waiting:
    """A purchase order that waits for an invoice."""

    order: PurchaseOrder
    owed_cents: int

    @property
    def candidate(self) -> Candidate:
        return Candidate(self.order.pk, self.order.number, self.owed_cents)


@dataclass(frozen=True)
class Compared:
    contents: Contents
    owed_cents: int


@dataclass(frozen=True)
class Comparison:
    """What is asked beside what is owed, purchase order by purchase order."""

    invoice: Invoice
    rows: Sequence[Compared]

    @property
    def owed_cents(self) -> int:
        return sum(row.owed_cents for row in self.rows)

    @property
    def more_cents(self) -> int:
        """What the invoice asks beyond what is owed; below zero, less."""
        return (self.invoice.amount_cents or 0) - self.owed_cents

    @property
    def more_in_words(self) -> str:
        words = {"amount": in_euros(abs(self.more_cents))}
        if self.more_cents > 0:
            return _("La facture demande %(amount)s de plus que ce qui est reçu.") % words
        if self.more_cents < 0:
            return _("La facture demande %(amount)s de moins que ce qui est reçu.") % words
        return _("La facture et ce qui est reçu s’accordent au centime.")

    @property
    def is_of_another(self) -> bool:
        return is_of_another(self.invoice.producer.siret, self.invoice.seller_ids)

    @property
    def changed_since(self) -> bool:
        """It was approved for another amount than what is owed today."""
        agreed = self.invoice.agreed_cents
        return agreed is not None and agreed != self.owed_cents


def invoices_between(collective: Collective, producer: Structure) -> QuerySet[Invoice]:
    """The latest first."""
    return Invoice.objects.filter(collective=collective, producer=producer).defer("content")


def content_of(invoice: Invoice) -> bytes:
    return bytes(Invoice.objects.values_list("content", flat=True).get(pk=invoice.pk))


def purchase_orders_of(invoice: Invoice) -> QuerySet[PurchaseOrder]:
    """Those of a withdrawn invoice, too: it was for them."""
    matches = InvoiceMatch.objects.filter(invoice=invoice)
    return PurchaseOrder.objects.filter(pk__in=matches.values("purchase_order")).select_related(
        "cycle__collective__structure", "producer"
    )


def comparison_of(invoice: Invoice) -> Comparison:
    contents = with_contents(purchase_orders_of(invoice))
    owed = owed_for(each.purchase_order.number for each in contents)
    rows = [Compared(each, owed.get(each.purchase_order.number, 0)) for each in contents]
    return Comparison(invoice, rows)


def waiting_among(orders: QuerySet[PurchaseOrder]) -> list[Waiting]:
    """Those of these orders that are in no live invoice, the latest 100."""
    live = InvoiceMatch.objects.filter(purchase_order=OuterRef("pk"), freed_at=None)
    waiting = list(orders.filter(~Exists(live)).order_by("-made_at", "-pk")[:100])
    owed = owed_for(order.number for order in waiting)
    return [Waiting(order, owed[order.number]) for order in waiting]


def owed_for(numbers: Iterable[str]) -> dict[str, int]:
    """Number of a purchase order -> what the ledger says its deliveries make owed, paid or not."""
    wanted = set(numbers)
    owed = dict.fromkeys(wanted, 0)
    for side, sign in (("to_account", 1), ("from_account", -1)):
        of_producers = {f"{side}__kind": AccountKind.PRODUCER}
        moves = Transfer.objects.filter(reference__in=wanted, **of_producers)
        sums = moves.order_by().values_list("reference").annotate(total=Sum("amount_cents"))
        for reference, total in sums:
            owed[reference] += sign * total
    return owed


def invoicing_of(numbers: Iterable[str]) -> dict[str, Invoicing]:
    """Number of a purchase order -> its live invoice, in a fixed number of queries."""
    wanted = set(numbers)
    asked = InvoiceMatch.objects.filter(freed_at=None, purchase_order__number__in=wanted)
    matches = list(
        InvoiceMatch.objects.filter(freed_at=None, invoice__in=asked.values("invoice"))
        .select_related("invoice", "purchase_order")
        .defer("invoice__content")
    )
    owed = owed_for(match.purchase_order.number for match in matches)
    totals: dict[int, int] = {}
    for match in matches:
        totals[match.invoice_id] = totals.get(match.invoice_id, 0) + _owed(match, owed)
    known = {
        match.purchase_order.number: Invoicing(
            agreement(match.invoice.state, match.invoice.agreed_cents, totals[match.invoice_id]),
            match.invoice_id,
        )
        for match in matches
    }
    return {number: known.get(number, Invoicing(Agreement.NONE)) for number in wanted}


def _owed(match: InvoiceMatch, owed: dict[str, int]) -> int:
    return owed.get(match.purchase_order.number, 0)


def live_number(collective: Collective, producer: Structure, number: str) -> Invoice | None:
    """The live invoice of this number, if there is one."""
    same = invoices_between(collective, producer).filter(number=number)
    return same.exclude(state__in=NOT_LIVE).first()


def held(orders: Collection[int]) -> list[str]:
    """Numbers of those of these purchase orders that are in a live invoice."""
    live = InvoiceMatch.objects.filter(purchase_order__in=orders, freed_at=None)
    return list(live.values_list("purchase_order__number", flat=True).order_by("pk"))
