"""The deliveries of a purchase order that somebody may already handle."""

from django.shortcuts import get_object_or_404

from croqualim.groupbuy.models import Delivery, PurchaseOrder


def get_delivery(purchase_order: PurchaseOrder, number: int) -> Delivery:
    return get_object_or_404(Delivery, purchase_order=purchase_order, number=number)
