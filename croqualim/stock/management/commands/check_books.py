"""Recompute every balance and level. `croqualim check` runs it after Django's own checks."""

from collections.abc import Callable, Iterable, Iterator

from django.core.management.base import BaseCommand, CommandError

from croqualim.kernel.money import in_euros
from croqualim.ledger import queries as ledger
from croqualim.ledger.models import Transfer
from croqualim.ledger.rules import Discrepancy
from croqualim.stock import queries as stock
from croqualim.stock.models import Movement


class Command(BaseCommand):
    help = "Recalcule chaque solde et chaque stock depuis leurs mouvements."
    requires_system_checks = ()

    def handle(self, *args: object, **options: object) -> None:
        wrong = [
            *_told(ledger.discrepancies(), in_euros),
            *_told(stock.discrepancies(), str),
            *_open_tables(),
        ]
        if wrong:
            raise CommandError("\n".join(["Les livres ne sont pas justes :", *wrong]))
        transfers, movements = Transfer.objects.count(), Movement.objects.count()
        self.stdout.write(
            "Les comptes et les stocks sont justes : "
            f"{_counted(transfers, 'transfert')}, {_counted(movements, 'mouvement')}."
        )


def _told(discrepancies: Iterable[Discrepancy], say: Callable[[int], str]) -> Iterator[str]:
    for wrong in discrepancies:
        yield f"  {wrong.what} : écrit {say(wrong.kept)}, recalculé {say(wrong.recomputed)}"


def _open_tables() -> Iterator[str]:
    for model in (Transfer, Movement):
        table = model._meta.db_table
        if not ledger.is_append_only(table):
            yield f"  {table} : la base de données n’empêche plus d’y changer une ligne"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number > 1 else ''}"
