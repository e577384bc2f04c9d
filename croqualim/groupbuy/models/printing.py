from django.db import models
from django.db.models import F
from django.db.models.functions import Coalesce

from croqualim.accounts.models import Person
from croqualim.groupbuy.models.cycles import Cycle, Popup


class Printing(models.Model):
    """A paper that somebody printed, and in which version: a later one says what it replaces."""

    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="printings")
    popup = models.ForeignKey(
        Popup, models.PROTECT, null=True, blank=True, related_name="printings"
    )
    paper = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-version", "-pk"]
        constraints = [
            models.UniqueConstraint(
                F("cycle"),
                Coalesce(F("popup"), 0),
                F("paper"),
                F("version"),
                name="one_printing_per_version",
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper} · {self.version}"
