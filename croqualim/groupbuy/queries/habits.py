"""What a household usually takes and what it keeps among its favourites: for itself."""

from croqualim.groupbuy.models import Membership, Order, OrderLine
from croqualim.groupbuy.rules.habits import LAST_ORDERS, usual


def habits_of(membership: Membership) -> dict[int, int]:
    """product id -> how much of it she usually takes; one query."""
    last = Order.objects.filter(membership=membership, collected_at__isnull=False)
    lines = (
        OrderLine.objects.filter(
            order__in=last.order_by("-collected_at").values("pk")[:LAST_ORDERS]
        )
        .order_by("-order__collected_at", "pk")
        .values_list("order", "offer__product", "asked_quantity")
    )
    orders: dict[int, dict[int, int]] = {}
    for order, product, quantity in lines:
        orders.setdefault(order, {})[product] = quantity
    return usual(list(orders.values()))
