from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.cycles import Offer, Popup
from croqualim.groupbuy.models.groups import MembershipYear
from croqualim.groupbuy.models.orders import Order
from croqualim.ledger.models import Transfer


class PaymentMethod(models.TextChoices):
    CASH = "cash", _("espèces")
    CARD = "card", _("carte")
    CHEQUE = "cheque", _("chèque")
    PREPAID = "prepaid", _("compte prépayé")


class PaymentPurpose(models.TextChoices):
    ORDER = "order", _("commande")
    FREE_SALE = "free_sale", _("vente libre")
    MEMBERSHIP = "membership", _("adhésion")
    CONTAINERS = "containers", _("consigne")
    TOP_UP = "top_up", _("compte prépayé")


class FreeSale(models.Model):
    """What is left, sold to whoever is there, at the cost price."""

    popup = models.ForeignKey(Popup, models.PROTECT, related_name="free_sales")
    amount_cents = models.PositiveIntegerField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.popup} · {self.at:%H:%M}"


class FreeSaleLine(models.Model):
    sale = models.ForeignKey(FreeSale, models.PROTECT, related_name="lines")
    offer = models.ForeignKey(Offer, models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField()
    amount_cents = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.offer.product} · {self.quantity}"


class Payment(models.Model):
    """Money taken at the shop. Its transfer is the truth; this row says for what."""

    popup = models.ForeignKey(Popup, models.PROTECT, related_name="payments")
    purpose = models.CharField(max_length=20, choices=PaymentPurpose)
    method = models.CharField(_("moyen"), max_length=20, choices=PaymentMethod)
    amount_cents = models.PositiveIntegerField()
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="payments")
    sale = models.ForeignKey(
        FreeSale, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    membership_year = models.ForeignKey(
        MembershipYear, models.PROTECT, null=True, blank=True, related_name="payments"
    )
    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="+")
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payment_positive")
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.amount_cents}"


class TillCount(models.Model):
    """The cash that was counted, beside what the box should hold, its float included."""

    popup = models.ForeignKey(Popup, models.PROTECT, related_name="till_counts")
    expected_cents = models.IntegerField()
    counted_cents = models.PositiveIntegerField()
    detail = models.JSONField(default=dict)  # {"2000": 3, …}: how many of each note and coin
    note = models.TextField(_("remarque"), blank=True)
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.popup} · {self.counted_cents}"
