"""Where a cycle is in its month."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Stage(StrEnum):
    DRAFT = "draft"  # being composed
    ANNOUNCED = "announced"  # published, not open yet
    OPEN = "open"  # members order
    OVER = "over"  # closing time has passed, nothing is bought yet
    BOUGHT = "bought"  # purchase orders are made: reception, preparation, shops
    SETTLED = "settled"


# Nobody has ordered yet: offers follow the catalogue.
BEFORE_OPENING = frozenset({Stage.DRAFT, Stage.ANNOUNCED})


@dataclass(frozen=True)
class Moments:
    opens_at: datetime
    closes_at: datetime
    published_at: datetime | None = None
    bought_at: datetime | None = None
    settled_at: datetime | None = None


def stage_at(moments: Moments, now: datetime) -> Stage:
    """The stage at a moment. Nothing is accepted at the closing minute itself."""
    if moments.settled_at:
        return Stage.SETTLED
    if moments.bought_at:
        return Stage.BOUGHT
    if not moments.published_at:
        return Stage.DRAFT
    if now < moments.opens_at:
        return Stage.ANNOUNCED
    return Stage.OPEN if now < moments.closes_at else Stage.OVER
