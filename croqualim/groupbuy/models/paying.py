from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.groups import Collective
from croqualim.ledger.models import Transfer
from croqualim.network.models import Structure


class BankDetails(models.Model):
    """Where a structure is paid, or pays from. A row is a change: the last one holds.

    `payer`: who wrote it down for herself alone; null when the structure's own people said it,
    for all who pay her. So no buyer redirects what another one pays.
    """

    structure = models.ForeignKey(Structure, models.PROTECT, related_name="+")
    payer = models.ForeignKey(Structure, models.PROTECT, null=True, blank=True, related_name="+")
    holder = models.CharField(_("titulaire"), max_length=70)
    iban = models.CharField(_("IBAN"), max_length=34)
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["structure", "-at"], name="bank_details_by_day")]

    def __str__(self) -> str:
        return f"{self.structure} · {self.iban[-4:]}"


class PaymentBatch(models.Model):
    """What a collective pays its producers in one go: a file for the bank, or by hand.

    Made, then executed or cancelled. `content` is the file as it was made, never made again.
    """

    collective = models.ForeignKey(Collective, models.PROTECT, related_name="payment_batches")
    number = models.CharField(_("numéro"), max_length=20)
    words = models.CharField(max_length=200, blank=True)  # by hand: "chèque 1234"
    pay_on = models.DateField()
    content = models.TextField(blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    executed_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    executed_at = models.DateTimeField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)  # as the bank's statement says
    cancelled_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was cancelled

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["collective", "number"], name="one_batch_per_number"),
            models.CheckConstraint(
                condition=Q(executed_at=None) | Q(cancelled_at=None),
                name="executed_or_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class ProducerPayment(models.Model):
    """One producer's payment in a batch. Sent back by her bank, it is returned: owed again."""

    batch = models.ForeignKey(PaymentBatch, models.PROTECT, related_name="payments")
    producer = models.ForeignKey(Structure, models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()
    holder = models.CharField(max_length=70, blank=True)
    iban = models.CharField(max_length=34, blank=True)
    transfer = models.OneToOneField(Transfer, models.PROTECT, null=True, related_name="+")
    returned_by = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it came back

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "producer"], name="one_payment_per_producer_and_batch"
            ),
            models.CheckConstraint(
                condition=Q(amount_cents__gt=0), name="producer_payment_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch} · {self.producer}"


class PaidDue(models.Model):
    """A movement that a payment pays. One is never in two live payments: the database says so."""

    payment = models.ForeignKey(ProducerPayment, models.PROTECT, related_name="dues")
    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="+")
    amount_cents = models.BigIntegerField()  # below zero: what she gives back
    freed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["transfer"], condition=Q(freed_at=None), name="one_live_payment_per_due"
            )
        ]

    def __str__(self) -> str:
        return f"{self.transfer} · {self.payment}"
