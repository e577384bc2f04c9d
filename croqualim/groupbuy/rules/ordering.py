"""What makes a basket acceptable, and how an order is called aloud."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from croqualim.groupbuy.rules.stages import Stage

Basket = Mapping[int, int]  # offer id -> quantity, in the product's units

# Foods of the region, short, unlike one another on a bad line; a number makes them unique.
WORDS = [
    "ABRICOT",
    "AMANDE",
    "ANIS",
    "ARTICHAUT",
    "ASPERGE",
    "AVOINE",
    "BASILIC",
    "BLETTE",
    "BROCOLI",
    "CAPRE",
    "CARDON",
    "CAROTTE",
    "CASSIS",
    "CELERI",
    "CERISE",
    "CERFEUIL",
    "CHOU",
    "CITRON",
    "CLEMENTINE",
    "COING",
    "COLZA",
    "COURGE",
    "CRESSON",
    "DATTE",
    "ECHALOTE",
    "ENDIVE",
    "EPINARD",
    "ESTRAGON",
    "FENOUIL",
    "FIGUE",
    "FRAISE",
    "FROMENT",
    "GRENADE",
    "HARICOT",
    "KIWI",
    "LAITUE",
    "LAURIER",
    "LENTILLE",
    "MAIS",
    "MELISSE",
    "MELON",
    "MENTHE",
    "MIEL",
    "MILLET",
    "MUSCAT",
    "NAVET",
    "NECTARINE",
    "NOISETTE",
    "OIGNON",
    "OLIVE",
    "ORANGE",
    "ORIGAN",
    "OSEILLE",
    "PANAIS",
    "PASTEQUE",
    "PATATE",
    "PECHE",
    "PERSIL",
    "PIGNON",
    "PIMENT",
    "PISTACHE",
    "POIRE",
    "POIVRON",
    "POMME",
    "PRUNE",
    "RADIS",
    "RAISIN",
    "RIZ",
    "ROMARIN",
    "ROQUETTE",
    "SAFRAN",
    "SALADE",
    "SARRIETTE",
    "SAUGE",
    "SEIGLE",
    "SESAME",
    "TAPENADE",
    "THYM",
    "TILLEUL",
    "TOMATE",
    "TOURNESOL",
    "VERVEINE",
]


# More than a household eats: a slip of the finger, or something to talk about first.
MOST_STEPS = 200


@dataclass(frozen=True)
class Offered:
    """What there is to order of one offer. `left` counts what this order already holds as free."""

    step_quantity: int
    left: int | None  # None: as much as wanted
    is_withdrawn: bool = False

    @property
    def most(self) -> int:
        """The most of it that one order may hold."""
        return MOST_STEPS * self.step_quantity

    @property
    def is_scarce(self) -> bool:
        """Worth saying how much is left."""
        return self.left is not None and self.left < 20 * self.step_quantity

    def is_gone_for(self, quantity: int) -> bool:
        """Withdrawn, and her order holds less than that: she may keep, not add."""
        return self.is_withdrawn and quantity > (self.left or 0)

    def has_room_above(self, quantity: int) -> bool:
        """Whether one step more may be asked for."""
        return self.left is None or quantity + self.step_quantity <= self.left


class Reason(StrEnum):
    NOT_OPEN = "not open"
    BASKET_EMPTY = "basket empty"
    NOT_OFFERED = "not offered"
    NOT_A_STEP = "not a step"
    TOO_MUCH = "too much"
    NOT_ENOUGH_LEFT = "not enough left"
    ENVELOPE_SHORT = "envelope short"
    NO_STOP = "no stop"  # the van stops at several places: none was chosen
    STOP_GONE = "stop gone"  # it does not stop there, or not any more


@dataclass(frozen=True)
class Problem:
    reason: Reason
    offer_id: int | None = None
    left: int | None = None  # for NOT_ENOUGH_LEFT: how much there is


def problems_with(basket: Basket, offers: Mapping[int, Offered], *, stage: Stage) -> list[Problem]:
    """Every reason why this basket cannot become an order; none when it can."""
    if stage is not Stage.OPEN:
        return [Problem(Reason.NOT_OPEN)]
    if not any(basket.values()):
        return [Problem(Reason.BASKET_EMPTY)]
    found = (_problem_with(offer_id, asked, offers) for offer_id, asked in basket.items() if asked)
    return [problem for problem in found if problem]


def _problem_with(offer_id: int, asked: int, offers: Mapping[int, Offered]) -> Problem | None:
    offer = offers.get(offer_id)
    if offer is None or offer.is_gone_for(asked):
        return Problem(Reason.NOT_OFFERED, offer_id)
    if asked < 0 or asked % offer.step_quantity:
        return Problem(Reason.NOT_A_STEP, offer_id)
    if asked > offer.most:
        return Problem(Reason.TOO_MUCH, offer_id)
    if offer.left is not None and asked > offer.left:
        return Problem(Reason.NOT_ENOUGH_LEFT, offer_id, max(offer.left, 0))
    return None


def extras_of(wanted: Basket, extras: Basket) -> Basket:
    """As much more as was said, of what is wanted at all."""
    return {offer_id: extra for offer_id, extra in extras.items() if extra and offer_id in wanted}


def problems_with_extras(extras: Basket, offers: Mapping[int, Offered]) -> list[Problem]:
    """Why nobody could take so much more; how much is left does not count: nothing is promised."""
    limitless = {pk: Offered(offer.step_quantity, left=None) for pk, offer in offers.items()}
    found = (_problem_with(offer_id, extra, limitless) for offer_id, extra in extras.items())
    return [problem for problem in found if problem]


def stepped(quantity: int, offer: Offered, steps: int) -> int:
    """The quantity after pressing + or − so many times: on a step, from 0 to what is left."""
    wanted = (quantity // offer.step_quantity + steps) * offer.step_quantity
    if offer.left is not None:
        wanted = min(wanted, offer.left // offer.step_quantity * offer.step_quantity)
    return max(min(wanted, offer.most), 0)


def next_step(quantity: int, step_quantity: int) -> int:
    """The nearest quantity at or above that is whole steps."""
    return -(-quantity // step_quantity) * step_quantity


def references(member_number: int, cycle_id: int) -> Iterator[str]:
    """RADIS-42, THYM-17, …: an endless, well-mixed run of names; the caller takes the first free.

    Steps through word × number by strides coprime with their count, so that members of one cycle
    begin at different names and neighbours do not sound alike. Past the 5,670th member numbers
    have a third figure.
    """
    count = len(WORDS) * 90
    hundred, _ = divmod(member_number, count)
    place = (member_number * 4007 + cycle_id * 1009) % count
    while True:
        yield f"{WORDS[place % len(WORDS)]}-{10 + 90 * hundred + place // len(WORDS)}"
        place = (place + 4211) % count
        if place == (member_number * 4007 + cycle_id * 1009) % count:
            hundred += 1  # all were tried
