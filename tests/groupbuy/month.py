"""A small collective for tests, founded by the real actions."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from croqualim.accounts.models import Person
from croqualim.groupbuy.actions import collectives, cycles, joining, ordering
from croqualim.groupbuy.models import Collective, Cycle, Group, Membership, Offer, Order, Popup
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Envelope
from croqualim.network.models import Category, RoleKind
from tests.factories import (
    CommuneFactory,
    PersonFactory,
    ProductFactory,
    RoleFactory,
    StructureFactory,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Month:
    """One collective, one group, one cycle open since yesterday and for a week."""

    collective: Collective
    coordinator: Person
    group: Group
    envelope: Envelope
    cycle: Cycle
    popup: Popup
    offers: list[Offer]
    now: datetime = NOON

    @property
    def after_closing(self) -> datetime:
        return self.cycle.closes_at + timedelta(hours=1)

    def member(self, *, share_percent: int = 100, **person: str) -> tuple[Person, Membership]:
        somebody = PersonFactory(**person)
        membership = joining.join_group(
            group=self.group, household=somebody.household, now=self.now
        )
        joining.choose_share(
            membership=membership, share_percent=share_percent, actor=somebody, now=self.now
        )
        return somebody, membership

    def order(self, basket: dict[Offer, int], *, share_percent: int = 100) -> Order:
        """A new member orders."""
        person, membership = self.member(share_percent=share_percent)
        return ordering.confirm_order(
            popup=self.popup,
            membership=membership,
            basket={offer.pk: quantity for offer, quantity in basket.items()},
            actor=person,
            now=self.now,
        )

    def offer(self, **product: object) -> Offer:
        """One more product in the cycle; `limit_quantity` limits the offer."""
        limit = product.pop("limit_quantity", None)
        made = ProductFactory(buyer=self.collective.structure, **product)
        self.offers.append(
            Offer.objects.create(
                cycle=self.cycle,
                product=made,
                farmer_price_cents=made.price_cents,
                cost_price_cents=made.price_cents,
                priced_quantity=made.priced_quantity,
                step_quantity=made.step_quantity,
                packaging_quantity=made.packaging_quantity,
                limit_quantity=limit,
            )
        )
        return self.offers[-1]


def open_month(*, products: int = 2, now: datetime = NOON, bank_cents: int = 1_000_000) -> Month:
    structure = StructureFactory(name="VRAC d’essai")
    coordinator = RoleFactory(structure=structure, kind=RoleKind.COORDINATOR).person
    collective = collectives.found_collective(structure=structure, warehouse_name="Hangar")
    funder = StructureFactory(name="Financeur d’essai", category=Category.FUNDER)
    envelope = ledger.open_envelope(
        name="Fonds solidaire",
        funder=funder,
        holder=structure,
        purpose="Rendre le prix accessible",
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        now=now,
    )
    ledger.top_up_envelope(
        key=f"envelope:{envelope.pk}",
        envelope=envelope,
        amount_cents=bank_cents,
        now=now,
        actor=coordinator,
    )
    for share in (50, 75, 110):
        collectives.open_share(
            collective=collective, share_percent=share, envelope=envelope, now=now
        )
    group = collectives.add_group(
        collective=collective, name="Barriol", commune=CommuneFactory(), place="Centre social"
    )
    cycle = cycles.make_cycle(
        collective=collective,
        name="Mars 2026",
        opens_at=now - timedelta(days=1),
        closes_at=now + timedelta(days=7),
        shops=[
            cycles.ShopPlan(
                group=group,
                place="Centre social Christian-Chèze",
                starts_at=now + timedelta(days=14),
                ends_at=now + timedelta(days=14, hours=3),
            )
        ],
        actor=coordinator,
        now=now,
    )
    cycles.set_offers(
        cycle=cycle,
        limits={ProductFactory(buyer=structure): None for _ in range(products)},
        actor=coordinator,
        now=now,
    )
    cycles.publish_cycle(cycle=cycle, actor=coordinator, now=now)
    return Month(
        collective=collective,
        coordinator=coordinator,
        group=group,
        envelope=envelope,
        cycle=cycle,
        popup=Popup.objects.get(cycle=cycle),
        offers=list(Offer.objects.filter(cycle=cycle).select_related("product")),
        now=now,
    )
