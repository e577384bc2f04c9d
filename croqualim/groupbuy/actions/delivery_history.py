"""What the history says of a delivery, and whether somebody who notes it again says the same."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.utils.translation import gettext as _

from croqualim.groupbuy.actions.delivery import Lorry
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.models import Delivery, DeliveryLine, EventKind, PurchaseOrderLine
from croqualim.groupbuy.rules.reception import Received
from croqualim.kernel.quantity import in_words, price_in_words


def note_received(
    lorry: Lorry, rows: Sequence[DeliveryLine], expected: Mapping[int, int], *, is_last: bool
) -> None:
    """What came of each line instead of what was still awaited, what was damaged, which prices."""
    came: dict[int, list[DeliveryLine]] = {line.pk: [] for line in lorry.lines}
    for row in rows:
        came[row.purchase_line_id].append(row)
    lines = [
        said
        for line in lorry.lines
        if expected[line.pk] or came[line.pk]
        for said in _said(line, expected[line.pk], came[line.pk])
    ]
    rest = _("rien d’autre n’est attendu") if is_last else _("le reste est encore attendu")
    _note(EventKind.DELIVERY_RECEIVED, lorry, [*lines, [rest, "", ""]])


def note_undone(lorry: Lorry, reason: str) -> None:
    _note(EventKind.DELIVERY_UNDONE, lorry, [], reason)


def damage_of(rows: Iterable[DeliveryLine]) -> str:
    """Why some of it was lost or refused, each reason once."""
    return ", ".join(dict.fromkeys(row.damage for row in rows if row.damage))


def is_as_noted(lorry: Lorry, received: Mapping[int, Sequence[Received]], *, is_last: bool) -> bool:
    """Whether the delivery of this number stands, and is what somebody now says came."""
    done = Delivery.objects.filter(
        purchase_order=lorry.purchase_order, number=lorry.number, undone_at=None, is_last=is_last
    ).first()
    if done is None:
        return False
    noted = [_noted(row) for row in done.lines.select_related("lot") if not _is_empty(row)]
    return sorted(noted) == sorted(_typed(lorry, *lot) for lot in lorry.lots(received))


def _note(kind: EventKind, lorry: Lorry, lines: list[list[str]], reason: str = "") -> None:
    """The history of a purchase order is found by its number, which comes first."""
    order = lorry.purchase_order
    note(
        kind,
        cycle=order.cycle,
        lines=[[order.number, "", ""], *lines],
        reason=reason,
        actor=lorry.actor,
        now=lorry.now,
    )


def _said(
    line: PurchaseOrderLine, expected: int, rows: Sequence[DeliveryLine]
) -> Iterator[list[str]]:
    product, offer = line.offer.product, line.offer

    def words(quantity: int) -> str:
        return in_words(quantity, product.unit)

    accepted = sum(row.quantity for row in rows)
    yield [product.name, words(expected) if expected else "", words(accepted)]
    for row in rows:
        if row.lost_quantity:
            yield [f"{product.name}, {_('perdu')} ({row.damage})", "", words(row.lost_quantity)]
        if row.refused_quantity:
            yield [f"{product.name}, {_('refusé')} ({row.damage})", "", words(row.refused_quantity)]
        if row.quantity and row.price_cents != offer.farmer_price_cents:
            prices = (offer.farmer_price_cents, row.price_cents)
            before, after = (
                price_in_words(cents, offer.priced_quantity, product.unit) for cents in prices
            )
            yield [f"{product.name}, {_('prix du jour')}", before, after]


def _is_empty(row: DeliveryLine) -> bool:
    return not row.quantity and not row.refused_quantity


def _noted(row: DeliveryLine) -> tuple[int | str, ...]:
    return (
        *(row.purchase_line_id, row.quantity, row.lost_quantity, row.refused_quantity),
        *(row.damage, row.price_cents),
        row.lot.code if row.lot else "",
        str(row.lot.best_before_on) if row.lot else "",
    )


def _typed(
    lorry: Lorry, line: PurchaseOrderLine, nth: int, received: Received
) -> tuple[int | str, ...]:
    asked = received.price_cents
    return (
        *(line.pk, received.quantity, received.lost_quantity, received.refused_quantity),
        received.damage,
        line.offer.farmer_price_cents if asked is None else asked,
        lorry.code_of(line, nth, received) if received.quantity else "",
        str(received.best_before_on) if received.quantity else "",
    )
