"""The stops of a shop that goes round, one line each; and choosing one."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Any, NamedTuple

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.forms.fields import HourField
from croqualim.groupbuy.forms.ordering import ConfirmForm, sentence
from croqualim.groupbuy.models import Offer, Popup, Stop
from croqualim.groupbuy.rules import ordering
from croqualim.groupbuy.rules.stops import Problem, Reason, StopPlan, problems_with
from croqualim.kernel.period import day_in_words

MORE_LINES = 3
SENTENCES = {
    Reason.ENDS_BEFORE_STARTING: gettext_lazy("La fin vient après le début."),
    Reason.BEFORE_CLOSING: gettext_lazy("Cet arrêt vient après la clôture des commandes."),
    Reason.CHOSEN: gettext_lazy(
        "Des foyers ont choisi cet arrêt : il reste. Vous pouvez changer son lieu ou ses heures, "
        "ils recevront un message."
    ),
}
FIELD_OF = {
    Reason.ENDS_BEFORE_STARTING: "ends",
    Reason.BEFORE_CLOSING: "starts",
    Reason.CHOSEN: "remove",
}
ABOUT_STOPS = {ordering.Reason.NO_STOP, ordering.Reason.STOP_GONE}


class Line(NamedTuple):
    """One stop on the page; `ordered`: how many live orders are for it."""

    fields: list[forms.BoundField]
    ordered: int


class StopsForm(forms.Form):
    """Each stop that is there, and some lines to add others on; a line left empty adds nothing."""

    def __init__(self, *args: Any, popup: Popup, stops: Sequence[Stop], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.popup, self.stops = popup, {str(stop.pk): stop for stop in stops}
        self.new = [f"new{number}" for number in range(1, MORE_LINES + 1)]
        for key, stop in self.stops.items():
            self._add_line(key, is_required=not self._is_removed(key), stop=stop)
            self.fields[f"{key}-remove"] = forms.BooleanField(
                label=_("Enlever cet arrêt"), required=False
            )
        for key in self.new:
            self._add_line(key, is_required=self.is_bound and self._is_begun(key))

    def _add_line(self, key: str, *, is_required: bool, stop: Stop | None = None) -> None:
        self.fields[f"{key}-place"] = forms.CharField(
            label=_("Lieu"),
            max_length=200,
            required=is_required,
            initial=stop.place if stop else "",
            error_messages={"required": _("Écrivez le lieu de cet arrêt.")},
        )
        self.fields[f"{key}-starts"] = HourField(
            label=_("De"), required=is_required, initial=_hour(stop.starts_at) if stop else None
        )
        self.fields[f"{key}-ends"] = HourField(
            label=_("à"), required=is_required, initial=_hour(stop.ends_at) if stop else None
        )

    def _is_removed(self, key: str) -> bool:
        return self.is_bound and f"{key}-remove" in self.data

    def _is_begun(self, key: str) -> bool:
        return any(
            self.data.get(f"{key}-{name}", "").strip() for name in ("place", "starts", "ends")
        )

    @property
    def lines(self) -> list[Line]:
        return [Line(self._fields_of(key), stop.ordered) for key, stop in self.stops.items()]  # type: ignore[attr-defined]

    @property
    def new_lines(self) -> list[Line]:
        return [Line(self._fields_of(key), 0) for key in self.new]

    def _fields_of(self, key: str) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith(f"{key}-")]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for problem in problems_with(dict(self._plans()), closes_at=self.popup.cycle.closes_at):
                self.show(problem)
        return cleaned

    def _plans(self) -> Iterator[tuple[str, StopPlan]]:
        """Of the lines that say something and stay."""
        day = localtime(self.popup.starts_at).replace(second=0, microsecond=0)
        for key in (*self.stops, *self.new):
            place, starts, ends = (
                self.cleaned_data.get(f"{key}-{name}") for name in ("place", "starts", "ends")
            )
            if place and starts and ends and not self._is_removed(key):
                yield key, StopPlan(place, _at(day, starts), _at(day, ends))

    def kept(self) -> dict[int, StopPlan]:
        return {int(key): plan for key, plan in self._plans() if key in self.stops}

    def added(self) -> list[StopPlan]:
        return [plan for key, plan in self._plans() if key not in self.stops]

    def removed(self) -> set[int]:
        return {int(key) for key in self.stops if self._is_removed(key)}

    def show(self, problem: Problem) -> None:
        name = f"{problem.key}-{FIELD_OF[problem.reason]}"
        self.add_error(name if name in self.fields else None, str(SENTENCES[problem.reason]))


def _hour(moment: Any) -> time:
    return localtime(moment).time()


def _at(day: Any, hour: time) -> Any:
    return day.replace(hour=hour.hour, minute=hour.minute)


class ConfirmWithStopForm(ConfirmForm):
    """And where to collect, when the shop goes round."""

    def __init__(self, *args: Any, stops: Sequence[Stop], usual: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stops = {stop.pk: stop for stop in stops}
        if stops:
            self.fields["stop"] = forms.TypedChoiceField(
                label=_("Où retirez-vous ?"),
                help_text=day_in_words(localtime(stops[0].starts_at).date()).capitalize(),
                choices=[(stop.pk, str(stop)) for stop in stops],
                coerce=int,
                initial=usual,
                widget=forms.RadioSelect(attrs={"form": "confirmer"}),
                error_messages={
                    "required": _("Choisissez où vous retirez votre commande."),
                    "invalid_choice": sentence(ordering.Problem(ordering.Reason.STOP_GONE), None),
                },
            )

    @property
    def stop(self) -> Stop | None:
        return self.stops.get(self.cleaned_data.get("stop", 0))

    def show(self, problems: Sequence[ordering.Problem], offers: Mapping[int, Offer]) -> None:
        about = [p for p in problems if p.reason in ABOUT_STOPS and "stop" in self.fields]
        for problem in about:
            self.add_error("stop", sentence(problem, None))
        super().show([problem for problem in problems if problem not in about], offers)
