from django.db import models
from django.utils.translation import gettext_lazy as _

from croqualim.groupbuy.models.groups import Group


class Door(models.Model):
    """What joining a group by oneself asks for: one of these is enough. Never about money."""

    group = models.OneToOneField(Group, models.CASCADE, related_name="door")
    email_domain = models.CharField(_("adresses"), max_length=100, blank=True)  # lower case
    invitation_code = models.CharField(_("code d’invitation"), max_length=40, blank=True)

    def __str__(self) -> str:
        return str(self.group)
