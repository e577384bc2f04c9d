"""A long spreadsheet is read, applied and taken back behind the page, which says where that is.

What is asked stays written until it is done, and each thing done twice has one effect: a worker
that dies in between is no loss, the next one does it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.module_loading import import_string

from croqualim.accounts.models import Person
from croqualim.catalogue.actions import importing
from croqualim.catalogue.actions.undoing import undo_import
from croqualim.catalogue.models import CatalogueImport, Work
from croqualim.catalogue.rules import stored
from croqualim.catalogue.rules.columns import Plan
from croqualim.catalogue.rules.deciding import Outcome, counts
from croqualim.catalogue.rules.reading import FileRefused, is_long
from croqualim.network.models import Structure

# By name, as the queue itself keeps it: tasks call actions, not the other way round.
TASK = "croqualim.catalogue.tasks.do_asked"
LONG_LINES = 2_000  # at once below: a second or two


def send(
    *, buyer: Structure, file_name: str, content: bytes, actor: Person, now: datetime
) -> CatalogueImport:
    """A file is read at once, or soon when it is long. Raises FileRefused, at once."""
    if not is_long(content):
        return importing.draft_import(
            buyer=buyer, file_name=file_name, content=content, actor=actor, now=now
        )
    draft = importing.new_draft(buyer, file_name, content, actor, now)
    draft.counts = counts([])
    with transaction.atomic():
        draft.save()
        ask(draft, Work.READ, actor, now)
    return draft


def read_otherwise(*, draft: CatalogueImport, plan: Plan, actor: Person, now: datetime) -> None:
    """With the columns that somebody chose. Raises FileRefused."""
    if not is_long_draft(draft):
        importing.read_otherwise(draft=draft, plan=plan)
        return
    with transaction.atomic():
        waiting = CatalogueImport.objects.filter(pk=draft.pk, applied_at=None, asked="")
        if waiting.update(plan=stored.plan_to_json(plan)):
            ask(draft, Work.READ, actor, now)


def apply(*, draft: CatalogueImport, take_doubtful: bool, actor: Person, now: datetime) -> None:
    """What the preview showed; after a catalogue that moved, the preview again, which says so."""
    work = Work.APPLY_ALL if take_doubtful else Work.APPLY
    do_or_ask(draft, work, actor, now)


def undo(*, draft: CatalogueImport, actor: Person, now: datetime) -> None:
    do_or_ask(draft, Work.UNDO, actor, now)


def do_or_ask(draft: CatalogueImport, work: Work, actor: Person, now: datetime) -> None:
    if is_long_draft(draft):
        with transaction.atomic():
            ask(draft, work, actor, now)
    else:
        DOING[work](draft, actor, now)


def is_long_draft(draft: CatalogueImport) -> bool:
    lines: list[int] = [draft.counts[outcome] for outcome in Outcome]
    return sum(lines) > LONG_LINES


def ask(draft: CatalogueImport, work: Work, actor: Person, now: datetime) -> None:
    """One thing at a time: what is asked meanwhile is not heard."""
    free = CatalogueImport.objects.filter(pk=draft.pk, asked="")
    asked = free.update(
        asked=work, asked_by=actor, asked_at=now, lines_done=0, refused="", has_moved=False
    )
    if asked:
        transaction.on_commit(lambda: import_string(TASK).enqueue(draft.pk), robust=True)


def do_asked(*, draft: CatalogueImport, now: datetime) -> None:
    """What is asked of it, by who asked it; nothing when that is done."""
    if draft.asked and draft.asked_by:
        work = Work(draft.asked)
        DOING[work](draft, draft.asked_by, now)
        CatalogueImport.objects.filter(pk=draft.pk, asked=work).update(asked="")


def _read(draft: CatalogueImport, actor: Person, now: datetime) -> None:
    def tell(lines: int) -> None:
        CatalogueImport.objects.filter(pk=draft.pk).update(lines_done=lines)

    try:
        importing.keep_if_open(draft, importing.read_again(draft, tell))
    except FileRefused as refused:
        CatalogueImport.objects.filter(pk=draft.pk).update(refused=refused.reason.value)


def _apply(draft: CatalogueImport, actor: Person, now: datetime, *, everything: bool) -> None:
    try:
        importing.apply_import(draft=draft, take_doubtful=everything, actor=actor, now=now)
    except importing.CatalogueMoved:
        importing.look_again(draft=draft)
        CatalogueImport.objects.filter(pk=draft.pk).update(has_moved=True)


DOING: Mapping[Work, Callable[[CatalogueImport, Person, datetime], object]] = {
    Work.READ: _read,
    Work.APPLY: lambda draft, actor, now: _apply(draft, actor, now, everything=False),
    Work.APPLY_ALL: lambda draft, actor, now: _apply(draft, actor, now, everything=True),
    Work.UNDO: lambda draft, actor, now: undo_import(draft=draft, actor=actor, now=now),
}
