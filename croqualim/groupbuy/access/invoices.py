"""Invoices: for who coordinates the collective that pays, and for the farm that asks."""

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from croqualim.accounts.models import Person
from croqualim.groupbuy.access import visible_purchase_orders
from croqualim.groupbuy.models import Invoice, PurchaseOrder
from croqualim.groupbuy.rules.invoices import State
from croqualim.network.access import has_role, structures_where
from croqualim.network.models import RoleKind, Structure


def visible_invoices(person: Person) -> QuerySet[Invoice]:
    """Their files are left where they are."""
    return (
        Invoice.objects.filter(
            Q(collective__structure__in=structures_where(person, RoleKind.COORDINATOR))
            | Q(producer__in=structures_where(person, RoleKind.FARMER))
        )
        .select_related("collective__structure", "producer", "received_by", "decided_by")
        .defer("content")
    )


def get_invoice(person: Person, invoice_id: int) -> Invoice:
    return get_object_or_404(visible_invoices(person), pk=invoice_id)


def get_invoice_to_check(person: Person, invoice_id: int) -> Invoice:
    """One that a collective she coordinates has to pay."""
    hers = structures_where(person, RoleKind.COORDINATOR)
    return get_object_or_404(
        visible_invoices(person).exclude(state=State.DRAFT),
        pk=invoice_id,
        collective__structure__in=hers,
    )


def may_check_invoice(person: Person, invoice: Invoice) -> bool:
    """False for the farm that sent it."""
    return has_role(person, RoleKind.COORDINATOR, invoice.collective.structure)


def get_invoice_to_withdraw(person: Person, invoice_id: int) -> Invoice:
    """Once approved, it is the coordinator's to withdraw."""
    hers = structures_where(person, RoleKind.COORDINATOR)
    return get_object_or_404(
        visible_invoices(person).filter(
            Q(collective__structure__in=hers) | ~Q(state=State.APPROVED)
        ),
        pk=invoice_id,
    )


def purchase_orders_between(
    person: Person, collective_id: int, producer: Structure
) -> QuerySet[PurchaseOrder]:
    """Those that both know: to a farm, what was sent to it."""
    return visible_purchase_orders(person).filter(
        cycle__collective=collective_id, producer=producer
    )
