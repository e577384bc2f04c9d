"""A cycle's month as the coordinator walks it: what is done, and the one thing to do now."""

from dataclasses import dataclass
from enum import StrEnum

from croqualim.groupbuy.rules.stages import Stage


class Step(StrEnum):
    """In the order of the month."""

    OFFERS = "offers"
    PUBLISH = "publish"
    WAIT_FOR_OPENING = "wait for opening"
    WAIT_FOR_CLOSING = "wait for closing"
    CLOSE = "close"
    SEND = "send"
    RECEIVE = "receive"
    PREPARE = "prepare"
    SHOP = "shop"
    SETTLE = "settle"
    NOTHING = "nothing"


class Milestone(StrEnum):
    COMPOSED = "composed"
    ORDERED = "ordered"
    BOUGHT = "bought"
    RECEIVED = "received"
    PREPARED = "prepared"
    HANDED_OUT = "handed out"
    SETTLED = "settled"


class State(StrEnum):
    DONE = "done"
    NOW = "now"
    LATER = "later"


@dataclass(frozen=True)
class Progress:
    """How many there are of each thing, and how many of them are done.

    What was received counts as sent, and a closed shop as prepared: some things are done aloud.
    """

    stage: Stage
    offers: int = 0
    purchase_orders: int = 0
    sent: int = 0
    received: int = 0
    shops: int = 0
    prepared: int = 0
    closed: int = 0


MILESTONE_OF = {
    Step.OFFERS: Milestone.COMPOSED,
    Step.PUBLISH: Milestone.COMPOSED,
    Step.WAIT_FOR_OPENING: Milestone.ORDERED,
    Step.WAIT_FOR_CLOSING: Milestone.ORDERED,
    Step.CLOSE: Milestone.BOUGHT,
    Step.SEND: Milestone.BOUGHT,
    Step.RECEIVE: Milestone.RECEIVED,
    Step.PREPARE: Milestone.PREPARED,
    Step.SHOP: Milestone.HANDED_OUT,
    Step.SETTLE: Milestone.SETTLED,
}
BY_THE_CLOCK = {
    Stage.ANNOUNCED: Step.WAIT_FOR_OPENING,
    Stage.OPEN: Step.WAIT_FOR_CLOSING,
    Stage.OVER: Step.CLOSE,
    Stage.SETTLED: Step.NOTHING,
}


def next_step(progress: Progress) -> Step:
    """The one thing to do now. Goods can wait for each other, so the least advanced one counts."""
    if progress.stage is Stage.DRAFT:
        return Step.PUBLISH if progress.offers else Step.OFFERS
    if progress.stage in BY_THE_CLOCK:
        return BY_THE_CLOCK[progress.stage]
    waiting = (
        (Step.SEND, progress.purchase_orders - progress.sent),
        (Step.RECEIVE, progress.purchase_orders - progress.received),
        (Step.PREPARE, progress.shops - progress.prepared),
        (Step.SHOP, progress.shops - progress.closed),
    )
    return next((step for step, left in waiting if left > 0), Step.SETTLE)


def milestones(progress: Progress) -> list[tuple[Milestone, State]]:
    """The month drawn: each milestone, done, now or later."""
    step = next_step(progress)
    if step is Step.NOTHING:
        return [(milestone, State.DONE) for milestone in Milestone]
    places = list(Milestone)
    here = places.index(MILESTONE_OF[step])
    return [(milestone, _state(place - here)) for place, milestone in enumerate(places)]


def _state(distance: int) -> State:
    if distance < 0:
        return State.DONE
    return State.LATER if distance else State.NOW
