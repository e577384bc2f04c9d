from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.models import Offer
from croqualim.groupbuy.rules.ordering import MOST_STEPS, Problem, Reason, next_step
from croqualim.groupbuy.rules.quantities import said_quantity
from croqualim.kernel.quantity import Unit, in_words

EXAMPLES = {Unit.GRAM: 1000, Unit.MILLILITRE: 1000, Unit.PIECE: 2}

SENTENCES = {
    Reason.NOT_OPEN: gettext_lazy("Les commandes ne sont pas ouvertes en ce moment."),
    Reason.BASKET_EMPTY: gettext_lazy("Choisissez au moins un produit."),
    Reason.NOT_OFFERED: gettext_lazy("Ce produit n’est plus proposé ce mois-ci : retirez-le."),
    Reason.NO_STOP: gettext_lazy("Choisissez où retirer cette commande."),
    Reason.STOP_GONE: gettext_lazy("L’épicerie ne s’arrête plus là : choisissez un autre arrêt."),
    Reason.ENVELOPE_SHORT: gettext_lazy(
        "Le fonds solidaire de ce mois est entièrement engagé. Choisissez moins, changez de part, "
        "ou appelez votre groupement : votre panier est gardé."
    ),
}


def sentence(problem: Problem, offer: Offer | None) -> str:
    """What is wrong and what to do, for the person who orders."""
    if offer is None or problem.reason in SENTENCES:
        return str(SENTENCES.get(problem.reason, SENTENCES[Reason.NOT_OFFERED]))
    unit = offer.product.unit
    if problem.reason is Reason.NOT_A_STEP:
        return _("Se commande par %(step)s.") % {"step": in_words(offer.step_quantity, unit)}
    if problem.reason is Reason.TOO_MUCH:
        return _("Pas plus de %(most)s à la fois : pour davantage, appelez votre groupement.") % {
            "most": in_words(MOST_STEPS * offer.step_quantity, unit)
        }
    if not problem.left:
        return _("Il n’en reste plus : retirez-le, ou choisissez autre chose.")
    return _("Il n’en reste que %(left)s.") % {"left": in_words(problem.left, unit)}


class ConfirmForm(forms.Form):
    """Nothing to fill in: the basket is kept on the server. It carries what stands in the way."""

    def show(self, problems: Sequence[Problem], offers: Mapping[int, Offer]) -> None:
        for problem in problems:
            offer = offers.get(problem.offer_id or 0)
            words = sentence(problem, offer)
            self.add_error(None, f"{offer.product.name} : {words}" if offer else words)


class QuantityForm(forms.Form):
    """How much of one product, as one says it: "1,5 kg", "1500 g", "6"."""

    quantity = forms.CharField(label=gettext_lazy("Combien en voulez-vous ?"), max_length=20)

    def __init__(self, *args: object, offer: Offer, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.offer = offer
        unit = offer.product.unit
        said = {
            "step": in_words(offer.step_quantity, unit),
            "example": in_words(next_step(EXAMPLES[Unit(unit)], offer.step_quantity), unit),
        }
        self.fields["quantity"].help_text = (
            _("Par %(step)s. Écrivez par exemple « %(example)s ».") % said
        )

    def clean_quantity(self) -> int:
        return self.read(self.cleaned_data["quantity"])

    def read(self, text: str) -> int:
        """On a step, in base units. Raises ValidationError, worded."""
        unit, step = self.offer.product.unit, self.offer.step_quantity
        try:
            wanted = said_quantity(text, unit)
        except ValueError as error:
            raise forms.ValidationError(
                _("Écrivez une quantité, par exemple %(example)s.")
                % {"example": in_words(2 * step, unit)}
            ) from error
        if wanted % step:
            raise forms.ValidationError(
                _("Se commande par %(step)s : essayez %(near)s.")
                % {
                    "step": in_words(step, unit),
                    "near": in_words(next_step(wanted, step), unit),
                }
            )
        if wanted > MOST_STEPS * step:
            raise forms.ValidationError(
                sentence(Problem(Reason.TOO_MUCH, self.offer.pk), self.offer)
            )
        return wanted
