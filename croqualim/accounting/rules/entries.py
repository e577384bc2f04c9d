"""Transfers -> entries that balance. Amounts in cents, days as Paris counts them.

What concerns households is one entry per kind of movement, of as many days as it takes for five
of them, without any reference to an order: beside what her food cost, what somebody paid would
tell her share.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from croqualim.accounting.rules.headings import SALES, Heading, Journal, journal_of, pairs_of
from croqualim.groupbuy.rules.discretion import IMPERSONAL, OF_ENVELOPES, gather
from croqualim.groupbuy.rules.settlement import settled_cycle

# movements whose reference names a paper or a month, never a household
SAID_ALONE = {
    "delivery": "Livraison",
    "delivery_damaged": "Abîmé à la livraison",
    "weighing": "Écart de pesée",
    "payment": "Paiement",
    "deposit": "Dépôt en banque",
    "change": "Fonds de caisse",
    "margin": "Résultat du mois",
    "top_up": "Enveloppe reçue",
    "working_fund": "Apport",
    "till_difference": "Écart de caisse",
    "write_off": "Pertes",
}
GATHERED = {
    "collection": "Coût des paniers emportés",
    "free_sale": "Coût de la vente libre",
    "till_order": "Paniers payés",
    "till_membership": "Adhésions payées",
    "till_top_up": "Comptes prépayés rechargés",
    "till_free_sale": "Vente libre payée",
    "till_containers": "Consignes payées",
    "containers_back": "Consignes rendues",
    "refund": "Paniers remboursés",
    "taken_back": "Coût de ce qui est rapporté",
    "pay_back": "Rendu aux adhérents",
    "subsidy": "Enveloppe, prix réduits et parts solidaires",
    "solidarity": "Enveloppe, prix réduits et parts solidaires",
    "subsidy_back": "Enveloppe, prix réduits et parts solidaires",
    "solidarity_back": "Enveloppe, prix réduits et parts solidaires",
}


@dataclass(frozen=True)
class Party:
    """A producer or an envelope: an auxiliary account. Nobody else has one."""

    code: str = ""
    name: str = ""


NOBODY = Party()


@dataclass(frozen=True)
class Movement:
    """A transfer, as the accountant needs it. `is_back`: it reverses another one; `households`:
    who made its amount up, never said."""

    transfer_id: int
    day: date
    from_kind: str
    to_kind: str
    kind: str
    reference: str
    amount_cents: int
    from_party: Party = NOBODY
    to_party: Party = NOBODY
    is_back: bool = False
    households: frozenset[Hashable] = frozenset()


@dataclass(frozen=True)
class Line:
    heading: Heading
    party: Party
    debit_cents: int
    credit_cents: int


@dataclass(frozen=True)
class Entry:
    day: date
    journal: Journal
    piece: str
    label: str
    lines: tuple[Line, ...]
    transfer_ids: tuple[int, ...]


def entries_of(movements: Iterable[Movement]) -> list[Entry]:
    """Each movement in one entry and one alone, in the order of the days.

    Left out: what debits and credits one account, and what still waits for other households.
    """
    alone: list[list[Movement]] = []
    gathered: defaultdict[tuple[object, ...], list[Movement]] = defaultdict(list)
    for movement in movements:
        if _is_void(movement):
            continue
        if movement.kind in IMPERSONAL:
            alone.append([movement])
        else:
            gathered[_key(movement)].append(movement)
    runs = [run for group in gathered.values() for run in _runs(group)]
    return sorted(
        map(_entry, [*alone, *runs]), key=lambda entry: (entry.day, max(entry.transfer_ids))
    )


def _is_void(movement: Movement) -> bool:
    return all(
        debit == credit and _party(debit, movement) == NOBODY
        for debit, credit in pairs_of(movement.from_kind, movement.to_kind, movement.kind)
    )


def _runs(group: Sequence[Movement]) -> Iterator[list[Movement]]:
    """Whole days that follow one another, until enough households stand behind each kind."""
    days: dict[date, list[Movement]] = {}
    for movement in group:
        days.setdefault(movement.day, []).append(movement)
    runs, _waiting = gather((of_day, _who(of_day)) for of_day in days.values())
    return ([movement for of_day in run for movement in of_day] for run in runs)


def _who(movements: Iterable[Movement]) -> dict[Hashable, frozenset[Hashable]]:
    who: dict[Hashable, frozenset[Hashable]] = {}
    for movement in movements:
        who[movement.kind] = who.get(movement.kind, frozenset()) | movement.households
    return who


def _key(movement: Movement) -> tuple[object, ...]:
    if movement.kind in OF_ENVELOPES:
        party = _party(Heading.ENVELOPES, movement)
        return ("envelope", party)
    return (
        movement.from_kind,
        movement.to_kind,
        movement.kind,
        movement.is_back,
        movement.from_party,
        movement.to_party,
    )


def _entry(run: list[Movement]) -> Entry:
    last = run[-1]
    return Entry(
        day=last.day,
        journal=journal_of(last.from_kind, last.to_kind),
        piece=_piece(last),
        label=_label(run),
        lines=tuple(_lines(run)),
        transfer_ids=tuple(movement.transfer_id for movement in run),
    )


def _lines(run: Iterable[Movement]) -> Iterator[Line]:
    """What goes the same way is one amount."""
    amounts: Counter[tuple[Heading, Party, Heading, Party]] = Counter()
    for movement in run:
        for debit, credit in pairs_of(movement.from_kind, movement.to_kind, movement.kind):
            way = (debit, _party(debit, movement), credit, _party(credit, movement))
            amounts[way] += movement.amount_cents
    for (debit, debited, credit, credited), cents in amounts.items():
        yield Line(debit, debited, cents, 0)
        yield Line(credit, credited, 0, cents)


AUXILIARY: Mapping[Heading, str] = {
    Heading.PRODUCERS: "producer",
    Heading.ENVELOPES: "envelope",
}


def _party(heading: Heading, movement: Movement) -> Party:
    """Purchases face a producer too, but only what is owed to her bears her name."""
    kind = AUXILIARY.get(heading)
    if kind is None:
        return NOBODY
    return movement.from_party if movement.from_kind == kind else movement.to_party


def month_piece(cycle_id: int) -> str:
    """How a month's settlement is called on paper."""
    return f"MOIS-{cycle_id}"


def _piece(movement: Movement) -> str:
    if movement.kind not in IMPERSONAL:
        return f"JOUR-{movement.day:%Y%m%d}"
    if cycle_id := settled_cycle(movement.reference):
        return month_piece(cycle_id)
    return movement.reference or f"MVT-{movement.transfer_id}"


def _label(run: Sequence[Movement]) -> str:
    first, last = run[0], run[-1]
    back = "Annulation : " if first.is_back else ""
    if said := SAID_ALONE.get(last.kind):
        party = last.to_party.name or last.from_party.name
        piece = _piece(last)
        words = [said, piece, party if party != piece else ""]
        return back + " ".join(" ".join(words).split())
    if last.kind in OF_ENVELOPES:
        back = ""  # there and back in one
    said = GATHERED.get(last.kind, "Mouvements des foyers")
    if last.kind == "till_order" and (last.from_kind == SALES) is not last.is_back:
        said = GATHERED["refund"]
    days = "" if first.day == last.day else f", du {first.day:%d/%m} au {last.day:%d/%m}"
    return f"{back}{said}{days}"
