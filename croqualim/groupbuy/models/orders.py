from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.cycles import Cycle, Offer, Popup
from croqualim.groupbuy.models.groups import Membership
from croqualim.groupbuy.models.stops import Stop
from croqualim.ledger.models import Envelope


class Basket(models.Model):
    """What a household is choosing, kept so that a lost network loses nothing."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="baskets")
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="baskets")
    quantities = models.JSONField(default=dict)  # offer id, as text -> quantity
    # offer id, as text -> as much more, see OrderLine; None: as her order says
    extras = models.JSONField(null=True, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cycle", "membership"], name="one_basket_per_cycle")
        ]

    def __str__(self) -> str:
        return f"{self.membership} · {self.cycle}"


class Order(models.Model):
    """What was confirmed. Amounts follow the lines: cost at the full price, due at her share."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="orders")
    popup = models.ForeignKey(Popup, models.PROTECT, related_name="orders")
    stop = models.ForeignKey(
        Stop, models.PROTECT, null=True, blank=True, related_name="orders"
    )  # of its shop
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="orders")
    reference = models.CharField(_("référence"), max_length=30)
    share_percent = models.PositiveSmallIntegerField()
    # behind that share when it was ordered, whatever the collective chooses since
    envelope = models.ForeignKey(
        Envelope, models.PROTECT, null=True, blank=True, related_name="+"
    )  # None: at the full price
    cost_cents = models.PositiveIntegerField(default=0)
    due_cents = models.PositiveIntegerField(default=0)
    placed_at = models.DateTimeField()
    placed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)
    absent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["reference"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "reference"], name="one_order_per_reference"),
            models.UniqueConstraint(
                fields=["cycle", "membership"],
                condition=Q(cancelled_at=None),
                name="one_live_order_per_cycle",
            ),
            models.CheckConstraint(
                condition=Q(share_percent=100) | Q(envelope__isnull=False),
                name="order_s_envelope_is_known",
            ),
            models.CheckConstraint(
                condition=Q(collected_at=None) | Q(absent_at=None), name="collected_or_absent"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def pick_up(self) -> Popup | Stop:
        """Where and when it is collected."""
        return self.stop or self.popup


class OrderLine(models.Model):
    order = models.ForeignKey(Order, models.PROTECT, related_name="lines")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="order_lines")
    asked_quantity = models.PositiveIntegerField()  # what she asked for
    # as much more she takes, if that completes a sack or case
    extra_quantity = models.PositiveIntegerField(default=0, db_default=0)
    # decided at closing, where it is not what she asked: less, or some of her extra
    agreed_quantity = models.PositiveIntegerField(null=True, blank=True)
    quantity = models.PositiveIntegerField()  # what she gets: less after a short delivery
    cost_price_cents = models.PositiveIntegerField()  # at which it was counted last
    cost_cents = models.PositiveIntegerField()
    due_cents = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order", "offer"], name="one_line_per_offer"),
            models.CheckConstraint(condition=Q(asked_quantity__gt=0), name="something_asked"),
        ]

    def __str__(self) -> str:
        return f"{self.order} · {self.offer.product}"

    @property
    def awaited_quantity(self) -> int:
        """What she gets if all that was bought comes."""
        return self.asked_quantity if self.agreed_quantity is None else self.agreed_quantity
