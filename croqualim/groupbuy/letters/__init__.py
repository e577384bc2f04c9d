"""What a collective writes to its members. Each letter has a short text that fits in an SMS."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.models import Cycle, Order, PayoutMethod, Popup, Refund, Stop
from croqualim.groupbuy.queries.due import Due
from croqualim.groupbuy.rules.reception import Rule
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import hour_in_words, moment_in_words
from croqualim.kernel.quantity import in_words
from croqualim.messages.rules import MAX_SEGMENTS, as_sms, segments

SHARED = {
    Rule.PRO_RATA: gettext_lazy("au prorata"),
    Rule.EQUAL_CEILING: gettext_lazy("jusqu’à la même quantité pour chacun"),
    Rule.FIRST_COME: gettext_lazy("les premières commandes d’abord"),
    Rule.SMALLEST_FIRST: gettext_lazy("les petites commandes d’abord"),
}


@dataclass(frozen=True)
class Letter:
    subject: str
    body: str
    short: str


def order_confirmed(
    order: Order,
    due: Due,
    *,
    closes_at: datetime,
    more: Sequence[Sequence[str]] = (),
) -> Letter:
    """`more`: what would be taken to complete a packaging, as [what, …, how much], in words."""
    words = {
        "order": order.reference,
        "done": _("changée") if order.changed_at else _("notée"),
        "amount": in_euros(due.total_cents),
        "parts": _parts_of(due),
        "closes": moment_in_words(localtime(closes_at)),
        "when": moment_in_words(localtime(order.pick_up.starts_at)),
        "place": order.pick_up.place,
    }
    body = _(
        "Votre commande %(order)s est %(done)s. À payer : %(amount)s%(parts)s. "
        "À retirer %(when)s, %(place)s. Vous pouvez la changer jusqu’au %(closes)s."
    )
    long = _(
        "Commande %(order)s %(done)s. À payer : %(amount)s%(parts)s. À retirer %(when)s, %(place)s."
    )
    short = _("Commande %(order)s %(done)s. À payer : %(amount)s. À retirer %(when)s.")
    return Letter(
        subject=_("Commande %(order)s") % words,
        body="\n\n".join([body % words, *_taking_more(more)]),
        short=first_that_fits(
            " ".join([long % words, *_taking_more(more)]),
            " ".join([short % words, *_taking_more(more)]),
            long % words,
            short % words,
        ),
    )


def _parts_of(due: Due) -> str:
    """', dont 0,50 € de consigne et 1,00 € d’adhésion': what is not food; empty where all is."""
    deposit, fee = in_euros(due.deposit_cents), in_euros(due.fee_cents)
    said = [
        *([_("%(amount)s de consigne") % {"amount": deposit}] if due.deposit_cents else []),
        *([_("%(amount)s d’adhésion") % {"amount": fee}] if due.fee_cents else []),
    ]
    return _(", dont %(parts)s") % {"parts": _(" et ").join(said)} if said else ""


def order_cancelled(order: Order) -> Letter:
    text = _("Commande %(order)s annulée. Rien n’est à payer.") % {"order": order.reference}
    subject = _("Commande %(order)s annulée") % {"order": order.reference}
    return Letter(subject=subject, body=text, short=text)


def _taking_more(more: Sequence[Sequence[str]]) -> list[str]:
    """Nothing, or one sentence."""
    if not more:
        return []
    said = ", ".join(f"{what} ({how_much})" for what, *_before, how_much in more)
    return [
        _("Et, seulement si cela complète un sac ou un carton, jusqu’à : %(more)s.")
        % {"more": said}
    ]


def shop_moved(order: Order, pick_up: Popup | Stop) -> Letter:
    """`pick_up` says where and when from now on."""
    words = {"order": order.reference, "when": shop_hours(pick_up), "place": pick_up.place}
    body = _(
        "Votre commande %(order)s est à retirer %(when)s, %(place)s. "
        "C’est un changement : notez-le."
    )
    long = _("Commande %(order)s : l’épicerie change. À retirer %(when)s, %(place)s.")
    short = _("Commande %(order)s : l’épicerie change. À retirer %(when)s.")
    return Letter(
        subject=_("Commande %(order)s : l’épicerie change") % words,
        body=body % words,
        short=first_that_fits(long % words, short % words),
    )


def orders_open(cycle: Cycle, popup: Popup) -> Letter:
    """With the page to order from."""
    words = {
        "cycle": cycle.name,
        "closes": moment_in_words(localtime(cycle.closes_at)),
        "page": settings.SITE_URL + reverse("groupbuy:choose", args=[popup.pk]),
    }
    long = _("%(cycle)s : commandes ouvertes jusqu’au %(closes)s. %(page)s") % words
    short = _("Commandes ouvertes jusqu’au %(closes)s. %(page)s") % words
    return Letter(
        subject=_("Les commandes sont ouvertes : %(cycle)s") % words,
        body="\n\n".join([long, _("Rien n’oblige à commander.")]),
        short=first_that_fits(long, short),
    )


def order_repriced(
    order: Order, changes: Sequence[Sequence[str]], *, due_before_cents: int, opening: str
) -> Letter:
    """`changes` are [what, before, after], in words; `opening` says why."""
    words = {
        "order": order.reference,
        "amount": in_euros(order.due_cents),
        "before": in_euros(due_before_cents),
        "when": moment_in_words(localtime(order.pick_up.starts_at)),
        "place": order.pick_up.place,
        "number": len(changes),
    }
    amount = _("À payer : %(amount)s au lieu de %(before)s.") % words
    lines = [
        _("%(what)s : %(after)s au lieu de %(before)s")
        % {"what": what, "before": before, "after": after}
        for what, before, after in changes
    ]
    where = _("À retirer %(when)s, %(place)s.") % words
    long = _("Commande %(order)s.") % words + f" {', '.join(lines)}. {amount}"
    short = _("Commande %(order)s, produits changés : %(number)s.") % words + f" {amount}"
    return Letter(
        subject=_("Commande %(order)s : ce qui change") % words,
        body="\n".join([opening, "", *(f"– {line}" for line in lines), "", amount, where]),
        short=first_that_fits(long, short),
    )


def product_refunded(refund: Refund, order: Order) -> Letter:
    """Written when the coordination does it, away from the shop where she would see it."""
    words = {
        "order": order.reference,
        "product": refund.line.offer.product.name,
        "quantity": in_words(refund.quantity, refund.line.offer.product.unit),
        "amount": in_euros(refund.amount_cents),
        "how": _how_given_back(refund),
    }
    text = _("Commande %(order)s : %(quantity)s de « %(product)s » remboursé. %(how)s") % words
    short = _("Commande %(order)s : un produit est remboursé. %(how)s") % words
    return Letter(
        subject=_("Commande %(order)s : un produit remboursé") % words,
        body=text,
        short=first_that_fits(text, short),
    )


def _how_given_back(refund: Refund) -> str:
    if refund.payout is None:
        return _("Il n’y avait rien à rendre.")
    words = {"amount": in_euros(refund.amount_cents)}
    if refund.payout.method == PayoutMethod.PREPAID:
        return _("%(amount)s sur votre compte prépayé, pour la prochaine épicerie.") % words
    return _("%(amount)s par virement.") % words


def delivery_counted(rule: Rule | None, damage: str = "") -> str:
    """Opens the letter to whoever gets or pays something else, and stays as the reason in the
    order's history. `rule` shared out what lacked; None when nothing lacks."""
    if rule is None:
        said = _("La livraison est comptée : votre commande suit ce qui est arrivé, et son prix.")
    else:
        said = _("Tout n’est pas arrivé. Ce qui est venu est partagé entre les commandes, %(how)s.")
        said %= {"how": SHARED[rule]}
    return " ".join(filter(None, [said, _("Abîmé : %(why)s.") % {"why": damage} if damage else ""]))


def whole_packagings() -> str:
    """Opens the letter to whoever gets more or less than she asked, once orders are closed."""
    return _(
        "Les producteurs livrent des sacs et des cartons entiers. "
        "Pour les remplir sans rien perdre, votre commande change un peu."
    )


def delivery_undone() -> str:
    return _("Une livraison est comptée à nouveau, votre commande aussi.")


def shop_hours(pick_up: Popup | Stop) -> str:
    """'samedi 5 décembre 2026, 10 h à 13 h'."""
    starts_at, ends_at = localtime(pick_up.starts_at), localtime(pick_up.ends_at)
    return f"{moment_in_words(starts_at)} à {hour_in_words(ends_at)}"


def first_that_fits(*texts: str) -> str:
    """The first that leaves as an SMS; the last one always does."""
    return next((text for text in texts if segments(as_sms(text)) <= MAX_SEGMENTS), texts[-1])
