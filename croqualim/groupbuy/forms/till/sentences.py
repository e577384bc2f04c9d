"""How a refusal is said to the volunteer who holds the till: what it is, what to do."""

from collections import Counter
from collections.abc import Iterable, Sequence

from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.models import Payment, PaymentMethod
from croqualim.groupbuy.rules.till import Missing, Problem, Reason
from croqualim.kernel.money import in_euros
from croqualim.kernel.period import hour_in_words
from croqualim.kernel.quantity import in_words
from croqualim.kernel.text import fold

SENTENCES = {
    Reason.NOT_BOUGHT: gettext_lazy("Les commandes de ce cycle ne sont pas encore closes."),
    Reason.NOT_PREPARED: gettext_lazy(
        "Les marchandises ne sont pas encore parties du dépôt : notez d’abord leur départ, "
        "dans la préparation."
    ),
    Reason.SHOP_CLOSED: gettext_lazy(
        "Cette épicerie est fermée et sa caisse comptée : plus rien n’y change."
    ),
    Reason.SETTLED: gettext_lazy("Ce cycle est réglé : plus rien n’y change."),
    Reason.CANCELLED: gettext_lazy("Cette commande a été annulée : il n’y a rien à remettre."),
    Reason.IS_ABSENT: gettext_lazy(
        "Cette commande est notée absente. Si la personne est là, notez-le d’abord."
    ),
    Reason.PREPAID_SHORT: gettext_lazy(
        "Le compte prépayé ne suffit pas : choisissez un autre moyen, ou deux."
    ),
    Reason.BOX_SHORT: gettext_lazy(
        "Cet argent n’est plus là : il a été dépensé ou porté à la banque depuis."
    ),
    Reason.ENVELOPE_SHORT: gettext_lazy(
        "Ce qui était gardé pour cette commande a servi à d’autres. Appelez la coordination."
    ),
    Reason.NOTHING_CHOSEN: gettext_lazy("Écrivez la quantité d’au moins un produit."),
    Reason.NOT_A_STEP: gettext_lazy("Ce produit se vend par pas entiers."),
    Reason.NOT_COUNTED: gettext_lazy(
        "Comptez d’abord la caisse : elle a changé depuis le dernier comptage."
    ),
    Reason.PAGE_USED: gettext_lazy("Cette page a déjà servi : rouvrez-la."),
    Reason.NO_REASON: gettext_lazy("Dites ce qui est arrivé à ce qui est perdu."),
    Reason.NOT_SERVED: gettext_lazy(
        "Cette commande n’est pas retirée : il n’y a rien à reprendre."
    ),
    Reason.NOT_IN_BOX: gettext_lazy(
        "Il n’y a pas autant dans la boîte : rendez moins, ou d’une autre façon."
    ),
    Reason.HAS_REFUNDS: gettext_lazy(
        "Un produit de cette commande a été repris : annulez d’abord cette reprise."
    ),
    Reason.DIFFERENCE_UNSAID: gettext_lazy(
        "C’est une grande différence : dites en quelques mots ce qui a pu se passer."
    ),
    Reason.KEPT_TOO_MUCH: gettext_lazy("C’est plus que ce qui a été compté."),
    Reason.BANK_SHORT: gettext_lazy("Il n’y a pas autant sur le compte en banque du collectif."),
    Reason.SHOP_OPEN: gettext_lazy("Fermez d’abord l’épicerie : sa caisse doit être comptée."),
    Reason.CONTAINERS_BACK: gettext_lazy(
        "Des contenants de cette commande sont déjà revenus : annulez d’abord leur retour."
    ),
    Reason.NO_CONTAINER: gettext_lazy("Dites combien de contenants reviennent."),
    Reason.NO_SHOP: gettext_lazy("Les espèces se rendent à une épicerie ouverte."),
    Reason.HANDED_OVER: gettext_lazy(
        "Des marchandises ont déjà été remises : elles ne peuvent plus retourner au dépôt."
    ),
}

BACK = {
    PaymentMethod.CASH: gettext_lazy("en espèces"),
    PaymentMethod.CARD: gettext_lazy("sur la carte"),
    PaymentMethod.CHEQUE: gettext_lazy("en chèque"),
    PaymentMethod.PREPAID: gettext_lazy("sur le compte prépayé"),
}


def sentence(problem: Problem) -> str:
    """What stands in the way, and what to do about it."""
    if said := SENTENCES.get(problem.reason):
        return str(said)
    return _with_values(problem)


def _with_values(problem: Problem) -> str:
    goods = missing_in_words(problem.missing)
    match problem.reason:
        case Reason.ALREADY_SERVED:
            return served_in_words(problem)
        case Reason.AMOUNT_CHANGED:
            return _("Le montant a changé : %(amount)s à payer maintenant.") % {
                "amount": in_euros(problem.amount_cents)
            }
        case Reason.TOO_MANY_CONTAINERS:
            return _(
                "Il n’y en a que %(left)s chez les adhérent·es : on ne rend que ce qui a été payé."
            ) % {"left": problem.left}
        case Reason.COUNTS_DIFFER:
            return _(
                "Quelqu’un d’autre a compté %(amount)s : recomptez ensemble, ou dites pourquoi."
            ) % {"amount": in_euros(problem.amount_cents)}
        case Reason.GOODS_MISSING:
            return _("Il manque %(goods)s à l’épicerie.") % {"goods": goods}
        case Reason.NOT_IN_WAREHOUSE:
            return _("Il manque %(goods)s au dépôt : notez d’abord la livraison.") % {
                "goods": goods
            }
        case _:
            return _("Il n’en reste pas autant.")


def served_in_words(problem: Problem) -> str:
    at = hour_in_words(localtime(problem.at)) if problem.at else ""
    if not problem.by:
        return _("Déjà servie à %(at)s.") % {"at": at}
    return _("Déjà servie à %(at)s par %(by)s.") % {"at": at, "by": problem.by}


def missing_in_words(missing: Sequence[Missing]) -> str:
    """'3 kg de lentilles, 500 g d’olives'."""
    return ", ".join(f"{in_words(m.quantity, m.unit)} {_of(m.name)}" for m in missing)


def money_back_in_words(payments: Iterable[Payment]) -> str:
    """What is given back, how: '10,00 € en espèces, 7,31 € sur la carte'."""
    by_method: Counter[PaymentMethod] = Counter()
    for payment in payments:
        by_method[PaymentMethod(payment.method)] += payment.amount_cents
    return ", ".join(
        f"{in_euros(by_method[method])} {words}"
        for method, words in BACK.items()
        if by_method[method]
    )


def _of(name: str) -> str:
    """'Olives vertes' -> 'd’olives vertes'; a name in capitals keeps them."""
    said = name if name[1:2].isupper() else name[:1].lower() + name[1:]
    # most foods in h are elided (huile, herbes, huîtres); those in "ha" are not (haricots)
    if fold(said)[:1] in set("aeiouy") or fold(said).startswith(("he", "hu")):
        return _("d’%(name)s") % {"name": said}
    return _("de %(name)s") % {"name": said}
