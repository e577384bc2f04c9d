"""The lines of a spreadsheet against a catalogue: created, changed, same, refused.

Every line gets one decision, so nothing is lost; and what was applied once is the same afterwards.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from croqualim.catalogue.rules.cells import Problem, Reason, clean_line, clean_text
from croqualim.catalogue.rules.columns import Layout, Sheet
from croqualim.catalogue.rules.entries import Entry, Value
from croqualim.catalogue.rules.guessing import bare_name, finished, understood
from croqualim.catalogue.rules.ofn import ofn_entry
from croqualim.catalogue.rules.own import own_entry
from croqualim.kernel.text import fold

NEEDED = ("name", "price_cents", "unit", "priced_quantity", "step_quantity", "packaging_quantity")
BLANK: Mapping[str, Value] = {
    "sku": "",
    "description": "",
    "packaging_name": "",
    "origin": "",
    "labels": [],
    "allergens": [],
    "is_active": True,
    "season_months": [],
}


DOUBTFUL = "doubtful"  # a way to look at lines, not an outcome: it would create or change


class Outcome(StrEnum):
    CREATE = "create"
    CHANGE = "change"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True)
class Known:
    """A product that the catalogue has."""

    product_id: int
    producer_id: int
    values: Mapping[str, Value]

    @property
    def sku(self) -> str:
        return str(self.values["sku"])

    @property
    def folded_name(self) -> str:
        return fold(str(self.values["name"]))


@dataclass(frozen=True)
class Alike:
    """Called nearly the same, by its producer: likely it, to be looked at."""

    known: Known


Match = Known | Alike | Problem  # a problem: why it cannot be told


@dataclass(frozen=True)
class Decision:
    """`values`: all of a product to create, or what changes; `before`: what the catalogue has.

    `producer_id`: none when the structure is not known yet.
    """

    line: int
    outcome: Outcome
    producer: str
    name: str
    producer_id: int | None = None
    product_id: int | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    before: Mapping[str, Value] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    doubts: tuple[Problem, ...] = ()

    @property
    def writes(self) -> bool:
        return self.outcome in (Outcome.CREATE, Outcome.CHANGE)

    @property
    def adds_producer(self) -> bool:
        return self.outcome is Outcome.CREATE and self.producer_id is None

    @property
    def is_doubtful(self) -> bool:
        """It would write something that was only guessed."""
        return self.writes and bool(self.doubts)


Producers = Mapping[str, Sequence[int]]  # folded name -> the structures that bear it
Key = tuple[str, str, str]  # the producer, and a sku, or else a folded name


def entries_of(sheet: Sheet, known_names: Collection[str] = ()) -> list[Entry]:
    """What each line says. `known_names`: folded names of the catalogue's products."""
    if sheet.layout is Layout.OPEN_FOOD_NETWORK:
        return [ofn_entry(row) for row in sheet.rows]
    lines = [understood(row, sheet.plan, known_names) for row in sheet.rows]
    return [finished(own_entry(line.row), line) for line in lines]


def decide(
    entries: Sequence[Entry], catalogue: Iterable[Known], producers: Producers
) -> list[Decision]:
    """One decision for each line, in the order of the lines."""
    checked = [with_place(entry, producers) for entry in without_repeats(entries)]
    matches = Matching(catalogue).match([e for e in checked if not e.problems], producers)
    return [decision_on(entry, matches.get(entry.line), producers) for entry in checked]


def key_of(entry: Entry) -> Key:
    return (
        fold(entry.producer),
        str(entry.said.get("sku", "")),
        "" if entry.said.get("sku") else fold(str(entry.said.get("name", ""))),
    )


def without_repeats(entries: Iterable[Entry]) -> list[Entry]:
    """The second line about one product is refused, and told which was the first."""
    first_lines: dict[Key, int] = {}
    checked = []
    for entry in entries:
        problems = entry.problems
        if not (entry.said.get("sku") or entry.said.get("name")):
            problems = problems or (Problem(Reason.MISSING, "name"),)
        elif not problems:
            first = first_lines.setdefault(key_of(entry), entry.line)
            if first != entry.line:
                problems = (Problem(Reason.REPEATED, line=first),)
        checked.append(entry if problems is entry.problems else replace(entry, problems=problems))
    return checked


def with_place(entry: Entry, producers: Producers) -> Entry:
    """A producer's name that several structures bear cannot be placed."""
    if not entry.problems and len(producers.get(fold(entry.producer), ())) > 1:
        return replace(
            entry, problems=(Problem(Reason.SEVERAL_PRODUCERS, "producer", entry.producer),)
        )
    return entry


