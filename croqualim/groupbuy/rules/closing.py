"""What is bought of a product once everybody has ordered: the warehouse first, whole packagings.

What does not fill the last packaging goes by the product's rounding (`solvers.rounding`); see
docs/sacks.md for why, and for what other software does.

- Nobody gets more than she asked and said she would take, nor a part of a step.
- Less than was asked is shared by an equal ceiling (`solvers.sharing.equal_ceiling`): who asks no
  more than an equal part has all of it, and a neighbour who asks for more than she gets takes
  nothing from anybody.
- Volunteers take more only if together they complete the packaging; else nobody does.
- What is bought and what the warehouse gives is what people get and what the warehouse keeps.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from croqualim.solvers.rounding import Rounding, whole
from croqualim.solvers.sharing import equal_ceiling


class Wish(NamedTuple):
    """A line of an order, in base units. Sequences of them go by who ordered first. A tuple, for
    there may be a hundred thousand."""

    line_id: int
    quantity: int
    extra: int = 0  # as much more, if that completes a packaging


@dataclass(frozen=True)
class Choice:
    """How a product is rounded; or how many packagings somebody wants of it, whatever the rule."""

    rounding: Rounding = Rounding.UP
    packages: int | None = None


@dataclass(frozen=True)
class Purchase:
    """Of one product, in its base units."""

    ordered: int
    from_stock: int  # what the warehouse gives
    packages: int  # what the producer is asked for …
    quantity: int  # … packages × packaging
    given: int  # what the orders get in all

    @property
    def needed(self) -> int:
        """What the orders get beyond what the warehouse gives."""
        return self.given - self.from_stock

    @property
    def extra(self) -> int:
        """What is left for the warehouse."""
        return self.quantity - self.needed

    @property
    def lacking(self) -> int:
        """What was asked and nobody gets."""
        return max(0, self.ordered - self.given)

    @property
    def taken_more(self) -> int:
        """What volunteers take beyond what they asked."""
        return max(0, self.given - self.ordered)


@dataclass(frozen=True)
class Decision:
    purchase: Purchase
    changes: dict[int, int] = field(default_factory=dict)  # line id -> what it gets, where changed


def plan(ordered: int, available: int, packaging: int) -> Purchase:
    """Serve `ordered` from what is `available`, then by the fewest whole packagings.

    All in base units. Raises ValueError for a packaging that is not positive or for negative
    quantities.
    """
    if packaging <= 0 or ordered < 0 or available < 0:
        raise ValueError("quantities are not negative and a packaging holds something")
    from_stock = min(ordered, available)
    packages = whole(ordered - from_stock, packaging, Rounding.UP)
    return Purchase(ordered, from_stock, packages, packages * packaging, given=ordered)


def needs_lines(up: Purchase, choice: Choice) -> bool:
    """Whether `decide` may look at who asked what: not where everybody gets what she asked."""
    if choice.packages is not None:
        return choice.packages < up.packages
    return choice.rounding is not Rounding.UP and up.extra > 0


def decide(
    up: Purchase, wishes: Sequence[Wish], *, packaging: int, step: int, choice: Choice
) -> Decision:
    """What is bought, and who gets more or less than she asked. `up` is what `plan` says.

    Where `needs_lines`, `wishes` are all that was ordered. Raises ValueError when they are not, or
    for more packagings than what is needed begins.
    """
    packages = choice.packages
    if packages is None:
        packages = whole(up.ordered - up.from_stock, packaging, choice.rounding)
    if not 0 <= packages <= up.packages:
        raise ValueError("more packagings than anybody asked for")
    if packages < up.packages:
        return _shared(up, wishes, packages, packaging, step)
    if choice.rounding is Rounding.VOLUNTEERS and choice.packages is None:
        return _completed(up, wishes, step)
    return Decision(up)


def _shared(
    up: Purchase, wishes: Sequence[Wish], packages: int, packaging: int, step: int
) -> Decision:
    """Fewer packagings: an equal ceiling for all, and none of which nobody would get a step."""
    if sum(wish.quantity for wish in wishes) != up.ordered:
        raise ValueError("not all that was ordered")
    there = up.from_stock + packages * packaging
    shares = equal_ceiling([wish.quantity for wish in wishes], there, step)
    given = sum(shares)
    packages = min(packages, whole(max(given - up.from_stock, 0), packaging, Rounding.UP))
    purchase = Purchase(
        ordered=up.ordered,
        from_stock=min(up.from_stock, max(given - packages * packaging, 0)),
        packages=packages,
        quantity=packages * packaging,
        given=given,
    )
    return Decision(purchase, _changed(wishes, shares))


def _completed(up: Purchase, wishes: Sequence[Wish], step: int) -> Decision:
    """The rounded up packagings, completed by volunteers when all of them together can."""
    missing = up.extra // step * step
    if not missing or sum(wish.extra for wish in wishes) < missing:
        return Decision(up)
    more = equal_ceiling([wish.extra for wish in wishes], missing, step)
    shares = [wish.quantity + taken for wish, taken in zip(wishes, more, strict=True)]
    purchase = Purchase(up.ordered, up.from_stock, up.packages, up.quantity, given=sum(shares))
    return Decision(purchase, _changed(wishes, shares))


def _changed(wishes: Sequence[Wish], shares: Sequence[int]) -> dict[int, int]:
    return {
        wish.line_id: share
        for wish, share in zip(wishes, shares, strict=True)
        if share != wish.quantity
    }


def seal(decisions: Iterable[tuple[int, Decision]]) -> str:
    """A short text that changes with anything decided (by offer id): what somebody has read."""
    digest = sha256()
    for offer_id, decision in sorted(decisions, key=lambda pair: pair[0]):
        changes = sorted(decision.changes.items())
        digest.update(repr((offer_id, decision.purchase, changes)).encode())
    return digest.hexdigest()[:32]


def stock_key(cycle_id: int, product_id: int) -> str:
    """The reservation that holds, in the warehouse, what a cycle's orders will take."""
    return f"cycle:{cycle_id}:product:{product_id}"


# A member is told that little is missing up to this part of a packaging: a fifth.
LITTLE = 5


def is_nearly_full(up: Purchase, *, packaging: int, step: int) -> bool:
    """Whether to say to all that a packaging lacks little: one that is begun, shared by steps, and
    that lacks a step at least and a fifth of what it holds at most."""
    return bool(up.packages) and step <= up.extra <= packaging // LITTLE
