"""Entries and decisions, to and from the JSON that keeps a spreadsheet between two pages."""

from typing import Any

from croqualim.catalogue.rules.cells import Problem, Reason
from croqualim.catalogue.rules.columns import Plan, PriceBasis
from croqualim.catalogue.rules.deciding import Decision, Outcome
from croqualim.catalogue.rules.entries import Entry

Json = dict[str, Any]


def to_json(thing: Entry | Decision) -> Json:
    return {
        **vars(thing),
        "problems": [{**vars(problem)} for problem in thing.problems],
        "doubts": [{**vars(doubt)} for doubt in thing.doubts],
    }


def entry_from(stored: Json) -> Entry:
    return Entry(**{**stored, **problems_from(stored)})


def decision_from(stored: Json) -> Decision:
    outcome = Outcome(stored["outcome"])
    return Decision(**{**stored, "outcome": outcome, **problems_from(stored)})


def plan_to_json(plan: Plan) -> Json:
    return {**vars(plan), "places": dict(plan.places)}


def plan_from(stored: Json) -> Plan:
    return Plan(**{**stored, "basis": PriceBasis(stored["basis"])})


def problems_from(stored: Json) -> dict[str, tuple[Problem, ...]]:
    """Problems and doubts. What was stored before doubts existed has none."""
    return {
        name: tuple(
            Problem(**{**problem, "reason": Reason(problem["reason"])})
            for problem in stored.get(name, ())
        )
        for name in ("problems", "doubts")
    }
