"""Containers with a deposit: kinds, which product goes home in which, their way back."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.catalogue.models import Product
from croqualim.groupbuy.actions import books, giving_back
from croqualim.groupbuy.actions.giving_back import Giving
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.actions.till.opening import ShopRefused, once, open_shop
from croqualim.groupbuy.models import (
    Collective,
    Container,
    ContainerMove,
    EventKind,
    Membership,
    Payout,
    PayoutMethod,
    PayoutPurpose,
    Popup,
    ProductContainer,
)
from croqualim.groupbuy.queries import containers as queries
from croqualim.groupbuy.queries import payouts
from croqualim.groupbuy.rules.containers import problem_with_return
from croqualim.kernel.money import in_euros


@transaction.atomic
def add_container(*, collective: Collective, name: str, deposit_cents: int) -> Container:
    """A kind of container; the one already there under this name and deposit."""
    container, _ = Container.objects.get_or_create(
        collective=collective, name=name, deposit_cents=deposit_cents
    )
    return container


@transaction.atomic
def put_in_container(*, product: Product, container: Container, holds_quantity: int) -> None:
    """From now on the product goes home in this container. ValueError unless it holds some."""
    if holds_quantity <= 0:
        raise ValueError("A container holds something.")
    ProductContainer.objects.update_or_create(
        product=product, defaults={"container": container, "holds_quantity": holds_quantity}
    )


@transaction.atomic
def take_out_of_container(*, product: Product) -> None:
    """From now on the product goes home without a deposit. What is out may still come back."""
    ProductContainer.objects.filter(product=product).delete()


@transaction.atomic
def take_containers_back(
    *,
    popup: Popup,
    back: Mapping[int, int],
    membership: Membership | None = None,
    nonce: str,
    actor: Person,
    now: datetime,
) -> Payout:
    """Containers (id -> number) come back, whoever brings them: their deposit is given in cash, or
    on her prepaid account when a member is named. The nonce is of the form: sent twice, it is
    once. Raises ShopRefused (NO_CONTAINER, TOO_MANY_CONTAINERS, NOT_IN_BOX,
    PAGE_USED)."""
    popup = open_shop(popup.pk)
    collective = popup.cycle.collective
    key = f"containers:{nonce}"
    if done := payouts.payout_of(key):
        return once(done, is_same=_is_same(done, popup, back, membership))
    rows = queries.out_of(collective)
    if problem := problem_with_return(back, queries.numbers_out(rows)):
        raise ShopRefused(problem)
    deposits = [
        queries.Deposit(row.container, back[row.container.pk])
        for row in rows
        if back.get(row.container.pk)
    ]
    giving = Giving(
        collective,
        popup,
        membership.household if membership else None,
        PayoutMethod.PREPAID if membership else PayoutMethod.CASH,
        sum(deposit.cents for deposit in deposits),
        key,
        "contenants rendus",
        actor,
        now,
    )
    payout = giving_back.give(
        giving,
        from_account=books.deposits(collective),
        kind="containers_back",
        purpose=PayoutPurpose.CONTAINERS,
    )
    ContainerMove.objects.bulk_create(
        ContainerMove(
            container=deposit.container,
            popup=popup,
            number=-deposit.number,
            payout=payout,
            actor=actor,
            at=now,
        )
        for deposit in deposits
    )
    note(EventKind.CONTAINERS_BACK, popup=popup, lines=_said(deposits), actor=actor, now=now)
    return payout


@transaction.atomic
def undo_containers_back(*, payout: Payout, reason: str, actor: Person, now: datetime) -> None:
    """They were not brought. A second time changes nothing. Raises ShopRefused, ValueError."""
    popup = open_shop(payout.popup_id or 0)
    payout = payouts.get_payout(payout.pk)
    if payout.undone_at:
        return
    giving_back.take_again(payout, reason=reason, actor=actor, now=now)
    payout.container_moves.update(undone_at=now)
    lines = [["", "", in_euros(payout.amount_cents)]]
    note(
        EventKind.CONTAINERS_BACK_UNDONE,
        popup=popup,
        lines=lines,
        reason=reason,
        actor=actor,
        now=now,
    )


def _is_same(
    done: Payout, popup: Popup, back: Mapping[int, int], membership: Membership | None
) -> bool:
    brought = {move.container_id: move.count_back for move in done.container_moves.all()}
    asked = {container_id: number for container_id, number in back.items() if number}
    whose = membership.household_id if membership else None
    to = done.transfer.to_account.household_id
    return (done.popup_id, brought, to) == (popup.pk, asked, whose)


def _said(deposits: Sequence[queries.Deposit]) -> list[list[str]]:
    return [[d.container.name, "", f"{d.number} · {in_euros(d.cents)}"] for d in deposits]
