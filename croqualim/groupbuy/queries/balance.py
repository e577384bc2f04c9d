"""The month's balance: money and goods in, money and goods out, all of it from the ledger."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from croqualim.groupbuy.models import Cycle, Fate, Popup, PurchaseOrder, Refund, TillCount
from croqualim.groupbuy.rules.weighing import weighing_reference
from croqualim.kernel.money import in_euros
from croqualim.ledger.models import Account, AccountKind, Transfer


@dataclass(frozen=True)
class Loss:
    """Goods written off at a delivery or at one shop, at what they were bought for."""

    reason: str
    cents: int


@dataclass(frozen=True)
class Balance:
    """Amounts in cents. For a settled cycle `received = taken + margin`.

    What members pay above the cost is a gift to an envelope: it is not in `members`, nor in
    `envelopes`, so that nobody finds a single household's gift by subtracting.
    """

    members_cents: int
    envelopes_cents: int
    free_sales_cents: int
    taken_cents: int  # what the goods that were taken away had cost
    margin_cents: int  # to the collective's income; below zero to its losses
    bought_cents: int
    losses: list[Loss]
    till_over_cents: int
    till_short_cents: int

    @property
    def received_cents(self) -> int:
        return self.members_cents + self.envelopes_cents + self.free_sales_cents

    @property
    def lost_cents(self) -> int:
        return sum(loss.cents for loss in self.losses)

    @property
    def money_rows(self) -> list[tuple[str, int]]:
        """What was received less what it had cost is the margin."""
        return [
            (_("Payé par les adhérent·es pour leurs paniers"), self.members_cents),
            (_("Versé par les enveloppes"), self.envelopes_cents),
            (_("Vente libre"), self.free_sales_cents),
            (_("Reçu en tout"), self.received_cents),
            (_("Ce que coûtait ce qui a été emporté"), -self.taken_cents),
        ]

    @property
    def margin_label(self) -> str:
        if self.margin_cents < 0:
            return _("Manque, pris par le collectif")
        return _("Reste : frais du collectif et arrondis")

    @property
    def goods_rows(self) -> list[tuple[str, int]]:
        """What was bought less what left is what the warehouse keeps."""
        lost = [
            (_("Perdu : %(reason)s") % {"reason": loss.reason}, -loss.cents) for loss in self.losses
        ]
        return [
            (_("Acheté aux producteurs"), self.bought_cents),
            (_("Emporté"), -self.taken_cents),
            *(lost or [(_("Perdu"), 0)]),
        ]

    @property
    def stocked_label(self) -> str:
        return _("Resté au dépôt") if self.stocked_cents >= 0 else _("Pris au dépôt")

    @property
    def till_in_words(self) -> str:
        """Beside the month's balance: it went to the collective's income or loss when counted."""
        said = []
        if self.till_short_cents:
            said.append(_("il a manqué %(cents)s") % {"cents": in_euros(self.till_short_cents)})
        if self.till_over_cents:
            said.append(
                _("il y a eu %(cents)s de trop") % {"cents": in_euros(self.till_over_cents)}
            )
        if not said:
            return _("Les caisses étaient justes.")
        return _("Dans les caisses, %(said)s.") % {"said": _(" et ").join(said)}

    @property
    def stocked_cents(self) -> int:
        """What stayed in the warehouse; below zero, what it gave."""
        return self.bought_cents - self.taken_cents - self.lost_cents


def balance_of(cycle: Cycle) -> Balance:
    """In a fixed number of queries."""
    flows = _sales(cycle)
    over, short = _till_differences(cycle)
    return Balance(
        members_cents=flows["till_order"] + flows["solidarity"],
        envelopes_cents=flows["subsidy"],
        free_sales_cents=flows["till_free_sale"],
        taken_cents=-flows["collection"] - flows["free_sale"],
        margin_cents=-flows["margin"],
        bought_cents=_bought(cycle),
        losses=_losses(cycle),
        till_over_cents=over,
        till_short_cents=short,
    )


def _sales(cycle: Cycle) -> Counter[str]:
    """kind -> what it brought to the cycle's sales, less what it took from them."""
    accounts = Account.objects.filter(
        keeper=cycle.collective.structure_id, kind=AccountKind.SALES, subject=f"cycle:{cycle.pk}"
    )
    moved = Transfer.objects.filter(Q(from_account__in=accounts) | Q(to_account__in=accounts))
    return _signed(moved, AccountKind.SALES)


def _bought(cycle: Cycle) -> int:
    """What the farms are owed for what arrived; what was undone is not in it."""
    numbers = PurchaseOrder.objects.filter(cycle=cycle).values("number")
    owed = Transfer.objects.filter(
        kind="delivery",
        reference__in=numbers,
        to_account__keeper=cycle.collective.structure_id,
    )
    return _signed(owed, AccountKind.PRODUCER)["delivery"]


def _signed(transfers: QuerySet[Transfer], kind: str) -> Counter[str]:
    """kind of transfer -> cents that came to accounts of this kind, less those that left them."""
    flows: Counter[str] = Counter()
    rows = transfers.values_list("kind", "amount_cents", "to_account__kind")
    for what, cents, came_to in rows:
        flows[what] += cents if came_to == kind else -cents
    return flows


def _losses(cycle: Cycle) -> list[Loss]:
    return [*_lost_at_shops(cycle), *_lost_after(cycle)]


def _lost_after(cycle: Cycle) -> list[Loss]:
    """What members brought back bad before the settlement; a reason is somebody's, so all as one
    line without it."""
    refunds = Refund.objects.filter(
        line__order__cycle=cycle, fate=Fate.LOST, is_after_settlement=False, undone_at=None
    ).values_list("line__order", "pk")
    keys = [f"order:{order}:refund:{refund}:lost" for order, refund in refunds]
    cents = Transfer.objects.filter(key__in=keys).aggregate(n=Sum("amount_cents"))["n"]
    return [Loss(_("produits repris, abîmés"), cents)] if cents else []


def _lost_at_shops(cycle: Cycle) -> list[Loss]:
    """And at deliveries; what two scales disagree about is one line, less than nothing lost."""
    shops = Popup.objects.filter(cycle=cycle).order_by("pk").values_list("pk", flat=True)
    orders = PurchaseOrder.objects.filter(cycle=cycle).values("number")
    damaged = Q(kind="delivery_damaged", reference__in=orders, reverses=None, reversed_by=None)
    found = Q(kind="weighing", reference=weighing_reference(cycle.pk))
    written = Transfer.objects.filter(
        damaged | found | Q(key__in=[f"popup:{pk}:lost:cost" for pk in shops]),
        to_account__keeper=cycle.collective.structure_id,
    )
    rows = list(written.order_by("at", "pk").values_list("kind", "reason", "amount_cents"))
    losses = [Loss(reason, cents) for kind, reason, cents in rows if kind != "weighing"]
    grams = [Loss(reason, -cents) for kind, reason, cents in rows if kind == "weighing"]
    return [*losses, Loss(grams[0].reason, sum(loss.cents for loss in grams))] if grams else losses


def _till_differences(cycle: Cycle) -> tuple[int, int]:
    """(too much, missing), shop by shop, as counted last: one shop's surplus does not hide
    another's lack."""
    counts = TillCount.objects.filter(popup__cycle=cycle).order_by("pk")
    rows = counts.values_list("popup", "counted_cents", "expected_cents")
    by_shop = {shop: counted - expected for shop, counted, expected in rows}
    return _total(by_shop.values()), _total(-cents for cents in by_shop.values())


def _total(amounts: Iterable[int]) -> int:
    return sum(cents for cents in amounts if cents > 0)
