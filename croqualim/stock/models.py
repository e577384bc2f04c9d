from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.network.models import Structure


class LocationKind(models.TextChoices):
    # real
    WAREHOUSE = "warehouse", _("dépôt")
    POPUP = "popup", _("épicerie éphémère")
    # virtual
    PRODUCER = "producer", _("producteur")
    HOUSEHOLDS = "households", _("foyers")
    LOSS = "loss", _("pertes")
    COMPOST = "compost", _("compost")


REAL = {LocationKind.WAREHOUSE, LocationKind.POPUP}


class Location(models.Model):
    keeper = models.ForeignKey(Structure, models.PROTECT, related_name="locations")
    kind = models.CharField(max_length=20, choices=LocationKind)
    name = models.CharField(_("nom"), max_length=150)
    structure = models.ForeignKey(
        Structure, models.PROTECT, null=True, blank=True, related_name="+"
    )  # of a producer's virtual location
    subject = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                F("keeper"),
                F("kind"),
                Coalesce(F("structure"), 0),
                F("subject"),
                name="one_location_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Lot(models.Model):
    product = models.ForeignKey(Product, models.PROTECT, related_name="lots")
    code = models.CharField(_("lot"), max_length=60)
    best_before_on = models.DateField(_("à consommer de préférence avant"), null=True, blank=True)
    received_at = models.DateTimeField()
    # what was paid: price_cents for priced_quantity of the product's units
    price_cents = models.PositiveIntegerField()
    priced_quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(priced_quantity__gt=0), name="lot_priced_quantity_positive"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.code}"


class Level(models.Model):
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="levels")
    location = models.ForeignKey(Location, models.PROTECT, related_name="levels")
    quantity = models.BigIntegerField(default=0)
    reserved_quantity = models.BigIntegerField(default=0)
    has_floor = models.BooleanField()  # true in real places

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lot", "location"], name="one_level_per_lot_and_place"),
            models.CheckConstraint(
                condition=Q(has_floor=False) | Q(quantity__gte=F("reserved_quantity")),
                name="level_at_least_reserved",
            ),
            models.CheckConstraint(
                condition=Q(reserved_quantity__gte=0), name="reserved_quantity_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lot} · {self.location}"


class Movement(models.Model):
    """Append-only: triggers refuse UPDATE and DELETE on both engines.

    A key names one thing done. What takes from several lots is several lines under one key.
    """

    key = models.CharField(max_length=200)
    line = models.PositiveIntegerField(default=1)
    lot = models.ForeignKey(Lot, models.PROTECT, related_name="movements")
    from_location = models.ForeignKey(Location, models.PROTECT, related_name="outgoing")
    to_location = models.ForeignKey(Location, models.PROTECT, related_name="incoming")
    quantity = models.BigIntegerField()
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
            # every thing done has a line 1: so it is done once
            models.UniqueConstraint(fields=["key", "line"], name="one_movement_per_key_and_line"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="quantity_positive"),
            models.CheckConstraint(
                condition=~Q(from_location=F("to_location")), name="between_two_locations"
            ),
        ]
        indexes = [
            models.Index(fields=["from_location", "at"], name="movement_out"),
            models.Index(fields=["to_location", "at"], name="movement_in"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} · {self.lot} · {self.quantity}"


class Reservation(models.Model):
    """A quantity held. One key may hold on several lots, whichever go first."""

    key = models.CharField(max_length=200)
    level = models.ForeignKey(Level, models.PROTECT, related_name="reservations")
    quantity = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["key", "level"], name="one_reservation_per_key_and_level"
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="stock_reservation_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.key} · {self.quantity}"
