"""Containers: which go home with what, and how many of each are out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet, Sum

from croqualim.catalogue.models import Product
from croqualim.groupbuy.models import (
    Collective,
    Container,
    ContainerMove,
    Offer,
    Order,
    OrderLine,
    Payout,
    PayoutPurpose,
    Popup,
    ProductContainer,
)
from croqualim.groupbuy.rules.containers import containers_for, containers_in_words
from croqualim.storage.prepared import Prepared

LENT = Prepared(
    lambda *offers: (
        Offer.objects.filter(pk__in=offers, product__container__id__isnull=False)
        .order_by("product__container__container__name", "pk")
        .values_list(
            "pk",
            "product__container__holds_quantity",
            "product__container__container",
            "product__container__container__name",
            "product__container__container__deposit_cents",
        )
    )
)


@dataclass(frozen=True)
class Deposit:
    """Containers of one kind that go home, and what is paid for them until they come back."""

    container: Container
    number: int

    @property
    def cents(self) -> int:
        return self.number * self.container.deposit_cents

    @property
    def in_words(self) -> str:
        return containers_in_words(self.number, self.container.name)


@dataclass(frozen=True)
class Out:
    """A kind of container, and how many of it are in homes."""

    container: Container
    number: int

    @property
    def cents(self) -> int:
        return self.number * self.container.deposit_cents


def deposits_on(quantities: Mapping[int, int]) -> list[Deposit]:
    """Of so much of these products (by id, in their units). One query; none for nothing."""
    wanted = {product_id: quantity for product_id, quantity in quantities.items() if quantity}
    if not wanted:
        return []
    rows = ProductContainer.objects.filter(product__in=wanted).select_related("container")
    numbers: Counter[Container] = Counter()
    for row in rows.order_by("container__name", "container__deposit_cents"):
        numbers[row.container] += containers_for(wanted[row.product_id], row.holds_quantity)
    return [Deposit(container, number) for container, number in numbers.items()]


def deposits_due(order: Order) -> list[Deposit]:
    """What goes home with an order, as it is now."""
    lines = OrderLine.objects.filter(order=order, quantity__gt=0)
    return deposits_on(dict(lines.values_list("offer__product", "quantity")))


def deposits_of_offers(quantities: Mapping[int, int]) -> list[Deposit]:
    """Of so much of these offers (by id). One query; none for nothing."""
    wanted = {offer_id: quantity for offer_id, quantity in quantities.items() if quantity}
    numbers: Counter[Container] = Counter()
    for offer_id, holds, pk, name, cents in LENT(*sorted(wanted)) if wanted else ():
        container = Container(pk=pk, name=name, deposit_cents=cents)
        numbers[container] += containers_for(wanted[offer_id], holds)
    return [Deposit(container, number) for container, number in numbers.items()]


def deposits_paid(order: Order) -> list[Deposit]:
    """What went home with an order that was collected."""
    moves = ContainerMove.objects.filter(order=order, undone_at=None)
    return [Deposit(move.container, move.number) for move in moves.select_related("container")]


def out_of(collective: Collective) -> list[Out]:
    """Every kind of container, with how many are out; in two queries."""
    moves = ContainerMove.objects.filter(container__collective=collective, undone_at=None)
    numbers = dict(moves.values_list("container").annotate(n=Sum("number")).order_by())
    containers = Container.objects.filter(collective=collective)
    return [Out(container, numbers.get(container.pk, 0)) for container in containers]


def numbers_out(rows: Iterable[Out]) -> dict[int, int]:
    """container id -> how many are out."""
    return {row.container.pk: row.number for row in rows}


def brought_back(popup: Popup) -> QuerySet[Payout]:
    """What was given back for containers at this shop, newest first, with the containers."""
    payouts = Payout.objects.filter(popup=popup, purpose=PayoutPurpose.CONTAINERS)
    return (
        payouts.select_related("actor")
        .prefetch_related("container_moves__container")
        .order_by("-at")
    )


def containers_of(collective: Collective) -> QuerySet[Container]:
    return Container.objects.filter(collective=collective)


def products_to_put(collective: Collective) -> QuerySet[Product]:
    """What may be sold in a container."""
    products = Product.objects.filter(buyer=collective.structure_id, is_active=True)
    return products.order_by("search_name")


def products_in(collective: Collective) -> QuerySet[ProductContainer]:
    rows = ProductContainer.objects.filter(container__collective=collective)
    return rows.select_related("product", "container").order_by("product__search_name")
