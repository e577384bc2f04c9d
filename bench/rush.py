"""Everybody orders at once, over HTTP, on the production server; then the books are read."""

from collections.abc import Iterator
from itertools import islice

from django.db import connection
from django.urls import reverse

from bench import bare
from bench.driver import Drive, Request, drive
from bench.server import serving
from bench.town import LINES, Town, build
from bench.truth import broken_promises

NOTED, REFUSED = 302, 200
WARMING = 40
IN_FLIGHT = 16  # enough to keep the server busy; more only wait
PAUSE_SECONDS = 2.0  # between two pages, of somebody in a hurry
DOUBLE_EVERY = 50  # one household in so many presses twice


def measure(*, orders: int, people: int, workers: int, threads: int) -> list[str]:
    """Print the figures; say which promises were broken."""
    in_crowd = min(orders // 2, 2 * people)
    town = build(WARMING + orders + in_crowd)
    bare_per_second = bare.orders_per_second(max(orders // 4, 200), LINES)
    sessions = iter(town.sessions)
    warming, rushing, calm = (
        list(islice(sessions, count)) for count in (WARMING, orders, in_crowd)
    )
    with serving(workers, threads) as port:
        first = drive(port, _confirmations(town, warming), people=4)
        empty = drive(port, _nothings(rushing[:5000]), people=IN_FLIGHT)
        rush = drive(port, _confirmations(town, rushing), people=IN_FLIGHT)
        crowd = drive(port, _journeys(town, calm), people=people, thinking=PAUSE_SECONDS)
    print(f"\n{connection.vendor}, {workers} processes × {threads} threads, {orders} orders")
    _say(f"an order of {LINES} lines, {IN_FLIGHT} at once", rush)
    _say("an empty signed-in POST", empty)
    _say(f"{people} people at once, a page each {PAUSE_SECONDS:.0f} s", crowd)
    print(f"{'the same rows in bare SQL, one connection':46} {bare_per_second:7.0f}/s")
    print(f"{'order / empty POST':46} {rush.per_second / empty.per_second:7.2f}")
    print(f"{'order / bare SQL':46} {rush.per_second / bare_per_second:7.3f}")
    return list(_broken(town, first, rush, crowd))


def _say(what: str, done: Drive) -> None:
    p50, p95, p99 = (done.at_most(share) for share in (50, 95, 99))
    print(f"{what:46} {done.per_second:7.0f}/s   p50 {p50:.0f}  p95 {p95:.0f}  p99 {p99:.0f} ms")


def _nothings(sessions: list[str]) -> Iterator[list[Request]]:
    yield from ([Request(session, "POST", "/mesure/rien/")] for session in sessions)


def _confirmations(town: Town, sessions: list[str]) -> Iterator[list[Request]]:
    path = reverse("groupbuy:check_answers", args=[town.popup.pk])
    for n, session in enumerate(sessions):
        yield [Request(session, "POST", path)]
        if n % DOUBLE_EVERY == 0:
            yield [Request(session, "POST", path)]  # by another connection, at the same moment


def _journeys(town: Town, sessions: list[str]) -> Iterator[list[Request]]:
    """Look at the shelves, look at what was chosen, order."""
    choose = reverse("groupbuy:choose", args=[town.popup.pk])
    check = reverse("groupbuy:check_answers", args=[town.popup.pk])
    for session in sessions:
        yield [
            Request(session, "GET", choose),
            Request(session, "GET", check),
            Request(session, "POST", check),
        ]


def _broken(town: Town, *drives: Drive) -> Iterator[str]:
    told: dict[str, set[int]] = {}
    for answer in (answer for done in drives for answer in done.answers):
        if answer.request.method == "POST":
            told.setdefault(answer.request.session, set()).add(answer.status)
        elif answer.status != REFUSED:
            yield f"{answer.request.path} answered {answer.status}"
    noted = sum(statuses == {NOTED} for statuses in told.values())
    refused = sum(statuses == {REFUSED} for statuses in told.values())
    if noted + refused != len(told):
        yield f"{len(told) - noted - refused} households were told something else"
    if noted < refused:
        yield "hardly anybody could order: nothing was measured"
    print(f"{noted} households told that their order is noted, {refused} that something is short")
    yield from broken_promises(town.popup.cycle, ordered=noted, refused=refused)
