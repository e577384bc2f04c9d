"""The cash of a shop's box: what it began with, what came and went, what goes to the bank."""

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from croqualim.groupbuy.models import (
    CashMove,
    CashMoveKind,
    Collective,
    Group,
    Popup,
    TillCount,
)
from croqualim.groupbuy.queries import takings
from croqualim.groupbuy.rules.counting import Counted, problem_with_counts, to_deposit
from croqualim.groupbuy.rules.till import Problem


def floats_of(collective: Collective) -> int:
    """What all the boxes of a collective keep for their next shop."""
    closed = Popup.objects.filter(group=OuterRef("pk"), closed_at__isnull=False)
    last = Subquery(closed.order_by("-closed_at").values("kept_cents")[:1])
    groups = Group.objects.filter(collective=collective)
    return int(groups.aggregate(kept=Coalesce(Sum(Coalesce(last, 0)), 0))["kept"])


def counts_of(popup: Popup) -> QuerySet[TillCount]:
    return TillCount.objects.filter(popup=popup).select_related("actor").order_by("pk")


def problem_with_box(popup: Popup) -> Problem | None:
    """Why the shop cannot be closed on what was counted; None when it can."""
    counts = as_counted(counts_of(popup))
    return problem_with_counts(counts, takings.expected_cash_cents(popup))


def as_counted(counts: QuerySet[TillCount]) -> list[Counted]:
    return [
        Counted(count.actor_id, count.counted_cents, count.expected_cents, count.note)
        for count in counts
    ]


def moves_of(popup: Popup) -> QuerySet[CashMove]:
    """Newest first."""
    return CashMove.objects.filter(popup=popup).select_related("actor").order_by("-at", "-pk")


def move_of(key: str) -> CashMove | None:
    """The move that the form of this key made, undone since or not."""
    return CashMove.objects.filter(transfer__key=key).first()


def to_deposit_cents(popup: Popup) -> int:
    """What a closed shop's box still holds for the bank; nothing once the month is settled, which
    banks whatever was left."""
    last = takings.last_count(popup)
    if last is None or not popup.closed_at or popup.cycle.settled_at:
        return 0
    return to_deposit(
        counted_cents=last.counted_cents,
        kept_cents=popup.kept_cents,
        deposited_cents=takings.cash_moved(popup, CashMoveKind.DEPOSIT),
    )
