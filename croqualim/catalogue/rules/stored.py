"""Entries and decisions, to and from the JSON that keeps a spreadsheet between two pages."""

from typing import Any

from croqualim.catalogue.rules.cells import Problem, Reason
from croqualim.catalogue.rules.deciding import Decision, Outcome
from croqualim.catalogue.rules.entries import Entry

Json = dict[str, Any]


def to_json(thing: Entry | Decision) -> Json:
    return {**vars(thing), "problems": [{**vars(problem)} for problem in thing.problems]}


def entry_from(stored: Json) -> Entry:
    return Entry(**{**stored, "problems": problems_from(stored)})


def decision_from(stored: Json) -> Decision:
    outcome = Outcome(stored["outcome"])
    return Decision(**{**stored, "outcome": outcome, "problems": problems_from(stored)})


def problems_from(stored: Json) -> tuple[Problem, ...]:
    return tuple(
        Problem(**{**problem, "reason": Reason(problem["reason"])})
        for problem in stored["problems"]
    )
