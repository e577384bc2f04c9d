"""The till counted, the shop closed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from croqualim.groupbuy.forms.fields import EurosField
from croqualim.groupbuy.forms.till.parts import QuantityOf, ShopForm, only_left
from croqualim.groupbuy.queries.shelf import Left
from croqualim.groupbuy.rules.counting import problem_with_remark
from croqualim.groupbuy.rules.till import (
    COINS,
    NOTES,
    Problem,
    Reason,
    in_box,
    is_far,
    lost_problems,
)
from croqualim.kernel.money import in_euros


class CountForm(ShopForm):
    """All that is in the box, at once or note by note and coin by coin."""

    counted = EurosField(label=gettext_lazy("Total des espèces, en euros"), required=False)
    remark = forms.CharField(
        label=gettext_lazy("Une remarque ?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    recounted = forms.BooleanField(label=gettext_lazy("J’ai recompté"), required=False)

    def __init__(self, *args: Any, expected_cents: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.expected_cents = expected_cents
        for value in (*NOTES, *COINS):
            self.fields[f"n{value}"] = forms.IntegerField(
                label=in_euros(value), min_value=0, max_value=9999, required=False
            )

    def denominations(self) -> list[forms.BoundField]:
        return [self[f"n{value}"] for value in (*NOTES, *COINS)]

    @property
    def is_detailed(self) -> bool:
        """Whether something was typed beside a note or a coin."""
        return any(self.data.get(field.html_name) for field in self.denominations())

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        in_detail = self._in_detail(cleaned)
        counted = cleaned.get("counted")
        if counted is None and in_detail is None:
            if "counted" not in self.errors:
                self.add_error("counted", _("Écrivez ce que vous avez compté ; 0 s’il n’y a rien."))
        elif counted is not None and in_detail is not None and counted != in_detail:
            words = {"detail": in_euros(in_detail), "total": in_euros(counted)}
            self.add_error(
                "counted", _("Le détail fait %(detail)s, le total dit %(total)s.") % words
            )
        cleaned["in_box"] = in_detail if counted is None else counted
        if not self.errors:
            self._ask_about_difference()
        return cleaned

    def _ask_about_difference(self) -> None:
        """A great one is counted twice, and said why."""
        counted_cents, cleaned = self.counted_cents(), self.cleaned_data
        if not is_far(counted_cents, self.expected_cents):
            return
        if not cleaned["recounted"]:
            words = {"difference": difference_in_words(counted_cents - self.expected_cents)}
            self.add_error(
                "recounted", _("%(difference)s Recomptez, ou confirmez que c’est fait.") % words
            )
        remark = cleaned.get("remark", "")
        if problem := problem_with_remark(counted_cents, self.expected_cents, remark):
            self.show(problem)

    @property
    def asks_to_recount(self) -> bool:
        return bool(self.data.get("recounted")) or "recounted" in self.errors

    @staticmethod
    def _in_detail(cleaned: Mapping[str, Any]) -> int | None:
        counts = {value: cleaned.get(f"n{value}") for value in (*NOTES, *COINS)}
        filled = {value: number for value, number in counts.items() if number is not None}
        return in_box(filled) if filled else None

    def counted_cents(self) -> int:
        """All that is in the box, its float included."""
        counted: int = self.cleaned_data["in_box"]
        return counted

    def detail(self) -> dict[int, int]:
        """note or coin -> how many, of those that were typed."""
        typed = {value: self.cleaned_data.get(f"n{value}") for value in (*NOTES, *COINS)}
        return {value: number for value, number in typed.items() if number}

    def field_of(self, problem: Problem) -> str | None:
        return "remark" if problem.reason is Reason.DIFFERENCE_UNSAID else None


def difference_in_words(cents: int) -> str:
    """What the box holds beside what it should: 'Il manque 2,00 €.'; '' when they are the same."""
    if not cents:
        return ""
    words = _("Il manque %(amount)s.") if cents < 0 else _("Il y a %(amount)s de trop.")
    return words % {"amount": in_euros(abs(cents))}


class CloseForm(ShopForm):
    """What is lost of each product that lies there; the rest goes back. `absents` is the number
    of orders that the volunteer was shown, and agreed to note absent."""

    absents = forms.IntegerField(required=False, widget=forms.HiddenInput)
    kept = EurosField(
        label=gettext_lazy("Fonds de caisse laissé dans la boîte, en euros"),
        help_text=gettext_lazy("Pour rendre la monnaie la prochaine fois. Vide : rien."),
        required=False,
    )
    reason = forms.CharField(
        label=gettext_lazy("Si quelque chose est perdu : que s’est-il passé ?"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, left: Sequence[Left], waiting: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting = waiting
        self.left = {row.offer.product_id: row for row in left}
        for row in left:
            self.fields[_lost(row.offer.product_id)] = QuantityOf(row)

    def clean(self) -> dict[str, Any]:
        there = {product_id: row.quantity for product_id, row in self.left.items()}
        for problem in lost_problems(self.lost(), there, self.cleaned_data.get("reason", "")):
            self.show(problem)
        if self.waiting and self.cleaned_data.get("absents") != self.waiting:
            self.add_error(None, waiting_in_words(self.waiting))
        return self.cleaned_data

    def lost(self) -> dict[int, int]:
        """product id -> quantity; only what is lost."""
        return {
            product_id: quantity
            for product_id in self.left
            if (quantity := self.cleaned_data.get(_lost(product_id), 0))
        }

    def kept_cents(self) -> int:
        kept: int = self.cleaned_data.get("kept") or 0
        return kept

    def rows(self) -> list[tuple[forms.BoundField, Left]]:
        return [(self[_lost(product_id)], left) for product_id, left in self.left.items()]

    def field_of(self, problem: Problem) -> str | None:
        if problem.reason is Reason.NO_REASON:
            return "reason"
        if problem.reason is Reason.KEPT_TOO_MUCH:
            return "kept"
        name = _lost(problem.about or 0)
        return name if name in self.fields else None

    def show(self, problem: Problem) -> None:
        row = self.left.get(problem.about or 0)
        if row and problem.reason is Reason.LOST_TOO_MUCH:
            self.add_error(self.field_of(problem), only_left(problem.left, row))
        else:
            super().show(problem)


def waiting_in_words(orders: int) -> str:
    """Asked before a shop is closed on those who may still come."""
    words = ngettext(
        "%(count)s commande n’est pas retirée : la noter absente et fermer ?",
        "%(count)s commandes ne sont pas retirées : les noter absentes et fermer ?",
        orders,
    )
    return words % {"count": orders}


def _lost(product_id: int) -> str:
    return f"lost-{product_id}"
