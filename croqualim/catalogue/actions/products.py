"""Products and their prices."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue import access, queries
from croqualim.catalogue.models import PriceChange, Product
from croqualim.catalogue.rules.cells import Problem
from croqualim.catalogue.rules.products import problems_with
from croqualim.kernel.text import fold
from croqualim.network.models import Structure


class Description(TypedDict, total=False):
    """What a coordinator may change of a product."""

    sku: str
    name: str
    family: str
    description: str
    step_quantity: int
    packaging_quantity: int
    packaging_name: str
    rounding: str
    origin: str
    labels: list[str]
    allergens: list[str]
    season_months: list[int]
    is_weighed: bool


class NewProduct(Description, total=False):
    """`unit`, and the price: `price_cents` for `priced_quantity` base units."""

    unit: str
    price_cents: int
    priced_quantity: int


class ProductRefused(Exception):
    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        self.problems = problems


def hold(buyer_id: int) -> Structure:
    """No other writer of this buyer's catalogue until the transaction ends."""
    return Structure.objects.select_for_update(no_key=True).get(pk=buyer_id)


@transaction.atomic
def add_product(
    *,
    buyer: Structure,
    producer: Structure,
    actor: Person | None,
    now: datetime,
    **fields: Unpack[NewProduct],
) -> Product:
    """A new product with its first price. Raises ProductRefused when she has one like it."""
    hold(buyer.pk)
    product = Product(buyer=buyer, producer=producer, **fields)
    product.search_name = fold(product.name)
    refuse_doubles(product)
    product.save()
    write_price(product, actor, now)
    return product


@transaction.atomic
def change_product(*, product: Product, **fields: Unpack[Description]) -> Product:
    """Describe it otherwise; neither its price nor its unit. Raises ProductRefused."""
    hold(product.buyer_id)
    product = Product.objects.get(pk=product.pk)
    for name, value in fields.items():
        setattr(product, name, value)
    product.search_name = fold(product.name)
    refuse_doubles(product)
    product.save(update_fields=[*fields, "search_name"])
    return product


def refuse_doubles(product: Product) -> None:
    others = Product.objects.filter(buyer=product.buyer_id, producer=product.producer_id)
    problems = problems_with(
        sku=product.sku,
        name=product.name,
        product_id=product.pk,
        others=queries.as_known(others),
    )
    if problems:
        raise ProductRefused(problems)


@transaction.atomic
def set_price(
    *,
    product: Product,
    price_cents: int,
    priced_quantity: int,
    actor: Person | None,
    now: datetime,
) -> PriceChange | None:
    """Note what the producer asks: `price_cents` for `priced_quantity` base units.

    Returns nothing, and writes nothing, when it is what she asks already.
    """
    hold(product.buyer_id)
    product.refresh_from_db(fields=["price_cents", "priced_quantity"])
    if (product.price_cents, product.priced_quantity) == (price_cents, priced_quantity):
        return None
    product.price_cents, product.priced_quantity = price_cents, priced_quantity
    product.save(update_fields=["price_cents", "priced_quantity"])
    return write_price(product, actor, now)


def write_price(product: Product, actor: Person | None, now: datetime) -> PriceChange:
    """The line of the history that says what the product costs from now on."""
    return PriceChange.objects.create(
        product=product,
        price_cents=product.price_cents,
        priced_quantity=product.priced_quantity,
        actor=actor,
        by_producer=actor is not None and access.may_speak_for(actor, product.producer),
        at=now,
    )


@transaction.atomic
def retire_product(*, product: Product) -> None:
    """It is no longer offered; what was ordered of it stays."""
    hold(product.buyer_id)
    Product.objects.filter(pk=product.pk).update(is_active=False)


@transaction.atomic
def bring_back(*, product: Product) -> None:
    hold(product.buyer_id)
    Product.objects.filter(pk=product.pk).update(is_active=True)
