"""A field to say which commune: type its name or its postal code."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import EMPTY_VALUES
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.territory.models import Commune
from croqualim.territory.queries import Found, find_commune


@dataclass(frozen=True)
class Answer:
    """What was typed and, where the page had asked which one, the code of the one chosen."""

    text: str
    chosen_code: str = ""


class CommuneInput(forms.TextInput):
    """A text input. htmx completes it as one types; without it, a second step lists the communes
    that may be meant. Each form has its own copy, on which the field leaves what to show."""

    template_name = "territory/commune_input.html"
    choices: Sequence[Commune] = ()
    resolved = ""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Mapping[str, Any], name: str
    ) -> Answer:
        text = (data.get(name) or "").strip()
        was_asked_for_this = data.get(f"{name}-asked") == text
        return Answer(text, (data.get(f"{name}-choice") or "") if was_asked_for_this else "")

    def format_value(self, value: Any) -> str:
        return self.resolved or (value.text if isinstance(value, Answer) else str(value or ""))

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        list_id = f"{(attrs or {}).get('id', f'id_{name}')}-list"
        completing = {
            "autocomplete": "off",
            "list": list_id,
            "hx-get": reverse("territory:suggestions"),
            "hx-trigger": "input changed delay:200ms",
            "hx-target": f"#{list_id}",
        }
        context = super().get_context(name, value, {**completing, **(attrs or {})})
        return {**context, "choices": self.choices, "list_id": list_id}


class CommuneField(forms.Field):
    """Cleans to a Commune, or None when it may stay empty. `initial` is a Commune."""

    widget: Any = CommuneInput  # each form's own copy, once it is bound
    default_error_messages = {
        "required": gettext_lazy("Indiquez une commune : son nom ou son code postal."),
        "unknown": gettext_lazy(
            "Nous ne trouvons pas cette commune. Vérifiez son nom ou son code postal."
        ),
    }

    def clean(self, value: Answer) -> Commune | None:
        if value.text in EMPTY_VALUES:
            self.validate(value.text)
            return None
        found = find_commune(value.text)
        commune = found.commune or _chosen(found, value.chosen_code)
        if commune is None:
            self.widget.choices = found.choices
            raise ValidationError(_sentence(value.text, found) or self.error_messages["unknown"])
        self.widget.resolved = str(commune)
        return commune

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(initial or "") != (data.text if isinstance(data, Answer) else "")


def _chosen(found: Found, code: str) -> Commune | None:
    return next((commune for commune in found.choices if commune.code == code), None)


def _sentence(text: str, found: Found) -> str:
    """'' where nothing at all was found."""
    if not found.count:
        return ""
    which = _("avec ce code postal") if text.isdecimal() else _("possibles")
    how_many = _("Il y a %(count)s communes %(which)s.") % {"count": found.count, "which": which}
    if found.count == len(found.choices):
        return f"{how_many} {_('Choisissez la vôtre.')}"
    shown = _("Voici les %s plus peuplées : choisissez la vôtre, ou écrivez son nom en entier.")
    return f"{how_many} {shown % len(found.choices)}"
