"""What each household of the region does every month."""

from datetime import datetime
from random import Random

from croqualim.catalogue.models import Product
from croqualim.demo.region import Region
from croqualim.groupbuy.actions.favourites import keep_favourite


def calls(number: int) -> bool:
    """Whether the household of that number orders by telephone: one in nine."""
    return number % 9 == 5


def usual_products(region: Region, number: int) -> list[int]:
    """Ids of what it likes."""
    products = sorted(product.pk for product in region.products)
    return Random(number).sample(products, 5)  # noqa: S311 (nothing secret)


def keep_favourites(region: Region, now: datetime) -> None:
    """Of the inhabitant into whose shoes visitors step."""
    _person, membership = region.members[0]
    for product in Product.objects.filter(pk__in=usual_products(region, 0)[:2]):
        keep_favourite(household=membership.household, product=product, now=now)
