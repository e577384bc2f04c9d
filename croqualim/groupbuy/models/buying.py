from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.cycles import Cycle, Offer
from croqualim.network.models import Structure
from croqualim.stock.models import Lot


class PurchaseOrder(models.Model):
    """What one producer is asked to deliver for a cycle."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="purchase_orders")
    producer = models.ForeignKey(Structure, models.PROTECT, related_name="purchase_orders")
    number = models.CharField(_("numéro"), max_length=30, unique=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["cycle", "producer"], name="one_purchase_order_per_producer"
            )
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    purchase_order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="lines")
    offer = models.OneToOneField(Offer, models.PROTECT, related_name="purchase_line")
    needed_quantity = models.PositiveIntegerField()  # ordered less what the warehouse gives
    packages = models.PositiveIntegerField()
    quantity = models.PositiveIntegerField()  # packages × packaging

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(quantity__gt=0), name="something_bought")]

    def __str__(self) -> str:
        return f"{self.purchase_order} · {self.offer.product}"


class DeliveryLine(models.Model):
    """What arrived of a line. Undone by a counter-movement; then `undone_at` says so."""

    purchase_line = models.ForeignKey(PurchaseOrderLine, models.PROTECT, related_name="deliveries")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField()  # 0: nothing came
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purchase_line"], condition=Q(undone_at=None), name="one_live_delivery"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purchase_line} · {self.quantity}"
