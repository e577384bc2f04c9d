from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.cycles import Popup
from croqualim.ledger.models import Transfer


class CashMoveKind(models.TextChoices):
    CHANGE = "change", _("monnaie apportée")
    DEPOSIT = "deposit", _("espèces portées à la banque")


class CashMove(models.Model):
    """Cash between a shop's box and the bank. Its transfer is the truth; this row says which box,
    and under which slip."""

    popup = models.ForeignKey(Popup, models.PROTECT, related_name="cash_moves")
    kind = models.CharField(max_length=20, choices=CashMoveKind)
    amount_cents = models.PositiveIntegerField()
    slip = models.CharField(_("numéro de bordereau"), max_length=60, blank=True)
    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="+")
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="cash_move_positive")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.amount_cents}"
