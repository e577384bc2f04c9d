from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from croqualim.groupbuy.models.cycles import Popup
from croqualim.kernel.period import hour_in_words


class Stop(models.Model):
    """Where the van of a shop that goes round stops, and from when to when, the shop's day.

    Stops are read by their hour; `position` tells which was added first.
    """

    popup = models.ForeignKey(Popup, models.CASCADE, related_name="stops")
    place = models.CharField(_("lieu"), max_length=200)
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["starts_at", "position"]
        constraints = [
            models.UniqueConstraint(fields=["popup", "position"], name="one_stop_per_position"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="stop_runs_forward"
            ),
        ]

    def __str__(self) -> str:
        """'10 h à 11 h, place de la mairie'."""
        starts_at, ends_at = localtime(self.starts_at), localtime(self.ends_at)
        return f"{hour_in_words(starts_at)} à {hour_in_words(ends_at)}, {self.place}"
