"""Handing a purchase order to its producer: by e-mail, or by hand, by post, by telephone."""

from datetime import datetime

from django.db import transaction

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions.noting import note
from croqualim.groupbuy.models import EventKind, PurchaseOrder
from croqualim.groupbuy.queries.purchasing import times_sent
from croqualim.messages import actions as outbox
from croqualim.messages.models import Channel


class SendingRefused(Exception):
    """The producer has no e-mail address, or one that nothing can be sent to."""


@transaction.atomic
def send_by_email(
    *, purchase_order: PurchaseOrder, paper: bytes, time: int, actor: Person, now: datetime
) -> None:
    """Write to the producer with the purchase order attached, a PDF.

    `time` is how often it had been handed over when the person asked: sent twice by a double
    press, it goes once; asked for again later, it goes again. Raises SendingRefused.
    """
    purchase_order = _lock(purchase_order)
    if times_sent(purchase_order) != time:
        return
    address = purchase_order.producer.email
    buyer = purchase_order.cycle.collective.structure
    try:
        outbox.write(
            key=f"purchase:{purchase_order.pk}:sent:{time}",
            channel=Channel.EMAIL,
            address=address,
            subject=f"Bon de commande {purchase_order.number} · {buyer}"[:200],
            body=_letter(purchase_order),
            attachments=[(f"{purchase_order.number}.pdf", "application/pdf", paper)],
            now=now,
        )
    except outbox.MessageRefused as refused:
        raise SendingRefused(str(refused)) from refused
    _note_handed_over(purchase_order, address, actor, now)


@transaction.atomic
def hand_over_otherwise(*, purchase_order: PurchaseOrder, actor: Person, now: datetime) -> None:
    """It was printed, posted or read on the telephone. Once it has gone, nothing changes."""
    purchase_order = _lock(purchase_order)
    if purchase_order.sent_at is None:
        _note_handed_over(purchase_order, "remis autrement", actor, now)


def _lock(purchase_order: PurchaseOrder) -> PurchaseOrder:
    return (
        PurchaseOrder.objects.select_related("producer", "cycle__collective__structure")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=purchase_order.pk)
    )


def _note_handed_over(
    purchase_order: PurchaseOrder, how: str, actor: Person, now: datetime
) -> None:
    PurchaseOrder.objects.filter(pk=purchase_order.pk, sent_at=None).update(sent_at=now)
    note(
        EventKind.PURCHASE_SENT,
        cycle=purchase_order.cycle,
        lines=[[purchase_order.number, "", how]],
        actor=actor,
        now=now,
    )


def _letter(purchase_order: PurchaseOrder) -> str:
    buyer = purchase_order.cycle.collective.structure
    reach = " ou ".join(filter(None, [buyer.email, buyer.phone]))
    lines = [
        "Bonjour,",
        "",
        f"Voici le bon de commande {purchase_order.number} de {buyer}, "
        f"pour {purchase_order.cycle.name}. Vous le trouverez en pièce jointe.",
        "Les prix sont ceux que vous avez fixés.",
        "",
        f"Une question, un manque à prévoir ? Écrivez ou appelez : {reach}." if reach else "",
        "Bonne journée,",
        str(buyer),
    ]
    return "\n".join(lines)
