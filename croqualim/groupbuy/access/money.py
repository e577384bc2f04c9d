"""Money given back: what of it somebody may do."""

from django.shortcuts import get_object_or_404

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.access import (
    coordinated_collectives,
    coordinated_cycles,
    get_popup_at_till,
)
from croqualim.groupbuy.models import (
    CashMove,
    Collective,
    Membership,
    Order,
    Payout,
    PayoutPurpose,
    Popup,
    Refund,
)


def get_order_to_take_back(person: Person, popup_id: int, order_id: int) -> tuple[Popup, Order]:
    """What a household of the collective took home, of any month, at a shop where she holds the
    till."""
    popup = get_popup_at_till(person, popup_id)
    orders = Order.objects.select_related("membership__household", "cycle").filter(
        cycle__collective=popup.cycle.collective_id, collected_at__isnull=False
    )
    return popup, get_object_or_404(orders, pk=order_id)


def get_refund_at_till(person: Person, popup_id: int, refund_id: int) -> Refund:
    popup = get_popup_at_till(person, popup_id)
    refunds = Refund.objects.select_related("line__order", "line__offer__product", "payout")
    return get_object_or_404(refunds, pk=refund_id, popup=popup)


def get_refund(person: Person, refund_id: int) -> Refund:
    """One that the coordination made, of a cycle she coordinates."""
    refunds = Refund.objects.select_related("line__order", "line__offer__product", "payout")
    return get_object_or_404(
        refunds, pk=refund_id, popup=None, line__order__cycle__in=coordinated_cycles(person)
    )


def get_paid_back(person: Person, popup_id: int, payout_id: int) -> Payout:
    """Of a prepaid account, at a shop where she holds the till."""
    popup = get_popup_at_till(person, popup_id)
    payouts = Payout.objects.filter(purpose=PayoutPurpose.PREPAID)
    return get_object_or_404(payouts, pk=payout_id, popup=popup)


def get_paid_back_by_transfer(person: Person, payout_id: int) -> Payout:
    """Of a prepaid account of a collective she coordinates."""
    keepers = coordinated_collectives(person).values("structure")
    payouts = Payout.objects.filter(purpose=PayoutPurpose.PREPAID, popup=None)
    return get_object_or_404(
        payouts.select_related("transfer__from_account"),
        pk=payout_id,
        transfer__from_account__keeper__in=keepers,
    )


def get_product_in_container(collective: Collective, product_id: int) -> Product:
    """Of a collective that `get_collective` let through."""
    products = Product.objects.filter(buyer=collective.structure_id)
    return get_object_or_404(products, pk=product_id)


def get_containers_back(person: Person, popup_id: int, payout_id: int) -> Payout:
    """What was given for containers, at a shop where she holds the till."""
    popup = get_popup_at_till(person, popup_id)
    payouts = Payout.objects.filter(purpose=PayoutPurpose.CONTAINERS)
    return get_object_or_404(payouts, pk=payout_id, popup=popup)


def get_cash_move(person: Person, popup_id: int, move_id: int) -> CashMove:
    popup = get_popup_at_till(person, popup_id)
    return get_object_or_404(CashMove.objects.select_related("popup"), pk=move_id, popup=popup)


def get_own_membership_ever(person: Person, membership_id: int) -> Membership:
    """Her household's, even after leaving: what is left on its account is still hers."""
    memberships = Membership.objects.select_related("group", "household", "collective__structure")
    return get_object_or_404(memberships, pk=membership_id, household=person.household_id)
