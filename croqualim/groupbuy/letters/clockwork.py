"""What the clock writes: to members before closing, to coordinators when it has acted."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.letters import Letter, first_that_fits
from croqualim.groupbuy.models import Cycle, Order, Popup
from croqualim.kernel.period import moment_in_words

MOST_SAID = 12  # changes said one by one

NOT_OPENED = {
    "no offer": gettext_lazy("Aucun de ses produits n’est proposé aujourd’hui."),
    "no shop": gettext_lazy("Il n’a pas d’épicerie."),
    "closed already": gettext_lazy("Sa clôture était déjà passée."),
}
NOT_CLOSED = {
    "changed": gettext_lazy("Le dépôt ou les commandes ont bougé au même moment."),
    "envelope short": gettext_lazy(
        "Il manque de l’argent dans une enveloppe pour compléter les sacs."
    ),
}


def orders_close_soon(cycle: Cycle, popup: Popup) -> Letter:
    """To who has not ordered."""
    words = _closing_words(cycle, popup)
    body = _("%(cycle)s : les commandes ferment %(closes)s. %(page)s") % words
    short = _("Les commandes ferment %(closes)s. %(page)s") % words
    return Letter(
        subject=_("Les commandes ferment bientôt : %(cycle)s") % words,
        body="\n\n".join([body, _("Rien n’oblige à commander.")]),
        short=first_that_fits(body, short),
    )


def basket_waits(cycle: Cycle, popup: Popup) -> Letter:
    """To who chose products and did not confirm."""
    words = _closing_words(cycle, popup)
    body = _(
        "Votre panier vous attend. Il n’est pas encore commandé : confirmez-le avant la clôture, "
        "%(closes)s. %(page)s"
    )
    short = _("Votre panier vous attend : confirmez-le avant la clôture, %(closes)s. %(page)s")
    return Letter(
        subject=_("Votre panier vous attend : %(cycle)s") % words,
        body=body % words,
        short=first_that_fits(body % words, short % words),
    )


def change_waits(order: Order, popup: Popup) -> Letter:
    """To who ordered, then chose otherwise, and did not confirm the change."""
    words = {**_closing_words(order.cycle, popup), "order": order.reference}
    body = _(
        "Vous avez commencé à changer votre commande %(order)s, sans confirmer. Si vous ne faites "
        "rien, elle reste comme elle était. Pour la changer, confirmez avant la clôture, "
        "%(closes)s. %(page)s"
    )
    short = _("Commande %(order)s : votre changement n’est pas confirmé. %(page)s")
    return Letter(
        subject=_("Commande %(order)s : votre changement n’est pas confirmé") % words,
        body=body % words,
        short=first_that_fits(body % words, short % words),
    )


def opened(cycle: Cycle, changes: Sequence[Sequence[str]], left_out: Sequence[str]) -> Letter:
    """`changes` are [product, before, after]; `left_out` left the catalogue since."""
    said = [_("%(cycle)s est annoncé : les commandes sont ouvertes.") % {"cycle": cycle}]
    if changes:
        said.append(_("Depuis que vous l’avez préparé, ces prix ont changé :"))
        said.append(_listed(f"{what} : {before} → {after}" for what, before, after in changes))
    if left_out:
        said.append(_("Ces produits ne sont plus au catalogue, ils ne sont pas proposés :"))
        said.append(_listed(left_out))
    return _to_team(_("%(cycle)s est ouvert") % {"cycle": cycle}, said, _page("cycle", cycle))


def not_opened(cycle: Cycle, why: str) -> Letter:
    said = [
        _("%(cycle)s devait s’ouvrir tout seul, et ne l’est pas.") % {"cycle": cycle},
        str(NOT_OPENED[why]),
        _("Complétez-le, puis annoncez-le vous-même :"),
    ]
    return _to_team(_("%(cycle)s n’est pas ouvert") % {"cycle": cycle}, said, _page("cycle", cycle))


def closed(cycle: Cycle, changed_orders: int) -> Letter:
    said = [
        _("Les commandes de %(cycle)s sont closes, les bons de commande sont prêts.")
        % {"cycle": cycle}
    ]
    if changed_orders:
        said.append(
            _("Commandes ajustées pour acheter des sacs entiers : %(n)s. Les foyers sont prévenus.")
            % {"n": changed_orders}
        )
    said.append(_("Il reste à envoyer les bons aux producteurs :"))
    return _to_team(
        _("%(cycle)s est clos") % {"cycle": cycle}, said, _page("purchase_orders", cycle)
    )


def not_closed(cycle: Cycle, why: str) -> Letter:
    said = [
        _("%(cycle)s devait se clore tout seul, et ne l’est pas.") % {"cycle": cycle},
        str(NOT_CLOSED.get(why, "")),
        _("Nous réessayons. Vous pouvez aussi le clore vous-même :"),
    ]
    return _to_team(
        _("%(cycle)s n’est pas clos") % {"cycle": cycle}, said, _page("close_cycle", cycle)
    )


def _to_team(subject: str, said: Sequence[str], page: str) -> Letter:
    return Letter(subject, "\n\n".join([*filter(None, said), page]), f"{subject}. {page}")


def _listed(things: Iterable[str]) -> str:
    lines = [f"– {thing}" for thing in things]
    if len(lines) > MOST_SAID:
        lines = [*lines[:MOST_SAID], "– …"]
    return "\n".join(lines)


def _page(name: str, cycle: Cycle) -> str:
    return settings.SITE_URL + reverse(f"groupbuy:{name}", args=[cycle.pk])


def _closing_words(cycle: Cycle, popup: Popup) -> dict[str, str]:
    return {
        "cycle": cycle.name,
        "closes": moment_in_words(localtime(cycle.closes_at)),
        "page": settings.SITE_URL + reverse("groupbuy:choose", args=[popup.pk]),
    }
