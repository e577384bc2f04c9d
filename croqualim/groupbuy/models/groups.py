from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Household, Person
from croqualim.ledger.models import Envelope
from croqualim.network.models import Structure
from croqualim.stock.models import Location
from croqualim.territory.models import Commune


class Collective(models.Model):
    """What a structure is when it runs buying groups."""

    structure = models.OneToOneField(Structure, models.PROTECT)
    warehouse = models.OneToOneField(Location, models.PROTECT)
    handling_percent = models.PositiveSmallIntegerField(_("frais du collectif"), default=0)
    membership_fee_cents = models.PositiveIntegerField(_("adhésion"), default=100)
    label_format = models.CharField(max_length=10, default="L7160")  # of ui.labels: the last used

    def __str__(self) -> str:
        return str(self.structure)


class ShareOption(models.Model):
    """A share that members may choose; below 100 % an envelope pays the rest, above it receives."""

    collective = models.ForeignKey(Collective, models.PROTECT, related_name="share_options")
    share_percent = models.PositiveSmallIntegerField(_("part"))
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, blank=True)
    is_open = models.BooleanField(default=True)

    class Meta:
        ordering = ["share_percent"]
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "share_percent"], name="one_option_per_share"
            ),
            models.CheckConstraint(
                condition=Q(share_percent=100) | Q(envelope__isnull=False),
                name="who_pays_is_known",
            ),
            models.CheckConstraint(
                condition=Q(share_percent__gte=10, share_percent__lte=200), name="share_in_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.share_percent} %"


class Group(models.Model):
    collective = models.ForeignKey(Collective, models.PROTECT, related_name="groups")
    name = models.CharField(_("nom"), max_length=120)
    slug = models.SlugField(unique=True)
    commune = models.ForeignKey(Commune, models.PROTECT, verbose_name=_("commune"))
    place = models.CharField(_("lieu"), max_length=200)
    contact_name = models.CharField(_("contact"), max_length=120, blank=True)
    contact_phone = models.CharField(_("téléphone du contact"), max_length=20, blank=True)
    is_joinable = models.BooleanField(_("ouvert aux adhésions en ligne"), default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A household in a group. The share is for its own people's eyes."""

    group = models.ForeignKey(Group, models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships")
    number = models.PositiveIntegerField(_("numéro"))  # within the collective, said at the till
    collective = models.ForeignKey(Collective, models.PROTECT, related_name="+")
    share_percent = models.PositiveSmallIntegerField(default=100)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["collective", "number"], name="one_membership_number"),
            models.UniqueConstraint(
                fields=["group", "household"],
                condition=Q(left_at=None),
                name="one_live_membership",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} n° {self.number}"


class MembershipYear(models.Model):
    """A year of membership. Its payment is a transfer, taken at the till."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="years")
    starts_on = models.DateField()
    ends_on = models.DateField()
    fee_cents = models.PositiveIntegerField()
    paid_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "starts_on"], name="one_year_at_a_time"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")), name="year_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership} · {self.starts_on.year}"


class ShareChoice(models.Model):
    """Which share was chosen, when, by whom in the household. Added, never changed."""

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="share_choices")
    share_percent = models.PositiveSmallIntegerField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.membership} · {self.at:%d/%m/%Y}"
