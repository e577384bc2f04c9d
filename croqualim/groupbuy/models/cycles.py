from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from croqualim.catalogue.models import Product, Rounding
from croqualim.groupbuy.models.groups import Collective, Group
from croqualim.groupbuy.rules.stages import Moments, Stage, stage_at
from croqualim.stock.models import Location


class Cycle(models.Model):
    collective = models.ForeignKey(Collective, models.PROTECT, related_name="cycles")
    name = models.CharField(_("nom"), max_length=80)
    opens_at = models.DateTimeField(_("ouverture des commandes"))
    closes_at = models.DateTimeField(_("clôture des commandes"))
    opens_alone = models.BooleanField(default=False)  # the worker announces it at opens_at
    published_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)  # who had not ordered, once
    bought_at = models.DateTimeField(null=True, blank=True)  # closing was done
    settled_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(_("ce mois, en mots"), blank=True)  # beside the figures

    class Meta:
        ordering = ["-opens_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_at__gt=F("opens_at")), name="closes_after_opening"
            )
        ]

    def __str__(self) -> str:
        return self.name

    def stage(self, now: datetime) -> Stage:
        return stage_at(
            Moments(
                opens_at=self.opens_at,
                closes_at=self.closes_at,
                published_at=self.published_at,
                bought_at=self.bought_at,
                settled_at=self.settled_at,
            ),
            now,
        )


class Offer(models.Model):
    """A product in a cycle. Prices are for `priced_quantity` units and stay as offered, unless
    the producer asks less on the day of a delivery."""

    cycle = models.ForeignKey(Cycle, models.CASCADE, related_name="offers")
    product = models.ForeignKey(Product, models.PROTECT, related_name="offers")
    farmer_price_cents = models.PositiveIntegerField(_("prix du producteur"))
    cost_price_cents = models.PositiveIntegerField(_("prix coûtant"))
    # the cost price as announced, where a delivery that cost less has lowered it since
    announced_price_cents = models.PositiveIntegerField(null=True, blank=True)
    priced_quantity = models.PositiveIntegerField()
    step_quantity = models.PositiveIntegerField()
    packaging_quantity = models.PositiveIntegerField()
    rounding = models.CharField(max_length=10, choices=Rounding, default=Rounding.UP)
    limit_quantity = models.PositiveIntegerField(_("limite"), null=True, blank=True)
    # what live orders ask for; only guarded updates change it
    ordered_quantity = models.PositiveIntegerField(default=0)
    # decided at closing: what the warehouse gives, what is bought
    from_stock_quantity = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["product__family", "product__search_name"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "product"], name="one_offer_per_product"),
            models.CheckConstraint(
                condition=Q(limit_quantity=None) | Q(ordered_quantity__lte=F("limit_quantity")),
                name="never_oversold",
            ),
            models.CheckConstraint(
                condition=Q(step_quantity__gt=0)
                & Q(packaging_quantity__gt=0)
                & Q(priced_quantity__gt=0),
                name="offer_quantities_positive",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.cycle}"


class Popup(models.Model):
    """The shop of one group for one cycle: where and when it is collected."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="popups")
    group = models.ForeignKey(Group, models.PROTECT, related_name="popups")
    location = models.OneToOneField(Location, models.PROTECT)
    place = models.CharField(_("lieu"), max_length=200)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    # the van goes round: each order says at which of its stops it is collected
    has_stops = models.BooleanField(default=False, db_default=False)
    prepared_at = models.DateTimeField(null=True, blank=True)  # goods left the warehouse
    closed_at = models.DateTimeField(null=True, blank=True)  # till counted, rest sent back
    # cash left in the box when it closed, for the group's next shop
    kept_cents = models.PositiveIntegerField(_("fonds de caisse"), default=0)

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["cycle", "group"], name="one_popup_per_group"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="popup_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group} · {self.cycle}"
