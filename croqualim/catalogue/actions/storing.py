"""Decisions become products and prices, by the thousand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from croqualim.accounts.models import Person
from croqualim.catalogue import access
from croqualim.catalogue.models import PriceChange, Product, Rounding
from croqualim.catalogue.queries import VALUES
from croqualim.catalogue.rules.deciding import Decision, Outcome
from croqualim.catalogue.rules.entries import Value
from croqualim.kernel.text import fold
from croqualim.network.models import Structure
from croqualim.storage.bulk import insert_rows, update_rows

PRICE = {"price_cents", "priced_quantity"}


@dataclass(frozen=True)
class Priced:
    """A product whose price is new, for its history."""

    product_id: int
    producer_id: int
    price_cents: Any
    priced_quantity: Any


def create_products(
    lines: Mapping[int, Decision], buyer: Structure, producers: Mapping[str, int]
) -> dict[int, Priced]:
    """Line -> its new product."""
    new = {line: d for line, d in lines.items() if d.outcome is Outcome.CREATE}
    makers = {
        line: decision.producer_id or producers[fold(decision.producer)]
        for line, decision in new.items()
    }
    rows = (
        (
            buyer.pk,
            makers[line],
            fold(str(d.values["name"])),
            Rounding.UP.value,
            *(d.values[name] for name in VALUES),
        )
        for line, d in new.items()
    )
    names = ("buyer_id", "producer_id", "search_name", "rounding", *VALUES)
    insert_rows(Product, names, rows)
    keys = keys_of_products(buyer.pk) if new else {}
    return {
        line: Priced(
            keys[key_of(makers[line], str(d.values["sku"]), str(d.values["name"]))],
            makers[line],
            d.values["price_cents"],
            d.values["priced_quantity"],
        )
        for line, d in new.items()
    }


Key = tuple[int, str, str]  # what no two products of a buyer share


def key_of(producer_id: int, sku: str, name: str) -> Key:
    return producer_id, sku, "" if sku else fold(name)


def keys_of_products(buyer_id: int) -> dict[Key, int]:
    rows = Product.objects.filter(buyer=buyer_id).order_by()
    return {
        (producer_id, sku, "" if sku else search_name): pk
        for pk, producer_id, sku, search_name in rows.values_list(
            "pk", "producer_id", "sku", "search_name"
        )
    }


def change_products(decisions: Iterable[Decision]) -> list[Priced]:
    """Returns the products whose price changed."""
    changes = {
        d.product_id: d.values
        for d in decisions
        if d.outcome is Outcome.CHANGE and d.product_id is not None
    }
    write_values(changes)
    return repriced([pk for pk, values in changes.items() if PRICE & values.keys()])


def write_values(changes: Mapping[int, Mapping[str, Value]]) -> None:
    """Product -> its new values. One statement for all products that change in the same way."""
    alike: dict[tuple[str, ...], list[Sequence[Any]]] = {}
    for pk, values in changes.items():
        row = dict(values)
        if "name" in row:
            row["search_name"] = fold(str(row["name"]))
        if row:
            alike.setdefault(tuple(row), []).append((*row.values(), pk))
    for names, rows in alike.items():
        update_rows(Product, names, rows)


def repriced(product_ids: Sequence[int]) -> list[Priced]:
    """Products as they now are, 500 at a time."""
    rows: list[Priced] = []
    for start in range(0, len(product_ids), 500):
        some = Product.objects.filter(pk__in=product_ids[start : start + 500]).order_by()
        columns = some.values_list("pk", "producer_id", "price_cents", "priced_quantity")
        rows += [Priced(*row) for row in columns]
    return rows


def write_prices(products: Iterable[Priced], actor: Person, now: datetime) -> None:
    farms = set(access.farms_of(actor).values_list("pk", flat=True))
    names = ("product_id", "price_cents", "priced_quantity", "actor_id", "by_producer", "at")
    rows = (
        (p.product_id, p.price_cents, p.priced_quantity, actor.pk, p.producer_id in farms, now)
        for p in products
    )
    insert_rows(PriceChange, names, rows)
