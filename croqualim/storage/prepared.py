"""Query sets whose SQL is written once.

Django writes a query's text each time it runs, which takes ten times as long as running it; at the
hour when everybody orders that was most of the time (docs/decisions, bench/RESULTS.md). So:

    LIVE = Prepared(lambda cycle, household: Order.objects.filter(cycle=cycle, …))
    orders = LIVE(cycle_id, household_id)

gives what that query set gives: models, or tuples after `values_list`. The function is called with
stand-ins, once for each number of arguments. Its conditions must be these arguments alone, whole
numbers or texts, in their order: checked then. For paths that everybody takes; a query set
elsewhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar, cast

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import ModelIterable, get_related_populators
from django.db.models.sql.compiler import SQLCompiler

T = TypeVar("T")
Row = Iterable[Any]

MOST_KEPT = 100  # a list of more arguments is rarely met twice


@dataclass(frozen=True)
class Written:
    """A query's text, and how its rows become what was asked for."""

    sql: str
    compiler: SQLCompiler
    converters: dict[int, Any]
    as_model: Callable[[Row], Model] | None  # None: rows are wanted as they are

    def results(self, rows: list[Row]) -> list[Any]:
        if self.converters:
            rows = list(self.compiler.apply_converters(rows, self.converters))
        return [self.as_model(row) for row in rows] if self.as_model else rows


class Prepared(Generic[T]):
    def __init__(self, query_set: Callable[..., QuerySet[Any, T]]) -> None:
        self._query_set = query_set
        self._kept: dict[int, Written] = {}

    def __call__(self, *arguments: int | str) -> list[T]:
        written = self._kept.get(len(arguments)) or self._write(len(arguments))
        with connection.cursor() as cursor:
            cursor.execute(written.sql, arguments)
            rows = cursor.fetchall()
        return cast(list[T], written.results(rows))

    def first(self, *arguments: int | str) -> T | None:
        return next(iter(self(*arguments)), None)

    def _write(self, count: int) -> Written:
        stand_ins = tuple(range(1, count + 1))
        query_set = self._query_set(*stand_ins)
        compiler = query_set.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        if [str(parameter) for parameter in parameters] != [str(n) for n in stand_ins]:
            raise ValueError(f"The conditions are not the arguments, in their order: {sql}")
        converters = compiler.get_converters([column for column, *_ in compiler.select])
        wants_models = issubclass(query_set._iterable_class, ModelIterable)
        as_model = _model_maker(compiler) if wants_models else None
        written = Written(sql, compiler, converters, as_model)
        if count <= MOST_KEPT:
            self._kept[count] = written
        return written


def _model_maker(compiler: SQLCompiler) -> Callable[[Row], Model]:
    """As ModelIterable does it, with what `select_related` brings along."""
    model: type[Model] = compiler.klass_info["model"]
    places = compiler.klass_info["select_fields"]
    own = slice(places[0], places[-1] + 1)
    names = [column.target.attname for column, *_ in compiler.select[own]]
    populators = get_related_populators(  # type: ignore[call-arg]  # the stubs are of a later Django
        compiler.klass_info, compiler.select, connection.alias
    )

    def made(row: Any) -> Model:
        instance = model.from_db(connection.alias, names, row[own])
        for populator in populators:
            populator.populate(row, instance)
        return instance

    return made
