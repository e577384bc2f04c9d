from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.buying import PurchaseOrder
from croqualim.groupbuy.models.groups import Collective
from croqualim.groupbuy.rules.invoices import State
from croqualim.network.models import Structure

LABELS = {
    State.DRAFT: _("à compléter"),
    State.TO_CHECK: _("à vérifier"),
    State.APPROVED: _("approuvée"),
    State.QUERIED: _("en désaccord"),
    State.WITHDRAWN: _("retirée"),
}
NOT_LIVE = [State.DRAFT.value, State.WITHDRAWN.value]


class Invoice(models.Model):
    """What a producer asks to be paid, as she wrote it. Its file is a row: see decision 11.

    Approving pays nothing. What was asked or withdrawn, and why, is in the months' history.
    """

    collective = models.ForeignKey(Collective, models.PROTECT, related_name="invoices")
    producer = models.ForeignKey(Structure, models.PROTECT, related_name="+")
    number = models.CharField(_("numéro"), max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    amount_cents = models.BigIntegerField(null=True, blank=True)  # including tax
    tax_cents = models.BigIntegerField(null=True, blank=True)
    file_name = models.CharField(max_length=200)
    media = models.CharField(max_length=3)  # pdf, xml
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    seller_ids = models.JSONField(default=list)  # SIREN or SIRET, as the file says
    order_references = models.JSONField(default=list)
    lines = models.JSONField(default=list)  # [[name, quantity, cents without tax or null], …]
    state = models.CharField(max_length=10, choices=LABELS.items(), default=State.DRAFT)
    words = models.TextField(blank=True)  # the last that was asked of her, or why it was withdrawn
    agreed_cents = models.BigIntegerField(null=True, blank=True)  # owed when it was approved
    received_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-received_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "producer", "number"],
                condition=~Q(state__in=NOT_LIVE),
                name="one_live_invoice_per_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=NOT_LIVE)
                | Q(amount_cents__gt=0, issued_on__isnull=False) & ~Q(number=""),
                name="live_invoice_is_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.file_name

    @property
    def is_live(self) -> bool:
        return self.state not in NOT_LIVE

    @property
    def is_waiting(self) -> bool:
        """For the collective's answer."""
        return self.state in {State.TO_CHECK, State.QUERIED}

    @property
    def is_read(self) -> bool:
        """While it is a draft: whether its file said something of itself."""
        return bool(self.number or self.amount_cents)


class InvoiceMatch(models.Model):
    """A purchase order that an invoice is for. One is in one live invoice: the database says so."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="matches")
    purchase_order = models.ForeignKey(PurchaseOrder, models.PROTECT, related_name="+")
    freed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purchase_order"],
                condition=Q(freed_at=None),
                name="one_live_invoice_per_purchase_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.invoice} · {self.purchase_order}"
