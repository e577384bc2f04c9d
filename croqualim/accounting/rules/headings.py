"""What an amount is, for an accountant, and the account where she finds it.

The ledger's sign already is the accountant's: a transfer debits the account it leaves and credits
the one it reaches (docs/decisions/0005: a balance is what came in, a claim, less what went out).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

GOODS, PRODUCER, SALES, ENVELOPE = "goods", "producer", "sales", "envelope"
INCOME, LOSS, BANK, CASH = "income", "loss", "bank", "cash"


class Heading(StrEnum):
    PRODUCERS = "producers"
    PURCHASES = "purchases"
    STOCK = "stock"
    STOCK_CHANGE = "stock change"
    SALES = "sales"
    SUBSIDIES = "subsidies"
    ENVELOPES = "envelopes"
    PREPAID = "prepaid"
    CONTAINERS = "containers"
    MEMBERSHIPS = "memberships"
    INCOME = "income"
    LOSS = "loss"
    BANK = "bank"
    CASH = "cash"
    CHEQUES = "cheques"
    SUSPENSE = "suspense"


# Plan comptable général (règlement ANC 2014-03 and 2018-06 for associations): number and words
DEFAULTS: Mapping[Heading, tuple[str, str]] = {
    Heading.PRODUCERS: ("401000", "Fournisseurs"),
    Heading.PURCHASES: ("607000", "Achats de marchandises"),
    Heading.STOCK: ("370000", "Stocks de marchandises"),
    Heading.STOCK_CHANGE: ("603700", "Variation des stocks de marchandises"),
    Heading.SALES: ("707000", "Ventes de marchandises"),
    Heading.SUBSIDIES: ("740000", "Subventions d’exploitation"),
    Heading.ENVELOPES: ("467000", "Enveloppes des financeurs"),
    Heading.PREPAID: ("419100", "Avances reçues des adhérents"),
    Heading.CONTAINERS: ("419600", "Dettes sur emballages et matériels consignés"),
    Heading.MEMBERSHIPS: ("756000", "Cotisations"),
    Heading.INCOME: ("758000", "Produits divers de gestion courante"),
    Heading.LOSS: ("658000", "Charges diverses de gestion courante"),
    Heading.BANK: ("512000", "Banque"),
    Heading.CASH: ("530000", "Caisse"),
    Heading.CHEQUES: ("511200", "Chèques à encaisser"),
    Heading.SUSPENSE: ("471000", "Compte d’attente"),
}
OF_KIND: Mapping[str, Heading] = {
    PRODUCER: Heading.PRODUCERS,
    GOODS: Heading.STOCK,
    SALES: Heading.SALES,
    ENVELOPE: Heading.ENVELOPES,
    "prepaid": Heading.PREPAID,
    "deposits": Heading.CONTAINERS,
    "differences": Heading.LOSS,
    INCOME: Heading.INCOME,
    LOSS: Heading.LOSS,
    BANK: Heading.BANK,
    CASH: Heading.CASH,
    "cheques": Heading.CHEQUES,
}


@dataclass(frozen=True)
class Journal:
    code: str
    label: str


PURCHASES_JOURNAL = Journal("AC", "Achats")
SALES_JOURNAL = Journal("VE", "Ventes")
BANK_JOURNAL = Journal("BQ", "Banque")
CASH_JOURNAL = Journal("CA", "Caisse")
OTHER_JOURNAL = Journal("OD", "Opérations diverses")


def pairs_of(from_kind: str, to_kind: str, kind: str) -> list[tuple[Heading, Heading]]:
    """What a transfer debits and credits. One pair, but for a delivery, which is a purchase and
    goods that come in: purchases stand in 607 and stock moves by 6037, whatever is left of it."""
    if {from_kind, to_kind} == {GOODS, PRODUCER}:
        bought = [
            (Heading.PURCHASES, Heading.PRODUCERS),
            (Heading.STOCK, Heading.STOCK_CHANGE),
        ]
        if to_kind == PRODUCER:
            return bought
        return [(credit, debit) for debit, credit in bought]
    return [(_side(from_kind, to_kind, kind), _side(to_kind, from_kind, kind))]


def _side(kind_of_account: str, facing: str, kind: str) -> Heading:
    if kind_of_account in (SALES, LOSS) and (facing == GOODS or kind == "collection"):
        return Heading.STOCK_CHANGE  # what was taken or lost had a cost
    if kind == "margin":
        return Heading.SALES  # a month's account is emptied into the collective's: no new income
    if kind_of_account == SALES and kind.startswith("subsidy"):
        return Heading.SUBSIDIES
    if kind_of_account == INCOME and "membership" in kind:
        return Heading.MEMBERSHIPS
    return OF_KIND.get(kind_of_account, Heading.SUSPENSE)


def journal_of(from_kind: str, to_kind: str) -> Journal:
    kinds = {from_kind, to_kind}
    if kinds == {GOODS, PRODUCER}:
        return PURCHASES_JOURNAL
    for kind, journal in (
        (BANK, BANK_JOURNAL),
        (CASH, CASH_JOURNAL),
        ("cheques", CASH_JOURNAL),
        (SALES, SALES_JOURNAL),
    ):
        if kind in kinds:
            return journal
    return OTHER_JOURNAL
