from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.cycles import Cycle, Offer
from croqualim.groupbuy.rules.reception import Rule
from croqualim.network.models import Structure
from croqualim.stock.models import Lot


class PurchaseOrder(models.Model):
    """What one producer is asked to deliver for a cycle."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="purchase_orders")
    producer = models.ForeignKey(Structure, models.PROTECT, related_name="purchase_orders")
    number = models.CharField(_("numéro"), max_length=30, unique=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)  # nothing else is awaited

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


class Delivery(models.Model):
    """One reception of a purchase order: a lorry, or the news that no other will come.

    Undone by counter-movements, the last one first; then `undone_at` says so.
    """

    purchase_order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="deliveries")
    number = models.PositiveSmallIntegerField()  # 1, 2, 3… of its order, the undone ones counted
    is_last = models.BooleanField()  # nothing else will come: what lacks is shared out
    rule = models.CharField(
        max_length=20, choices=[(rule.value, rule.value) for rule in Rule], default=Rule.PRO_RATA
    )
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["purchase_order", "number"], name="one_delivery_per_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purchase_order} · {self.number}"


class DeliveryLine(models.Model):
    """One lot of a line, as it came. A line of which nothing came has none."""

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="lines")
    purchase_line = models.ForeignKey(PurchaseOrderLine, models.PROTECT, related_name="deliveries")
    lot = models.ForeignKey(Lot, models.PROTECT, null=True, blank=True, related_name="+")
    quantity = models.PositiveIntegerField()  # accepted, and owed to the producer
    lost_quantity = models.PositiveIntegerField(default=0)  # of it, set aside as a loss
    refused_quantity = models.PositiveIntegerField(default=0)  # besides it, gone back at once
    damage = models.CharField(max_length=200, blank=True)  # why it was lost or refused
    # what the producer asked that day, for so much; on most days the price of the offer
    price_cents = models.PositiveIntegerField()
    priced_quantity = models.PositiveIntegerField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lost_quantity__lte=F("quantity")), name="lost_of_what_came"
            ),
            models.CheckConstraint(
                condition=Q(lost_quantity=0, refused_quantity=0) | ~Q(damage=""),
                name="damage_says_why",
            ),
            models.CheckConstraint(
                condition=Q(priced_quantity__gt=0), name="delivery_priced_quantity_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purchase_line} · {self.quantity}"

    @property
    def kept_quantity(self) -> int:
        """What of it can be shared out."""
        return self.quantity - self.lost_quantity
