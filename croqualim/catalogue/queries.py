"""Reads: products as pages show them, and as rules understand them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _

from croqualim.accounts.models import Person
from croqualim.catalogue import access
from croqualim.catalogue.models import Family, PriceChange, Product
from croqualim.catalogue.rules.deciding import Known
from croqualim.catalogue.rules.entries import Value
from croqualim.catalogue.rules.writing import Listed
from croqualim.kernel.quantity import price_in_words
from croqualim.kernel.text import fold
from croqualim.network.models import Category, Structure

VALUES = (
    "sku",
    "name",
    "family",
    "description",
    "unit",
    "step_quantity",
    "packaging_quantity",
    "packaging_name",
    "price_cents",
    "priced_quantity",
    "origin",
    "labels",
    "allergens",
    "is_active",
    "season_months",
)


@dataclass(frozen=True)
class Shelf:
    family: Family
    products: list[Product]


def products_of(buyer: Structure, search: str = "") -> QuerySet[Product]:
    """What a structure buys; each word of the search is in the name or the producer's."""
    products = Product.objects.filter(buyer=buyer).select_related("producer")
    for word in fold(search).split():
        products = products.filter(search_name__contains=word) | products.filter(
            producer__search_name__contains=word
        )
    return products


def on_shelves(products: Iterable[Product]) -> list[Shelf]:
    """By family, in the order of the families."""
    order = list(Family)
    placed = sorted(products, key=lambda p: (order.index(Family(p.family)), p.search_name))
    return [
        Shelf(Family(family), list(shelf)) for family, shelf in groupby(placed, lambda p: p.family)
    ]


@dataclass(frozen=True)
class Sales:
    """What one farm makes for one buyer."""

    producer: Structure
    buyer: Structure
    products: list[Product]


def sales_of(person: Person) -> list[Sales]:
    """What the person's farms make; each product with `priced_at`, since when at this price."""
    latest = PriceChange.objects.filter(product=OuterRef("pk")).order_by("-at", "-pk")
    products = (
        Product.objects.filter(producer__in=access.farms_of(person), is_active=True)
        .select_related("buyer", "producer")
        .annotate(priced_at=Subquery(latest.values("at")[:1]))
        .order_by("producer__search_name", "buyer__search_name", "buyer", "search_name")
    )
    return [
        Sales(producer, buyer, list(group))
        for (producer, buyer), group in groupby(products, lambda p: (p.producer, p.buyer))
    ]


@dataclass(frozen=True)
class Priced:
    """A price as a timeline tells it."""

    sentence: str
    at: datetime
    by: str
    reason: str = ""


def price_history(product: Product) -> list[Priced]:
    """The newest first. A price that the producer told and another wrote down says so."""
    changes = product.price_changes.select_related("actor").order_by("-at", "-pk")
    return [
        Priced(
            price_in_words(change.price_cents, change.priced_quantity, product.unit),
            change.at,
            _who_wrote(change),
        )
        for change in changes
    ]


def _who_wrote(change: PriceChange) -> str:
    if change.actor is None:
        return ""
    words = _("fixé par %s") if change.by_producer else _("noté par %s")
    return words % change.actor


def possible_producers(buyer: Structure) -> QuerySet[Structure]:
    """Those who grow or supply, and those from whom the structure already buys."""
    return Structure.objects.filter(
        category__in=(Category.PRODUCTION, Category.SUPPLY)
    ) | Structure.objects.filter(pk__in=Product.objects.filter(buyer=buyer).values("producer"))


def known_products(buyer: Structure) -> list[Known]:
    """The catalogue of a structure, as the rules compare it with a spreadsheet."""
    return as_known(Product.objects.filter(buyer=buyer))


def as_known(products: QuerySet[Product]) -> list[Known]:
    rows = products.order_by("pk").values("pk", "producer_id", *VALUES)
    return [Known(row.pop("pk"), row.pop("producer_id"), row) for row in rows]


def producers_named(buyer: Structure, names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Folded name -> structures that bear it; only those the buyer buys from, if there are any."""
    folded = {fold(name) for name in names}
    bearing = Structure.objects.filter(search_name__in=folded).order_by("pk")
    bought_from = set(Product.objects.filter(buyer=buyer).values_list("producer", flat=True))
    found: dict[str, list[int]] = {}
    for search_name, pk in bearing.values_list("search_name", "pk"):
        found.setdefault(search_name, []).append(pk)
    return {
        name: tuple(pk for pk in pks if pk in bought_from) or tuple(pks)
        for name, pks in found.items()
    }


def listed(buyer: Structure) -> list[Listed]:
    """The whole catalogue, as it is written into a file."""
    products = products_of(buyer).order_by("producer__search_name", "search_name", "pk")
    return [Listed(product.producer.name, values_of(product)) for product in products]


def values_of(product: Product) -> dict[str, Value]:
    return {name: getattr(product, name) for name in VALUES}
