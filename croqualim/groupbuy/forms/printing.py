"""Which paper to print, for which shop, on which labels."""

from django import forms
from django.utils.translation import gettext_lazy as _

from croqualim.ui.labels import LABELS

MOST_ON_A_SHEET = max(labels.on_a_page for labels in LABELS.values())


class LabelsForm(forms.Form):
    """The labels at hand, and how many of the first sheet are already used."""

    labels = forms.ChoiceField(
        label=_("Vos étiquettes"),
        choices=[(labels.code, labels.said) for labels in LABELS.values()],
    )
    start = forms.IntegerField(
        label=_("Commencer à l’étiquette n°"),
        help_text=_("Pour finir une planche entamée : comptez de gauche à droite, ligne à ligne."),
        min_value=1,
        max_value=MOST_ON_A_SHEET,
        initial=1,
        error_messages={
            "min_value": _("La première étiquette est la n° 1."),
            "max_value": _("Aucune planche n’a autant d’étiquettes : comptez à nouveau."),
            "invalid": _("Écrivez un nombre, par exemple 4."),
            "required": _("Écrivez 1 pour une planche entière."),
        },
    )

    def clean(self) -> dict[str, object]:
        given = super().clean() or {}
        labels, start = LABELS.get(str(given.get("labels"))), given.get("start")
        if labels and isinstance(start, int) and not labels.is_roll and start > labels.on_a_page:
            self.add_error(
                "start",
                _("Cette planche a %(n)s étiquettes : comptez à nouveau.")
                % {"n": labels.on_a_page},
            )
        return given
