"""A past month as the one to come starts from it."""

from django.db.models import Min

from croqualim.catalogue.models import Product
from croqualim.groupbuy.models import Cycle, Event, EventKind, Offer


def offers_to_repeat(source: Cycle) -> list[Offer]:
    return list(Offer.objects.filter(cycle=source).select_related("product__producer"))


def active_products(source: Cycle) -> list[Product]:
    """What the collective buys today, by family."""
    return list(
        Product.objects.filter(buyer=source.collective.structure_id, is_active=True)
        .select_related("producer")
        .order_by("family", "search_name", "pk")
    )


def new_since(source: Cycle) -> set[int]:
    """Ids of the products that came into the catalogue after the cycle was made."""
    made = Event.objects.filter(cycle=source, kind=EventKind.CYCLE_MADE).first()
    products = Product.objects.filter(buyer=source.collective.structure_id)
    first_priced = products.annotate(since=Min("price_changes__at"))
    return set(
        first_priced.filter(since__gt=made.at if made else source.opens_at).values_list(
            "pk", flat=True
        )
    )
