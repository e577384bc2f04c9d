from datetime import datetime

from croqualim.accounts.models import Household
from croqualim.catalogue.models import Product
from croqualim.groupbuy.models import Favourite


def keep_favourite(*, household: Household, product: Product, now: datetime) -> None:
    """Keep it among the household's favourites; a second time changes nothing."""
    Favourite.objects.get_or_create(household=household, product=product, defaults={"kept_at": now})


def drop_favourite(*, household: Household, product: Product) -> None:
    Favourite.objects.filter(household=household, product=product).delete()
