"""Tables to download."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Cycle, OrderLine
from croqualim.kernel.quantity import in_words


def order_rows(cycle: Cycle) -> Iterator[list[str]]:
    """A heading, then each line of each live order of the cycle, by group and reference."""
    yield [
        _("Groupement"),
        _("Commande"),
        _("Numéro"),
        _("Producteur"),
        _("Produit"),
        _("Quantité"),
    ]
    lines = (
        OrderLine.objects.filter(order__cycle=cycle, order__cancelled_at=None)
        .order_by("order__popup__group__name", "order__reference", "pk")
        .values_list(
            "order__popup__group__name",
            "order__reference",
            "order__membership__number",
            "offer__product__producer__name",
            "offer__product__name",
            "quantity",
            "offer__product__unit",
        )
    )
    for group, reference, number, producer, product, quantity, unit in lines:
        said = in_words(quantity, unit).replace("\u202f", "").replace("\u00a0", " ")
        yield [group, reference, str(number), producer, product, said]
