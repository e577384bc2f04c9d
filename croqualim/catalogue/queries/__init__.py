"""Reads: products as pages show them, and as rules understand them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Generic, TypeVar

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from croqualim.accounts.models import Person
from croqualim.catalogue import access
from croqualim.catalogue.models import Family, PriceChange, Product, Reference, ReferenceChange
from croqualim.catalogue.rules import references as rules
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


Food = TypeVar("Food", Product, Reference)


@dataclass(frozen=True)
class Shelf(Generic[Food]):
    family: Family
    products: list[Food]


def products_of(buyer: Structure, search: str = "") -> QuerySet[Product]:
    """What a structure buys; each word of the search is in the name or the producer's."""
    products = Product.objects.filter(buyer=buyer).select_related("producer")
    for word in fold(search).split():
        products = products.filter(search_name__contains=word) | products.filter(
            producer__search_name__contains=word
        )
    return products


def on_shelves(products: Iterable[Food]) -> list[Shelf[Food]]:
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


def referred_to(buyer_id: int, product_ids: Collection[int]) -> set[int]:
    """Those of a buyer's that something else than their own prices speaks of: an offer, a lot, a
    choice."""
    used: set[int] = set()
    for relation in Product._meta.related_objects:
        rows = relation.related_model._default_manager
        if relation.related_model is not PriceChange:
            name = relation.field.name
            used |= set(
                rows.filter(**{f"{name}__buyer": buyer_id}).values_list(name, flat=True).order_by()
            )
    return used & set(product_ids)


def as_known(products: QuerySet[Product]) -> list[Known]:
    rows = products.order_by("pk").values("pk", "producer_id", *VALUES)
    return [Known(row.pop("pk"), row.pop("producer_id"), row) for row in rows]


def producers_named(buyer: Structure, names: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Folded name -> structures that bear it; only those the buyer buys from, if there are any."""
    folded = {fold(name) for name in names}
    bearing = Structure.objects.filter(search_name__in=folded).order_by("pk")
    bought = Product.objects.filter(buyer=buyer).order_by().values_list("producer", flat=True)
    bought_from = set(bought.distinct())
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


def references(search: str = "") -> QuerySet[Reference]:
    """The network's list, each with how many collectives propose it (`users`)."""
    found = Reference.objects.annotate(
        users=Count("products__buyer", filter=Q(products__is_active=True), distinct=True)
    )
    for word in fold(search).split():
        found = found.filter(search_name__contains=word)
    return found


def users_of(reference: Reference) -> int:
    """How many collectives propose it."""
    return (
        Structure.objects.filter(
            products_bought__reference=reference, products_bought__is_active=True
        )
        .distinct()
        .count()
    )


def drawn_by(buyer: Structure) -> dict[int, Product]:
    """reference id -> a product that the buyer drew from it."""
    return {
        product.reference_id: product
        for product in Product.objects.filter(buyer=buyer, reference__isnull=False)
        if product.reference_id is not None
    }


def changed_since_read(products: Iterable[Product]) -> dict[Product, dict[str, Value]]:
    """Product -> what the network's list says otherwise since it was read; only where it does."""
    drawn = [product for product in products if product.reference_id]
    changes: dict[int, list[ReferenceChange]] = {}
    for change in ReferenceChange.objects.filter(
        reference__in={product.reference_id for product in drawn}
    ).order_by("pk"):
        changes.setdefault(change.reference_id, []).append(change)
    found = {product: _pending(product, changes) for product in drawn}
    return {product: fields for product, fields in found.items() if fields}


def _pending(product: Product, changes: Mapping[int, list[ReferenceChange]]) -> dict[str, Value]:
    read_at = product.reference_read_at
    later = [
        rules.Change(change.field, change.before, change.after)
        for change in changes.get(product.reference_id or 0, ())
        if read_at is None or change.at > read_at
    ]
    return rules.pending(later, values_of(product))


def changes_of(reference: Reference) -> QuerySet[ReferenceChange]:
    """The newest first."""
    return reference.changes.select_related("actor").order_by("-pk")


def shared_values(reference: Reference) -> dict[str, Value]:
    """What a product takes from it, and what is needed to say it."""
    return {name: getattr(reference, name) for name in (*rules.SHARED, "unit")}
