from django.db import models
from django.db.models import Q

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.orders import OrderLine


class Weighing(models.Model):
    """What the scale said of one line. Added, never changed: the latest is what she pays."""

    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="weighings")
    reading = models.CharField(max_length=40)  # as it was typed
    quantity = models.PositiveIntegerField()  # as it was understood
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="something_weighed")
        ]

    def __str__(self) -> str:
        return f"{self.line} · {self.quantity}"
