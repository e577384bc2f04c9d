"""Every paper of a cycle, and what each is for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from croqualim.groupbuy.papers import labels, preparation, price_list


@dataclass(frozen=True)
class Paper:
    name: str  # in its address
    title: Promise
    short: Promise  # beside its button, on a telephone
    purpose: Promise
    on: Promise  # what it is printed on
    printed: Callable[..., bytes]
    takes_labels: bool = False


A4 = _("A4")
LABELS = _("étiquettes")
OF_A_CYCLE: Mapping[str, Paper] = {
    paper.name: paper
    for paper in (
        Paper(
            price_list.PRICE_LIST,
            _("Liste des prix"),
            _("Prix"),
            _("À afficher et à donner : chaque produit, qui le fait, son prix entier."),
            _("A4, deux colonnes"),
            price_list.price_list_pdf,
        ),
        Paper(
            preparation.BY_GROUP,
            _("Préparation par groupement"),
            _("Par groupement"),
            _("Au dépôt, pour charger : ce qui part vers chaque épicerie."),
            _("A4, en largeur"),
            preparation.by_group_pdf,
        ),
    )
}
OF_A_SHOP: Mapping[str, Paper] = {
    paper.name: paper
    for paper in (
        Paper(
            preparation.BY_PRODUCT,
            _("Feuille par produit"),
            _("Par produit"),
            _("Pour peser et ensacher : combien de sachets de combien."),
            A4,
            preparation.by_product_pdf,
        ),
        Paper(
            preparation.BY_ORDER,
            _("Feuille par commande"),
            _("Par commande"),
            _("Pour remplir chaque sac, et cocher."),
            A4,
            preparation.by_order_pdf,
        ),
        Paper(
            labels.BAGS,
            _("Étiquettes des sacs"),
            _("Sacs"),
            _("Une par sac : la référence, et un carré que la caisse photographie."),
            LABELS,
            labels.bag_labels_pdf,
            takes_labels=True,
        ),
        Paper(
            labels.PORTIONS,
            _("Étiquettes des sachets"),
            _("Sachets"),
            _("Une par sachet pesé : le produit, la quantité, les allergènes."),
            LABELS,
            labels.portion_labels_pdf,
            takes_labels=True,
        ),
        Paper(
            preparation.SIGN_IN,
            _("Feuille d’arrivée"),
            _("Arrivée"),
            _("Pour accueillir : numéro, nom, référence, signature. Aucun montant."),
            A4,
            preparation.sign_in_pdf,
        ),
    )
}
