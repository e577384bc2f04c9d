"""What stands at the foot of a paper: which state of things it shows, and what it replaces."""

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from croqualim.groupbuy.queries.printing import Edition
from croqualim.kernel.period import moment_in_words


def orders_as_of(edition: Edition) -> str:
    return _said(_("commandes telles qu’elles sont depuis %(moment)s"), edition)


def prices_as_of(edition: Edition) -> str:
    return _said(_("prix tels qu’ils sont depuis %(moment)s"), edition)


def purchase_as_of(edition: Edition) -> str:
    return _said(_("bon tel qu’il est depuis %(moment)s"), edition)


def report_as_of(edition: Edition) -> str:
    return _said(_("règlement tel qu’il est depuis %(moment)s"), edition)


def movements_as_of(edition: Edition) -> str:
    return _said(_("mouvements jusqu’au %(moment)s"), edition)


def _said(state: str, edition: Edition) -> str:
    """'commandes telles qu’elles sont depuis …, version 14, remplace la version 12'."""
    parts = [_("version %(n)s") % {"n": edition.version}]
    if edition.at:
        parts.insert(0, state % {"moment": moment_in_words(localtime(edition.at))})
    if edition.replaces:
        parts.append(_("remplace la version %(n)s") % {"n": edition.replaces})
    return ", ".join(parts)
