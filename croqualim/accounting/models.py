from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounting.rules.headings import Heading
from croqualim.accounts.models import Person
from croqualim.groupbuy.models import Collective
from croqualim.ledger.models import Transfer

HEADINGS = [
    (Heading.PRODUCERS, _("Ce qui est dû aux producteurs")),
    (Heading.PURCHASES, _("Ce qui est acheté aux producteurs")),
    (Heading.STOCK, _("Marchandises au dépôt")),
    (Heading.STOCK_CHANGE, _("Ce qui entre au dépôt et en sort")),
    (Heading.SALES, _("Paniers et vente libre payés")),
    (Heading.SUBSIDIES, _("Versé par les enveloppes")),
    (Heading.ENVELOPES, _("Enveloppes à employer")),
    (Heading.PREPAID, _("Comptes prépayés des adhérent·es")),
    (Heading.CONTAINERS, _("Consignes à rendre")),
    (Heading.MEMBERSHIPS, _("Adhésions")),
    (Heading.INCOME, _("Autres produits")),
    (Heading.LOSS, _("Pertes et écarts")),
    (Heading.BANK, _("Banque")),
    (Heading.CASH, _("Caisse")),
    (Heading.CHEQUES, _("Chèques à déposer")),
    (Heading.SUSPENSE, _("Ce qui reste à classer")),
]


class ChartAccount(models.Model):
    """The account number a collective gives a heading, where it is not the usual one."""

    collective = models.ForeignKey(Collective, models.PROTECT, related_name="+")
    heading = models.CharField(max_length=20, choices=HEADINGS)
    number = models.CharField(_("numéro"), max_length=12)
    label = models.CharField(_("libellé"), max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collective", "heading"], name="one_account_a_heading")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.label}"


class Validation(models.Model):
    """From `until` on, nothing more is written on that day or before."""

    collective = models.ForeignKey(Collective, models.PROTECT, related_name="+")
    until = models.DateField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["collective", "until"], name="one_validation_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.collective} · {self.until}"


class JournalEntry(models.Model):
    """A numbered entry: added by a validation, never changed."""

    collective = models.ForeignKey(Collective, models.PROTECT, related_name="+")
    validation = models.ForeignKey(Validation, models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    day = models.DateField()
    journal_code = models.CharField(max_length=2)
    journal_label = models.CharField(max_length=30)
    piece = models.CharField(max_length=100)
    piece_day = models.DateField()  # before `day` when it came after its day was validated
    label = models.CharField(max_length=400)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["collective", "number"], name="one_entry_a_number")
        ]
        indexes = [models.Index(fields=["collective", "day"], name="entries_by_day")]

    def __str__(self) -> str:
        return f"{self.number} · {self.label}"


class EntryLine(models.Model):
    """With the account's number as it was that day."""

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="lines")
    heading = models.CharField(max_length=20, choices=HEADINGS)
    account_number = models.CharField(max_length=12)
    account_label = models.CharField(max_length=100)
    party_code = models.CharField(max_length=20, blank=True)
    party_name = models.CharField(max_length=200, blank=True)
    debit_cents = models.BigIntegerField()
    credit_cents = models.BigIntegerField()

    class Meta:
        ordering = ["entry__number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(debit_cents__gt=0, credit_cents=0)
                | Q(debit_cents=0, credit_cents__gt=0),
                name="debit_or_credit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.account_number} · {self.debit_cents or -self.credit_cents}"


class EntrySource(models.Model):
    """Which entry a transfer is in: one and no other."""

    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="sources")
    transfer = models.OneToOneField(Transfer, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.transfer} · {self.entry}"
