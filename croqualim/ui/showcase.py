"""What /composants/ shows: invented values, no table read."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils.translation import gettext_lazy as _

from croqualim.ui.charts import Bar
from croqualim.ui.drawings import CATEGORIES, DRAWINGS
from croqualim.ui.parts import Event, Tab

WORDS = (
    _("Pilotage départemental"),
    _("Financeurs régionaux"),
    _("Éducation alimentaire"),
    _("Personnes accueillies"),
    _("Production et approvisionnement"),
    _("Transformation de l’aide alimentaire"),
    _("Projets alimentaires territoriaux"),
    _("Appui technique et ingénierie"),
    _("Fourniture de denrées"),
)
EVENING = datetime(2026, 12, 4, 17, 30, tzinfo=UTC)


class ShowcaseForm(forms.Form):
    """One field of each kind that the site asks with."""

    name = forms.CharField(label=_("Comment vous appelez-vous ?"))
    contact = forms.EmailField(
        label=_("Votre adresse e-mail"),
        help_text=_("Pour vous écrire quand la commande est prête."),
        required=False,
    )
    place = forms.ChoiceField(
        label=_("Où retirez-vous votre commande ?"),
        choices=[("", _("Choisissez un lieu")), ("arles", "Arles"), ("avignon", "Avignon")],
    )
    share = forms.ChoiceField(
        label=_("Quelle part payez-vous ?"),
        help_text=_("Personne d’autre ne voit votre choix."),
        choices=[("50", _("La moitié")), ("100", _("Le prix coûtant"))],
        widget=forms.RadioSelect,
    )
    news = forms.BooleanField(label=_("Prévenez-moi par SMS"))
    words = forms.CharField(label=_("Un mot pour l’équipe"), widget=forms.Textarea, required=False)


def samples() -> Mapping[str, Any]:
    """Everything the page's template names."""
    pages = Paginator(range(60), 20)
    return {
        "sample_form": ShowcaseForm(auto_id="sample_%s"),
        "refused_form": ShowcaseForm({"contact": "amina@"}, auto_id="refused_%s"),
        "drawings": list(DRAWINGS),
        "categories": list(zip(CATEGORIES, WORDS, strict=True)),
        "bars": [
            Bar(str(_("Légumes secs")), 412_000, "412 kg"),
            Bar(str(_("Céréales et farines")), 230_500, "230,5 kg"),
            Bar(str(_("Huiles, olives, condiments")), 18_000, "18 kg"),
            Bar(str(_("Boissons")), 0, "0 kg"),
        ],
        "events": [
            Event(str(_("20 kg de lentilles reçus")), EVENING, by="Nadia Exemple"),
            Event(
                str(_("Réception ramenée à 18 kg")),
                EVENING.replace(hour=18),
                by="Nadia Exemple",
                reason=str(_("Un sac était percé.")),
            ),
        ],
        "tabs": [
            Tab(str(_("Ce mois-ci")), "#tabs", is_current=True),
            Tab(str(_("Adhérent·es")), "#tabs"),
            Tab(str(_("Producteurs")), "#tabs"),
        ],
        "first_page": pages.page(1),
        "middle_page": pages.page(2),
        "evening": EVENING,
        "saturday": date(2026, 12, 5),
    }