class Matching:
    """Which product of the catalogue each line is about; a product belongs to one line at most.

    First those that agree on the sku, or on the name when neither has a sku. Then what is left: a
    sku given to a product that had none, a line that leaves out the sku of the only one so named.
    Last, the only one that is called so but for its size or a plural.
    """

    def __init__(self, catalogue: Iterable[Known]) -> None:
        self.exact: dict[tuple[int, str, str], Known] = {}
        self.named: dict[tuple[int, str], list[Known]] = {}
        self.nearly: dict[tuple[int, str], list[Known]] = {}
        for known in catalogue:
            name = "" if known.sku else known.folded_name
            self.exact[known.producer_id, known.sku, name] = known
            self.named.setdefault((known.producer_id, known.folded_name), []).append(known)
            bare = bare_name(known.folded_name)
            self.nearly.setdefault((known.producer_id, bare), []).append(known)

    def match(self, entries: Iterable[Entry], producers: Producers) -> dict[int, Match]:
        """Line number -> its product, or why it cannot be told. Other lines are new products."""
        placed = [
            (entry, key_of(entry), ids[0])
            for entry in entries
            if (ids := producers.get(fold(entry.producer), ()))
        ]
        found: dict[int, Match] = {
            entry.line: known
            for entry, (_producer, sku, name), producer_id in placed
            if (known := self.exact.get((producer_id, sku, name)))
        }
        taken = {known.product_id for known in found.values() if isinstance(known, Known)}
        for entry, (_producer, sku, _name), producer_id in placed:
            if entry.line not in found:
                match = self._by_name(entry, sku, producer_id, taken)
                if match:
                    found[entry.line] = match
                if isinstance(match, Known):
                    taken.add(match.product_id)
        for entry, _key, producer_id in placed:
            if entry.line not in found and (known := self._nearly(entry, producer_id, taken)):
                found[entry.line] = Alike(known)
                taken.add(known.product_id)
        return found

    def _nearly(self, entry: Entry, producer_id: int, taken: set[int]) -> Known | None:
        """None when several may be meant, or it is counted otherwise: a new product then."""
        bare = bare_name(str(entry.said.get("name", "")))
        alike = [
            known
            for known in self.nearly.get((producer_id, bare), ())
            if bare
            and known.product_id not in taken
            and not (known.sku and entry.said.get("sku"))
            and entry.said.get("unit", known.values["unit"]) == known.values["unit"]
        ]
        return alike[0] if len(alike) == 1 else None

    def _by_name(
        self, entry: Entry, sku: str, producer_id: int, taken: set[int]
    ) -> Known | Problem | None:
        name = fold(str(entry.said.get("name", "")))
        alike = [
            known
            for known in self.named.get((producer_id, name), ())
            if known.product_id not in taken and bool(known.sku) != bool(sku)
        ]
        if len(alike) > 1:
            return Problem(Reason.SEVERAL_PRODUCTS, "name", str(entry.said["name"]))
        return alike[0] if alike else None


def decision_on(entry: Entry, match: Match | None, producers: Producers) -> Decision:
    """What becomes of a line."""
    producer_id = next(iter(producers.get(fold(entry.producer), ())), None)
    name = str(entry.said.get("name") or entry.said.get("sku") or "")
    base = Decision(
        entry.line, Outcome.REFUSED, entry.producer, name, producer_id, doubts=entry.doubts
    )
    if entry.problems:
        return replace(base, problems=entry.problems)
    if isinstance(match, Problem):
        return replace(base, problems=(match,))
    if isinstance(match, Alike):
        doubt = Problem(Reason.SAME_PRODUCT, "name", name)
        said = {field_: value for field_, value in entry.said.items() if field_ != "name"}
        entry, match = replace(entry, said=said), match.known
        base = replace(base, doubts=(doubt, *entry.doubts))
    return creation(base, entry) if match is None else change(base, entry, match)


def creation(base: Decision, entry: Entry) -> Decision:
    """A new product, if the line says all that it takes."""
    values = {**BLANK, **entry.assumed, **entry.said}
    missing = tuple(Problem(Reason.MISSING, name) for name in NEEDED if name not in values)
    if missing:
        return replace(base, problems=missing)
    return replace(base, outcome=Outcome.CREATE, values=values)


def change(base: Decision, entry: Entry, known: Known) -> Decision:
    """What differs from the product there is. The unit it is counted in never does."""
    name = base.name if "name" in entry.said else str(known.values["name"])
    base = replace(base, product_id=known.product_id, name=name)
    if entry.said.get("unit", known.values["unit"]) != known.values["unit"]:
        return replace(
            base, problems=(Problem(Reason.UNIT_FIXED, "unit", str(known.values["unit"])),)
        )
    if "priced_quantity" in entry.said and "price_cents" not in entry.said:
        return replace(base, problems=(Problem(Reason.MISSING, "price_cents"),))
    after = {
        field_: value
        for field_, value in entry.said.items()
        if differs(field_, value, known.values[field_])
    }
    outcome = Outcome.CHANGE if after else Outcome.SAME
    return replace(base, outcome=outcome, values=after, before=known.values if after else {})


CLEAN: Mapping[str, Callable[[str], str]] = {"description": clean_text}


def differs(field_: str, said: Value, known: Value) -> bool:
    """Spaces and line ends that a spreadsheet does not keep are no difference."""
    if isinstance(said, list) and isinstance(known, list):
        return set(said) != set(known)
    if isinstance(said, str) and isinstance(known, str):
        clean = CLEAN.get(field_, clean_line)
        return clean(said) != clean(known)
    return said != known


def counts(decisions: Iterable[Decision]) -> dict[str, int]:
    """How many lines of each outcome, all four named; and how many of them are doubtful."""
    decided = list(decisions)
    outcomes = Counter(decision.outcome for decision in decided)
    return {
        **{outcome.value: outcomes[outcome] for outcome in Outcome},
        DOUBTFUL: sum(decision.is_doubtful for decision in decided),
    }
