from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.models.cycles import Popup
from croqualim.groupbuy.models.groups import Collective
from croqualim.groupbuy.models.money_back import Payout
from croqualim.groupbuy.models.orders import Order


class Container(models.Model):
    """What food goes home in and comes back empty: a jar, a can, a bucket. Its deposit never
    changes: another deposit is another container, so that each is given back what was paid."""

    collective = models.ForeignKey(Collective, models.PROTECT, related_name="containers")
    name = models.CharField(_("contenant"), max_length=40)
    deposit_cents = models.PositiveIntegerField(_("consigne"))

    class Meta:
        ordering = ["name", "deposit_cents"]
        constraints = [
            models.UniqueConstraint(
                fields=["collective", "name", "deposit_cents"], name="one_container_of_a_kind"
            ),
            models.CheckConstraint(condition=Q(deposit_cents__gt=0), name="deposit_positive"),
        ]

    def __str__(self) -> str:
        return self.name


class ProductContainer(models.Model):
    """Which container a product goes home in, and how much of it each holds."""

    product = models.OneToOneField(Product, models.CASCADE, related_name="container")
    container = models.ForeignKey(Container, models.CASCADE, related_name="products")
    holds_quantity = models.PositiveIntegerField()  # in the product's base unit

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(holds_quantity__gt=0), name="container_holds")
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.container}"


class ContainerMove(models.Model):
    """Containers that went home with an order, or came back, whoever brought them."""

    container = models.ForeignKey(Container, models.PROTECT, related_name="moves")
    popup = models.ForeignKey(Popup, models.PROTECT, related_name="container_moves")
    number = models.IntegerField()  # above zero: out; below: back
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="container_moves"
    )
    payout = models.ForeignKey(
        Payout, models.PROTECT, null=True, blank=True, related_name="container_moves"
    )
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(number=0), name="some_containers_moved")]

    def __str__(self) -> str:
        return f"{self.container} · {self.number}"

    @property
    def count_back(self) -> int:
        return -self.number
