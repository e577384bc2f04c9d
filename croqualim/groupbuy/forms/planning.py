"""The dates of a cycle and of its shops, one field each, and what cannot be."""

from collections.abc import Mapping, Sequence, Set
from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.groupbuy.actions.cycles import ShopPlan
from croqualim.groupbuy.forms.fields import HourField, MomentField
from croqualim.groupbuy.models import Cycle, Group, Popup
from croqualim.groupbuy.rules.planning import (
    Plan,
    Problem,
    Reason,
    Shop,
    problems_with,
    shop_problems,
)
from croqualim.groupbuy.rules.stages import Stage

SENTENCES = {
    Reason.CLOSES_BEFORE_OPENING: gettext_lazy("La clôture vient après l’ouverture."),
    Reason.CLOSED_ALREADY: gettext_lazy("Cette clôture est déjà passée : choisissez plus tard."),
    Reason.OPENED_ALREADY: gettext_lazy(
        "Les commandes sont déjà ouvertes : gardez une ouverture passée."
    ),
    Reason.SHOP_BEFORE_CLOSING: gettext_lazy("L’épicerie vient après la clôture des commandes."),
    Reason.SHOP_ENDS_BEFORE_STARTING: gettext_lazy("La fin vient après le début."),
    Reason.NO_SHOP: gettext_lazy("Gardez au moins une épicerie : c’est là qu’on retire."),
}
FIELD_OF = {
    Reason.CLOSES_BEFORE_OPENING: "closes_at",
    Reason.CLOSED_ALREADY: "closes_at",
    Reason.OPENED_ALREADY: "opens_at",
    Reason.SHOP_BEFORE_CLOSING: "starts_at",
    Reason.SHOP_ENDS_BEFORE_STARTING: "ends",
}


class DatesForm(forms.Form):
    """Opening, closing, and a shop for each group. `now` is when the form is judged.

    Groups in `fixed` have a shop for certain; the others have a box to tick.
    """

    opens_at = MomentField(label=gettext_lazy("Ouverture des commandes"))
    closes_at = MomentField(
        label=gettext_lazy("Clôture des commandes"),
        help_text=gettext_lazy("À cette heure-là, plus rien ne change."),
    )

    def __init__(
        self, *args: Any, groups: Sequence[Group], fixed: Set[int], now: datetime, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.groups, self.now = list(groups), now
        for group in self.groups:
            if group.pk not in fixed:
                self.fields[f"{group.pk}-takes_part"] = forms.BooleanField(
                    label=_("Une épicerie ce mois-ci"), required=False
                )
            self._add_shop(group, is_required=self._takes_part(group))

    def _takes_part(self, group: Group) -> bool:
        name = f"{group.pk}-takes_part"
        return name not in self.fields or not self.is_bound or name in self.data

    def _add_shop(self, group: Group, *, is_required: bool) -> None:
        at = f"{group.pk}-"
        missing = {"required": _("Écrivez le lieu de l’épicerie.")}
        self.fields[at + "place"] = forms.CharField(
            label=_("Lieu"), max_length=200, required=is_required, error_messages=missing
        )
        self.fields[at + "starts_at"] = MomentField(label=_("Début"), required=is_required)
        self.fields[at + "ends"] = HourField(label=_("Fin, le même jour"), required=is_required)

    @property
    def shops(self) -> list[tuple[Group, list[forms.BoundField]]]:
        """Each group and its fields, for the page."""
        return [
            (group, [self[name] for name in self.fields if name.startswith(f"{group.pk}-")])
            for group in self.groups
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors:
            for problem in self.problems():
                self.show(problem)
        return cleaned

    def problems(self) -> list[Problem]:
        return problems_with(self.plan(), now=self.now)

    def plan(self) -> Plan:
        return Plan(
            localtime(self.cleaned_data["opens_at"]),
            localtime(self.cleaned_data["closes_at"]),
            {group.pk: self._shop(group) for group in self.groups if self._takes_part(group)},
        )

    def _shop(self, group: Group) -> Shop:
        starts_at = localtime(self.cleaned_data[f"{group.pk}-starts_at"])
        ends = self.cleaned_data[f"{group.pk}-ends"]
        return Shop(starts_at, starts_at.replace(hour=ends.hour, minute=ends.minute))

    def shop_plans(self) -> list[ShopPlan]:
        shops = self.plan().shops
        return [
            ShopPlan(
                group=group,
                place=self.cleaned_data[f"{group.pk}-place"],
                starts_at=shops[group.pk].starts_at,
                ends_at=shops[group.pk].ends_at,
            )
            for group in self.groups
            if group.pk in shops
        ]

    def show(self, problem: Problem) -> None:
        field = FIELD_OF.get(problem.reason)
        if field and problem.group_id is not None:
            field = f"{problem.group_id}-{field}"
        self.add_error(field, str(SENTENCES[problem.reason]))


class NewCycleForm(DatesForm):
    name = forms.CharField(
        label=gettext_lazy("Nom du cycle"),
        help_text=gettext_lazy("Le mois du retrait, par exemple."),
        max_length=80,
        error_messages={"required": gettext_lazy("Donnez un nom à ce cycle.")},
    )
    field_order = ("name", "opens_at", "closes_at")


class ChangeDatesForm(DatesForm):
    """The dates of a cycle that exists. What cannot move any more cannot be typed."""

    def __init__(
        self, *args: Any, cycle: Cycle, popups: Sequence[Popup], now: datetime, **kwargs: Any
    ) -> None:
        fixed = {popup.group_id for popup in popups}
        super().__init__(*args, fixed=fixed, now=now, **kwargs)
        self.cycle = cycle
        settled = ["opens_at", "closes_at"] if cycle.bought_at else []
        for popup in popups:
            if popup.closed_at:
                settled += [f"{popup.group_id}-{name}" for name in ("place", "starts_at", "ends")]
        for name in settled:
            self.fields[name].disabled = True

    def problems(self) -> list[Problem]:
        plan = self.plan()
        if (plan.opens_at, plan.closes_at) == (self.cycle.opens_at, self.cycle.closes_at):
            return shop_problems(plan)
        is_open = self.cycle.stage(self.now) is Stage.OPEN
        return problems_with(plan, now=self.now, is_open=is_open)


def initial_of(plan: Plan, places: Mapping[int, str]) -> dict[str, Any]:
    """What the form shows first."""
    shown: dict[str, Any] = {"opens_at": plan.opens_at, "closes_at": plan.closes_at}
    for group, shop in plan.shops.items():
        shown[f"{group}-takes_part"] = True
        shown[f"{group}-place"] = places.get(group, "")
        shown[f"{group}-starts_at"] = shop.starts_at
        shown[f"{group}-ends"] = localtime(shop.ends_at).time()
    return shown
