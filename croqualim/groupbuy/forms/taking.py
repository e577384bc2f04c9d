"""A telephone order, as it is dictated: lines in, what became of them in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from croqualim.groupbuy.forms.habits import usual_in_words
from croqualim.groupbuy.forms.ordering import sentence
from croqualim.groupbuy.models import Offer, Stop
from croqualim.groupbuy.queries.habits import Usual
from croqualim.groupbuy.queries.stops import usual_stop
from croqualim.groupbuy.queries.taking import Taking
from croqualim.groupbuy.rules.dictation import MOST_CANDIDATES, Dictated, Taken, Waiting, dictate
from croqualim.groupbuy.rules.ordering import Problem, Reason, problems_with
from croqualim.groupbuy.rules.stages import Stage
from croqualim.kernel.quantity import in_words

MOST_LINES = 60
LONGEST_LINE = 120
AS_USUAL = "="


@dataclass(frozen=True)
class Choice:
    """One of the products that may be meant, and the line that says so."""

    figure: int
    offer: Offer
    line: str


@dataclass(frozen=True)
class Question:
    """What is still to say about a line."""

    line: str
    words: str
    choices: tuple[Choice, ...]
    others: int  # that may be meant too: more letters will tell


class TakingForm(forms.Form):
    """One line, or several pasted at once; `attente`, those that wait for an answer."""

    ligne = forms.CharField(max_length=LONGEST_LINE, required=False)
    lignes = forms.CharField(max_length=6000, required=False)
    arret = forms.IntegerField(required=False)

    def __init__(self, *args: Any, taking: Taking, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.taking = taking
        self.before = taking.basket  # before these lines
        self.heard = Dictated()
        self.usual = Usual({})
        self.offers = {offer.pk: offer for offer in taking.offers}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors:
            return cleaned
        self.usual = self.taking.usual if self.is_usual else Usual({})
        lines = [] if self.is_usual else self.lines()
        self.heard = dictate(
            lines,
            waiting=self._waiting(),
            items=self.taking.items,
            basket=self.taking.basket,
        )
        if self.is_end:
            taking = self.taking
            self.show(problems_with(taking.basket, taking.offered, stage=Stage.OPEN))
        return cleaned

    def lines(self) -> list[str]:
        """What was just said; a button says its own line."""
        if "commande" in self.data:
            return [self.data["commande"][:LONGEST_LINE]]
        if many := self.cleaned_data.get("lignes"):
            return [line[:LONGEST_LINE] for line in many.splitlines() if line.strip()][:MOST_LINES]
        return [line for line in [self.cleaned_data.get("ligne", "")] if line]

    def _waiting(self) -> list[str]:
        lines = self.data.getlist("attente")  # type: ignore[attr-defined]
        return [line[:LONGEST_LINE] for line in lines[:MOST_LINES]]

    # ------------------------------------------------------------------ what is to be done

    @property
    def changes(self) -> dict[int, int]:
        """offer id -> its quantity from now on."""
        return {**self.usual.changes, **{taken.key: taken.quantity for taken in self.heard.taken}}

    @property
    def is_usual(self) -> bool:
        """What she usually takes is asked for, in one sign."""
        return self.lines() == [AS_USUAL]

    @property
    def is_end(self) -> bool:
        """Nothing more was said: time to read it back."""
        return not (self.lines() or self.heard.waiting)

    @property
    def is_reading(self) -> bool:
        return self.is_bound and self.is_valid() and self.is_end

    @property
    def is_confirmed(self) -> bool:
        """What is confirmed is what was read back."""
        return self.is_reading and self.data.get("relu") == self.taking.fingerprint

    @property
    def is_outdated(self) -> bool:
        """Somebody changed it since it was read back."""
        return self.is_reading and bool(self.data.get("relu")) and not self.is_confirmed

    @property
    def stop(self) -> Stop | None:
        """Where she collects: as was just said, or as the last time."""
        chosen = usual_stop(self.taking.stops)
        if self.is_bound and "arret" in self.data:
            chosen = self.cleaned_data.get("arret")
        return next((stop for stop in self.taking.stops if stop.pk == chosen), None)

    # ------------------------------------------------------------------ in words

    def said(self) -> list[str]:
        """What was understood."""
        usual = usual_in_words(self.usual) if self.is_bound and self.is_usual else []
        return [*usual, *(self._told(taken) for taken in self.heard.taken)]

    def _told(self, taken: Taken) -> str:
        offer, before = self.offers[taken.key], self.before.get(taken.key, 0)
        now = in_words(taken.quantity, offer.product.unit)
        said = {"product": offer.product.name, "now": now}
        if not taken.quantity:
            return _("%(product)s : retiré.") % said
        if before in (0, taken.quantity):
            return _("%(product)s : %(now)s.") % said
        said["before"] = in_words(before, offer.product.unit)
        return _("%(product)s : %(now)s, au lieu de %(before)s.") % said

    def unheard(self) -> list[str]:
        return [
            (
                _("« %(line)s » : ce n’est pas dans sa commande.")
                if unknown.is_removal
                else _("« %(line)s » : rien ne s’appelle ainsi ce mois-ci.")
            )
            % {"line": unknown.text}
            for unknown in self.heard.unknown
        ]

    def question(self) -> Question | None:
        """About the line that has waited longest."""
        if not self.heard.waiting:
            return None
        asked = self.heard.waiting[0]
        shown = asked.candidates[:MOST_CANDIDATES] if asked.is_which else ()
        choices = tuple(
            Choice(figure, self.offers[key], asked.about(key))
            for figure, key in enumerate(shown, 1)
        )
        others = len(asked.candidates) - len(shown) if asked.is_which else 0
        return Question(asked.text, self._asked(asked), choices, others)

    def _asked(self, asked: Waiting) -> str:
        if asked.is_which:
            return _("« %(line)s » : lequel ?") % {"line": asked.text}
        offer = self.offers[asked.candidates[0]]
        unit, step = offer.product.unit, offer.step_quantity
        if asked.problem:
            return f"{offer.product.name} : {_words(asked.problem, offer)}"
        return _("%(product)s : combien ? Par %(step)s, par exemple « %(example)s ».") % {
            "product": offer.product.name,
            "step": in_words(step, unit),
            "example": in_words(2 * step, unit),
        }

    def show(self, problems: Sequence[Problem]) -> None:
        for problem in problems:
            offer = self.offers.get(problem.offer_id or 0)
            words = _words(problem, offer)
            self.add_error(None, f"{offer.product.name} : {words}" if offer else words)


def _words(problem: Problem, offer: Offer | None) -> str:
    if problem.reason is Reason.ENVELOPE_SHORT:  # her own sentence would tell what she pays
        return _("Cette commande ne passe pas en l’état. Essayez avec moins.")
    if problem.reason is Reason.BASKET_EMPTY:
        return _("Rien n’est encore noté : écrivez au moins un produit.")
    return sentence(problem, offer)
