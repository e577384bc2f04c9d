"""Transfers -> entries that balance. Amounts in cents, days as Paris counts them.

What concerns households is one entry a day and per kind of movement, without any reference to an
order: beside what her food cost, what somebody paid would tell her share.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from croqualim.accounting.rules.headings import Heading, Journal, journal_of, pairs_of
from croqualim.groupbuy.rules.settlement import FEW, settled_cycle

# movements whose reference names a paper or a month, never a household
IMPERSONAL = {
    "delivery": "Livraison",
    "payment": "Paiement",
    "subsidy": "Versé par une enveloppe",
    "solidarity": "Donné à une enveloppe",
    "deposit": "Dépôt en banque",
    "change": "Fonds de caisse",
    "margin": "Résultat du mois",
    "top_up": "Enveloppe reçue",
    "working_fund": "Apport",
    "till_difference": "Écart de caisse",
    "write_off": "Pertes",
}
GROUPED = {
    "collection": "Coût des paniers emportés",
    "free_sale": "Coût de la vente libre",
    "till_order": "Paniers payés",
    "till_membership": "Adhésions payées",
    "till_top_up": "Comptes prépayés rechargés",
    "till_free_sale": "Vente libre payée",
    "taken_back": "Coût de ce qui est rapporté",
    "pay_back": "Rendu aux adhérents",
    "subsidy_back": "Rendu aux enveloppes",
    "solidarity_back": "Repris aux enveloppes",
}


@dataclass(frozen=True)
class Party:
    """A producer or an envelope: an auxiliary account. Nobody else has one."""

    code: str = ""
    name: str = ""


NOBODY = Party()


@dataclass(frozen=True)
class Movement:
    """A transfer, as the accountant needs it. `is_back`: it reverses another one."""

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
    """Each movement in one entry and one alone, in the order of the days."""
    groups: dict[tuple[object, ...], list[Movement]] = {}
    for movement in movements:
        groups.setdefault(_key(movement), []).append(movement)
    return sorted(
        (_entry(group) for group in groups.values()),
        key=lambda entry: (entry.day, entry.transfer_ids[0]),
    )


def _key(movement: Movement) -> tuple[object, ...]:
    if movement.kind in IMPERSONAL:
        return (movement.transfer_id,)
    return (
        movement.day,
        movement.from_kind,
        movement.to_kind,
        movement.kind,
        movement.is_back,
    )


def _entry(group: list[Movement]) -> Entry:
    first = group[0]
    amount = sum(movement.amount_cents for movement in group)
    lines = [
        line
        for debit, credit in pairs_of(first.from_kind, first.to_kind, first.kind)
        for line in (
            Line(debit, _party(debit, first), amount, 0),
            Line(credit, _party(credit, first), 0, amount),
        )
    ]
    return Entry(
        day=first.day,
        journal=journal_of(first.from_kind, first.to_kind),
        piece=_piece(first),
        label=_label(first, len(group)),
        lines=tuple(lines),
        transfer_ids=tuple(movement.transfer_id for movement in group),
    )


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


def _label(movement: Movement, count: int) -> str:
    back = "Annulation : " if movement.is_back else ""
    if said := IMPERSONAL.get(movement.kind):
        party = movement.to_party.name or movement.from_party.name
        return " ".join(f"{back}{said} {_piece(movement)} {party}".split())
    said = GROUPED.get(movement.kind, "Mouvements des foyers")
    return f"{back}{said} ({count if count >= FEW else f'moins de {FEW}'})"
