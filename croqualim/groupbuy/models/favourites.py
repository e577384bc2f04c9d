from django.db import models

from croqualim.accounts.models import Household
from croqualim.catalogue.models import Product


class Favourite(models.Model):
    """A product that a household keeps at hand. Its own people alone see the list."""

    household = models.ForeignKey(Household, models.CASCADE, related_name="favourites")
    product = models.ForeignKey(Product, models.CASCADE, related_name="+")
    kept_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household", "product"], name="one_favourite_each")
        ]

    def __str__(self) -> str:
        return f"{self.household} · {self.product}"
