"""A spreadsheet to send, and its preview line by line."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from croqualim.catalogue.forms.wording import (
    FILE_SENTENCES,
    SAID,
    packaging_in_words,
    price_of,
    sentences,
    step_of,
)
from croqualim.catalogue.models import CatalogueImport, Family, ImportLine
from croqualim.catalogue.rules.deciding import DOUBTFUL, Decision, Outcome
from croqualim.catalogue.rules.reading import MAX_BYTES, FileReason
from croqualim.catalogue.rules.stored import decision_from
from croqualim.ui.parts import Tab

LINES_A_PAGE = 100
# how one line is marked, how several are named, in which colour
OUTCOMES = {
    Outcome.REFUSED: (gettext_lazy("Refusé"), gettext_lazy("Refusés"), "tomato"),
    Outcome.CREATE: (gettext_lazy("Nouveau"), gettext_lazy("Nouveaux"), "leaf"),
    Outcome.CHANGE: (gettext_lazy("Changement"), gettext_lazy("Changements"), "saffron"),
    Outcome.SAME: (gettext_lazy("Identique"), gettext_lazy("Identiques"), "neutral"),
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Votre tableau"),
        help_text=gettext_lazy("Un fichier .xlsx ou .csv, 12 Mo et 50 000 lignes au plus."),
        error_messages={
            "required": gettext_lazy("Choisissez un fichier."),
            "empty": FILE_SENTENCES[FileReason.EMPTY],
            "max_length": gettext_lazy("Le nom de ce fichier est trop long. Raccourcissez-le."),
        },
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )

    def clean_file(self) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise forms.ValidationError(FILE_SENTENCES[FileReason.TOO_BIG])
        return file

    def show(self, reason: FileReason) -> None:
        self.add_error("file", str(FILE_SENTENCES[reason]))


NAMED = 30  # new producers that the page names; the others are counted


@dataclass(frozen=True)
class Outline:
    """What a page of the preview shows of the whole: the tabs, the counts, who is new."""

    tabs: list[Tab]
    total: int  # lines of the chosen tab
    new_producers: list[str]
    unnamed_producers: int  # besides those
    writes: bool
    sure: int  # lines that would write, and nothing of them guessed


def outline(draft: CatalogueImport, chosen: str) -> Outline:
    """`chosen`: an outcome to show alone, or anything else for all lines."""
    counts: dict[str, int] = draft.counts
    doubtful = counts.get(DOUBTFUL, 0)
    total = lines_in(draft)
    tabs = [Tab(_("Tout (%s)") % total, "?", chosen not in counts)] + [
        Tab(f"{words} ({counts[outcome]})", f"?voir={outcome}", chosen == outcome)
        for outcome, (_word, words, _tone) in OUTCOMES.items()
        if counts[outcome]
    ]
    if doubtful:
        label = _("À vérifier (%s)") % doubtful
        tabs.insert(1, Tab(label, f"?voir={DOUBTFUL}", chosen == DOUBTFUL))
    return Outline(
        tabs,
        counts.get(chosen, total),
        draft.new_producers[:NAMED],
        max(0, len(draft.new_producers) - NAMED),
        writes=bool(counts[Outcome.CREATE] or counts[Outcome.CHANGE]),
        sure=counts[Outcome.CREATE] + counts[Outcome.CHANGE] - doubtful,
    )


def lines_in(draft: CatalogueImport) -> int:
    return sum(draft.counts[outcome] for outcome in OUTCOMES)


class Lines(Paginator[ImportLine]):
    """Pages of lines that were counted when they were decided."""

    def __init__(self, lines: QuerySet[ImportLine], total: int) -> None:
        super().__init__(lines, LINES_A_PAGE)
        self.total = total

    @property
    def count(self) -> int:
        return self.total


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class PreviewLine:
    """One line of the spreadsheet and what becomes of it, in words."""

    number: int
    name: str
    producer: str
    is_new_producer: bool
    word: str
    tone: str
    said: str = ""
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def preview_lines(lines: Iterable[ImportLine]) -> list[PreviewLine]:
    return [
        PreviewLine(
            number=decision.line,
            name=decision.name,
            producer=decision.producer,
            is_new_producer=decision.adds_producer,
            word=str(OUTCOMES[decision.outcome][0]),
            tone=OUTCOMES[decision.outcome][2],
            said=said_of(decision),
            changes=changes_of(decision),
            problems=sentences(decision.problems),
            doubts=sentences(decision.doubts) if decision.writes else [],
        )
        for decision in (decision_from(line.decision) for line in lines)
    ]


def said_of(decision: Decision) -> str:
    """A product to create, in one line."""
    if decision.outcome is not Outcome.CREATE:
        return ""
    values = decision.values
    parts = [
        str(Family(str(values["family"])).label),
        price_of(values),
        _("se commande par %(step)s") % {"step": step_of(values)},
        packaging_in_words(values),
    ]
    return " · ".join(parts)


def changes_of(decision: Decision) -> list[Change]:
    """Each thing that changes, once: a price and what it is for change together."""
    if decision.outcome is not Outcome.CHANGE:
        return []
    after = {**decision.before, **decision.values}
    found = (
        Change(str(label), say(decision.before), say(after))
        for label, say in (SAID[name] for name in decision.values)
    )
    return list(dict.fromkeys(found))
