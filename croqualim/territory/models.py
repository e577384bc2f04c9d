from django.db import models
from django.utils.translation import gettext_lazy as _


class Department(models.Model):
    code = models.CharField(max_length=3, primary_key=True)
    name = models.CharField(_("nom"), max_length=100)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Epci(models.Model):
    siren = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(_("nom"), max_length=200)

    def __str__(self) -> str:
        return self.name


class Commune(models.Model):
    """A commune as it is today. Degrees are kept in millionths: no float in the tables."""

    code = models.CharField(_("code INSEE"), max_length=5, primary_key=True)
    name = models.CharField(_("nom"), max_length=100)
    search_name = models.CharField(max_length=120, db_index=True)
    department = models.ForeignKey(Department, models.PROTECT)
    epci = models.ForeignKey(Epci, models.PROTECT, null=True, blank=True)
    postal_codes = models.JSONField(default=list)
    population = models.PositiveIntegerField(default=0)
    latitude_microdegrees = models.IntegerField(null=True, blank=True)
    longitude_microdegrees = models.IntegerField(null=True, blank=True)

    class Meta:
        ordering = ["search_name"]

    def __str__(self) -> str:
        return f"{self.name} ({self.department_id})"
