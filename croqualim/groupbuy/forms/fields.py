"""Fields as people fill them: euros with a comma, moments by the telephone's own picker."""

from datetime import date
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.accounts.forms.fields import ReachField
from croqualim.kernel.money import parse_euros

FIRST_YEAR, LAST_YEAR = 2020, 2100
MOST_CENTS = 100_000_000  # a million euros: more is a slip of the finger


class EurosField(forms.CharField):
    """'1 500' or '3,20' -> cents, from `least_cents` up."""

    widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    default_error_messages: ClassVar = {
        "euros": gettext_lazy("Écrivez un montant en euros, par exemple 1500 ou 3,20."),
        "too_much": gettext_lazy("C’est beaucoup : vérifiez ce montant."),
    }

    def __init__(self, *, least_cents: int = 0, **kwargs: Any) -> None:
        super().__init__(max_length=30, **kwargs)
        self.least_cents = least_cents

    def prepare_value(self, value: Any) -> Any:
        """Cents known beforehand, as they are typed: 1250 -> '12,50'."""
        return f"{value // 100},{value % 100:02}" if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        if isinstance(value, int):  # of a disabled field: cents that nobody typed
            return value
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            cents = parse_euros(text)
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["euros"], code="euros") from error
        if cents < self.least_cents:
            raise forms.ValidationError(self.error_messages["euros"], code="euros")
        if cents > MOST_CENTS:
            raise forms.ValidationError(self.error_messages["too_much"], code="too_much")
        return cents


def _check_year(value: date | None) -> None:
    """Beyond, it is a slip of the finger, and hours can no longer be counted from it."""
    if value is not None and not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise forms.ValidationError(
            _("Vérifiez l’année : entre %(first)s et %(last)s."),
            code="year",
            params={"first": FIRST_YEAR, "last": LAST_YEAR},
        )


class MomentField(forms.DateTimeField):
    """A day and an hour, as people of Paris read them."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    default_error_messages: ClassVar = {
        "required": gettext_lazy("Choisissez un jour et une heure."),
        "invalid": gettext_lazy("Choisissez un jour et une heure."),
    }

    def validate(self, value: Any) -> None:
        super().validate(value)
        _check_year(value)


class HourField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages: ClassVar = {
        "required": gettext_lazy("Choisissez une heure."),
        "invalid": gettext_lazy("Choisissez une heure."),
    }


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages: ClassVar = {
        "required": gettext_lazy("Choisissez un jour."),
        "invalid": gettext_lazy("Choisissez un jour."),
    }

    def validate(self, value: Any) -> None:
        super().validate(value)
        _check_year(value)


class OptionalReachField(ReachField):
    """A telephone, an e-mail address, or nothing: None."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=254, **kwargs)

    def clean(self, value: Any) -> Any:
        return super().clean(value) if str(value or "").strip() else None
