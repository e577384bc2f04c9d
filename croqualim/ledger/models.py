from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Household, Person
from croqualim.network.models import Structure


class AccountKind(models.TextChoices):
    # what somebody can claim: never below zero
    ENVELOPE = "envelope", _("enveloppe")
    PREPAID = "prepaid", _("compte prépayé")
    PRODUCER = "producer", _("dû au producteur")
    DEPOSITS = "deposits", _("consignes à rendre")
    # what holds it: never above zero
    CASH = "cash", _("caisse, espèces")
    CHEQUES = "cheques", _("chèques à déposer")
    BANK = "bank", _("banque")
    GOODS = "goods", _("marchandises")
    # what explains the difference: free
    SALES = "sales", _("ventes")
    INCOME = "income", _("produits")
    LOSS = "loss", _("pertes")
    DIFFERENCES = "differences", _("différences de caisse")


CLAIMS = {
    AccountKind.ENVELOPE,
    AccountKind.PREPAID,
    AccountKind.PRODUCER,
    AccountKind.DEPOSITS,
}
HOLDINGS = {AccountKind.CASH, AccountKind.CHEQUES, AccountKind.BANK, AccountKind.GOODS}


class Account(models.Model):
    """In the book that `keeper` keeps; `structure` or `household` says about whom it is."""

    keeper = models.ForeignKey(Structure, models.PROTECT, related_name="accounts")
    kind = models.CharField(max_length=20, choices=AccountKind)
    name = models.CharField(max_length=200)
    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, blank=True, related_name="+"
    )
    household = models.ForeignKey(
        Household, models.PROTECT, null=True, blank=True, related_name="+"
    )
    # distinguishes accounts of one kind and one keeper: "cycle 12"
    subject = models.CharField(max_length=200, blank=True)
    balance_cents = models.BigIntegerField(default=0)
    reserved_cents = models.BigIntegerField(default=0)
    floor_cents = models.BigIntegerField(null=True, blank=True)
    ceiling_cents = models.BigIntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("keeper"),
                F("kind"),
                Coalesce(F("structure"), 0),
                Coalesce(F("household"), 0),
                F("subject"),
                name="one_account_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(floor_cents=None)
                | Q(balance_cents__gte=F("floor_cents") + F("reserved_cents")),
                name="balance_at_least_floor",
            ),
            models.CheckConstraint(
                condition=Q(ceiling_cents=None) | Q(balance_cents__lte=F("ceiling_cents")),
                name="balance_at_most_ceiling",
            ),
            models.CheckConstraint(
                condition=Q(reserved_cents__gte=0), name="reserved_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Transfer(models.Model):
    """Append-only: triggers refuse UPDATE and DELETE on both engines."""

    key = models.CharField(max_length=200, unique=True)
    from_account = models.ForeignKey(Account, models.PROTECT, related_name="outgoing")
    to_account = models.ForeignKey(Account, models.PROTECT, related_name="incoming")
    amount_cents = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    reference = models.CharField(max_length=100, db_index=True)
    reason = models.TextField(blank=True)
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="amount_positive"),
            models.CheckConstraint(
                condition=~Q(from_account=F("to_account")), name="between_two_accounts"
            ),
        ]
        indexes = [
            models.Index(fields=["from_account", "at"], name="transfer_out"),
            models.Index(fields=["to_account", "at"], name="transfer_in"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.reference} · {self.amount_cents}"


class Reservation(models.Model):
    """An amount held. Its row is changed by its owner alone and goes when the money has moved."""

    key = models.CharField(max_length=200, unique=True)
    account = models.ForeignKey(Account, models.PROTECT, related_name="reservations")
    amount_cents = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_cents__gt=0), name="reservation_positive")
        ]

    def __str__(self) -> str:
        return f"{self.key} · {self.amount_cents}"


class Envelope(models.Model):
    name = models.CharField(_("nom"), max_length=150)
    funder = models.ForeignKey(Structure, models.PROTECT, related_name="envelopes_given")
    holder = models.ForeignKey(Structure, models.PROTECT, related_name="envelopes_held")
    account = models.OneToOneField(Account, models.PROTECT)
    purpose = models.TextField(_("objet"), blank=True)
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"))
    opened_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="envelope_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.name
