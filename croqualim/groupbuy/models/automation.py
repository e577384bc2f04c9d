from django.db import models
from django.utils.translation import gettext_lazy as _

from croqualim.groupbuy.models.groups import Collective


class Automation(models.Model):
    """What a collective lets the clock do. Without a row, or with nothing in it: nothing."""

    collective = models.OneToOneField(Collective, models.CASCADE, related_name="automation")
    reminder_days = models.PositiveSmallIntegerField(_("rappel"), null=True, blank=True)
    closes_after_hours = models.PositiveSmallIntegerField(_("clôture"), null=True, blank=True)
    # a closing is not undone: those of before somebody chose this stay with her
    closes_from = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return str(self.collective)
