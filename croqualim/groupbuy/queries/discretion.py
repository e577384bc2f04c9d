"""Who stands behind a transfer, to know whether it may be told. Never shown."""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from croqualim.groupbuy.models import Order, ShareOption
from croqualim.groupbuy.rules.discretion import IMPERSONAL
from croqualim.groupbuy.rules.settlement import settled_cycle
from croqualim.ledger.models import Transfer


@dataclass(frozen=True)
class Households:
    """Of one keeper's book: by order, and by what a settled cycle moved for an envelope."""

    of_order: Mapping[str, int]
    of_settlement: Mapping[tuple[int, str, int], frozenset[Hashable]]

    def behind(self, transfer: Transfer) -> frozenset[Hashable]:
        """Empty for what concerns none; who is not known counts as one. Both accounts fetched."""
        if transfer.kind in IMPERSONAL:
            return frozenset()
        ends = (transfer.from_account, transfer.to_account)
        if cycle := settled_cycle(transfer.reference):
            accounts = [end.pk for end in ends if end.kind == "envelope"]
            return self.of_settlement.get(
                (cycle, transfer.kind, accounts[0] if accounts else 0), frozenset()
            )
        household = next((end.household_id for end in ends if end.household_id), None)
        return frozenset(
            [household or self.of_order.get(transfer.reference) or f"transfer {transfer.pk}"]
        )


def households_of(structure_id: int) -> Households:
    """In two queries."""
    options = ShareOption.objects.filter(collective__structure=structure_id)
    rows = options.values_list("share_percent", "envelope__account").order_by()
    account_of = {share: account for share, account in rows if account}
    of_order: dict[str, int] = {}
    moved: defaultdict[tuple[int, str, int], set[Hashable]] = defaultdict(set)
    orders = Order.objects.filter(cycle__collective__structure=structure_id).order_by()
    for reference, household, cycle, share, cost, due, collected in orders.values_list(
        "reference",
        "membership__household",
        "cycle",
        "share_percent",
        "cost_cents",
        "due_cents",
        "collected_at",
    ).iterator(2000):
        of_order[reference] = household
        if collected and due != cost:
            kind = "subsidy" if due < cost else "solidarity"
            moved[cycle, kind, account_of.get(share, 0)].add(household)
    return Households(of_order, {key: frozenset(who) for key, who in moved.items()})
