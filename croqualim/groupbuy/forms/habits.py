"""What became of « comme d’habitude », in words."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from croqualim.groupbuy.queries.habits import Usual


def usual_in_words(usual: Usual) -> list[str]:
    """What was added, then what is lacking and why."""
    added = len(usual.changes)
    said = [
        ngettext(
            "%(n)s produit ajouté, comme d’habitude.",
            "%(n)s produits ajoutés, comme d’habitude.",
            added,
        )
        % {"n": added}
        if added
        else _("Rien à ajouter : tout ce qui se prend d’habitude y est, ou manque ce mois-ci.")
    ]
    if usual.less:
        said.append(
            _("Moins que d’habitude, il n’en reste pas assez : %(names)s.")
            % {"names": ", ".join(usual.less)}
        )
    if usual.missing:
        said.append(
            _("Pas disponible ce mois-ci : %(names)s.") % {"names": ", ".join(usual.missing)}
        )
    return said
