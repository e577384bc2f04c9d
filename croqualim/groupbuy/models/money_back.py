from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.cycles import Popup
from croqualim.groupbuy.models.orders import OrderLine
from croqualim.ledger.models import Transfer


class PayoutMethod(models.TextChoices):
    CASH = "cash", _("espèces")
    PREPAID = "prepaid", _("compte prépayé")
    TRANSFER = "transfer", _("virement")


class PayoutPurpose(models.TextChoices):
    PREPAID = "prepaid", _("compte prépayé rendu")
    REFUND = "refund", _("produit repris")
    CONTAINERS = "containers", _("consigne rendue")


class Payout(models.Model):
    """Money given back, from a shop's box or otherwise. Its transfer is the truth; this row says
    for what."""

    popup = models.ForeignKey(
        Popup, models.PROTECT, null=True, blank=True, related_name="payouts"
    )  # None: by the coordination, away from any shop
    purpose = models.CharField(max_length=20, choices=PayoutPurpose)
    method = models.CharField(_("moyen"), max_length=20, choices=PayoutMethod)
    amount_cents = models.PositiveIntegerField()
    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="+")
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="payout_positive")
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.amount_cents}"


class Fate(models.TextChoices):
    """What becomes of what she brings back."""

    KEPT = "kept", _("il est bon : il revient en vente")
    LOST = "lost", _("il est abîmé, ou n’est pas revenu : il est perdu")


class Refund(models.Model):
    """A product taken back, or bad: what she paid for it is given back."""

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="refunds")
    quantity = models.PositiveIntegerField()
    amount_cents = models.PositiveIntegerField()  # what she had paid for it, at her share
    fate = models.CharField(max_length=10, choices=Fate)
    # of a month already settled: a counter-entry of its day, the order stays as it was
    is_after_settlement = models.BooleanField()
    payout = models.OneToOneField(
        Payout, models.PROTECT, null=True, blank=True, related_name="refund"
    )  # None: she had paid nothing
    popup = models.ForeignKey(Popup, models.PROTECT, null=True, blank=True, related_name="refunds")
    nonce = models.CharField(max_length=40, unique=True)  # of the form: sent twice, it is one
    reason = models.TextField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="something_taken_back")
        ]

    def __str__(self) -> str:
        return f"{self.line} · {self.quantity}"
