"""One small world for promises about every page: two collectives, and everybody around the first.

Everything in it was done by the real actions, at the real date: pages read the clock.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.tokens import default_token_generator
from django.utils.timezone import localdate, now
from django_otp.plugins.otp_totp.models import TOTPDevice

from croqualim.accounts.actions import issue_card
from croqualim.accounts.models import Person
from croqualim.catalogue.actions import references
from croqualim.catalogue.actions.importing import apply_import, draft_import
from croqualim.catalogue.models import CatalogueImport, Product, Reference
from croqualim.groupbuy.actions import (
    cash,
    closing,
    containers,
    cycles,
    giving_back,
    invoices,
    ordering,
    paying,
    preparation,
    refunds,
    settlement,
)
from croqualim.groupbuy.actions import till as shop
from croqualim.groupbuy.actions.bank_details import tell_bank_details
from croqualim.groupbuy.actions.purchasing import hand_over_otherwise
from croqualim.groupbuy.models import (
    CashMove,
    Container,
    Fate,
    FreeSale,
    Invoice,
    Membership,
    Offer,
    Order,
    Payment,
    PaymentBatch,
    PaymentMethod,
    PaymentPurpose,
    Payout,
    PayoutMethod,
    Popup,
    ProducerPayment,
    PurchaseOrder,
    Refund,
)
from croqualim.groupbuy.queries import payouts
from croqualim.groupbuy.queries.due import due_of
from croqualim.groupbuy.queries.paying import dues_of
from croqualim.groupbuy.queries.shelf import left_to_sell
from croqualim.groupbuy.queries.takings import expected_cash_cents
from croqualim.network.models import Role, RoleKind, Structure
from tests.catalogue.spreadsheets import HEADERS, HONEY, LENTILS, as_csv
from tests.factories import PersonFactory, RoleFactory, StructureFactory
from tests.groupbuy.evening import receive_all
from tests.groupbuy.invoice_files import plain_pdf
from tests.groupbuy.month import Month, open_month

DAYS = timedelta(days=1)
IBAN = "FR7630006000011234567890189"  # the one of the ECBS's own documentation


@dataclass
class Collective:
    """A collective with one group, and those who do something in it."""

    month: Month  # its first: what every later one is made from
    coordinator: Person
    till: Person
    volunteer: Person
    farmer: Person
    farm: Structure
    funder: Person
    accountant: Person
    member: Person
    membership: Membership
    neighbour: Person  # a member of the same group
    neighbours: Membership


@dataclass
class Stage:
    """A cycle somewhere in its month, and what its pages are about."""

    month: Month
    order: Order  # the member's
    purchase_order: PurchaseOrder | None = None
    waiting: Order | None = None  # the neighbour's, who has not come yet
    sale: FreeSale | None = None
    top_up: Payment | None = None
    containers_back: Payout | None = None
    change: CashMove | None = None
    paid_back: Payout | None = None
    paid_by_transfer: Payout | None = None
    refund: Refund | None = None
    refund_by_coordinator: Refund | None = None

    @property
    def cycle(self):
        return self.month.cycle

    @property
    def popup(self) -> Popup:
        return self.month.popup

    @property
    def offer(self) -> Offer:
        return self.month.offers[0]


@dataclass
class World:
    ours: Collective
    theirs: Collective
    stranger: Person
    animator: Person
    till_role: Role
    draft: Month  # announced to nobody yet
    open: Stage  # members order
    over: Stage  # the closing moment has passed
    bought: Stage  # purchase orders handed over, nothing received
    evening: Stage  # the shop is open: one came, one waits, something was sold freely
    settled: Stage
    elsewhere: Stage  # an evening of the other collective
    paid: PaymentBatch  # what was due for the settled cycle
    elsewhere_paid: PaymentBatch
    invoice: Invoice  # for the settled cycle, to check
    imported: CatalogueImport
    reference: Reference  # of the network's list
    drawn: Product  # by us from it, before it changed
    applied: CatalogueImport
    newcomer: Person  # of the team, who has not chosen her password
    token: str  # of the link by which she does
    card_secret: str  # of the neighbour's card
    paper: str = "etiquettes"  # one of those that the preparation prints

    @property
    def payment(self) -> ProducerPayment:
        return self.paid.payments.get()

    @property
    def elsewhere_payment(self) -> ProducerPayment:
        return self.elsewhere_paid.payments.get()

    @property
    def order_code(self) -> str:
        """What the QR code of the member's order says."""
        return f"{self.evening.order.reference.lower()}-{self.evening.popup.pk}"


def build_world() -> World:
    today = now()
    animator = _staff(StructureFactory(), RoleKind.ANIMATOR)
    ours = _collective("Croq’en commun", today)
    theirs = _collective("Une autre table", today)
    settled = _settled(ours, today)  # first: what it leaves in the warehouse, later cycles use
    newcomer = _staff(StructureFactory(), RoleKind.COORDINATOR)
    return World(
        ours=ours,
        theirs=theirs,
        stranger=PersonFactory(),
        animator=animator,
        till_role=Role.objects.get(person=ours.till),
        draft=_cycle(ours, today, opens=1, closes=9, shop=15, is_announced=False),
        open=_ordered(ours, today, opens=-1, closes=7, shop=14),
        over=_ordered(ours, today, opens=-12, closes=-1, shop=6),
        bought=_bought(ours, today),
        evening=_evening(ours, today),
        settled=settled,
        elsewhere=_evening(theirs, today),
        paid=_paid(ours, today),
        elsewhere_paid=_paid(theirs, today),
        invoice=_invoiced(ours, settled, today),
        imported=draft_import(
            buyer=ours.month.collective.structure,
            file_name="produits.csv",
            content=as_csv(HEADERS, LENTILS),
            actor=ours.coordinator,
            now=today,
        ),
        **_drawn(ours, animator, today),
        applied=apply_import(
            draft=draft_import(
                buyer=ours.month.collective.structure,
                file_name="miel.csv",
                content=as_csv(HEADERS, HONEY),
                actor=ours.coordinator,
                now=today,
            ),
            actor=ours.coordinator,
            now=today,
        ),
        newcomer=newcomer,
        token=default_token_generator.make_token(newcomer),
        card_secret=issue_card(person=ours.neighbour, actor=ours.coordinator, now=today),
    )


def _drawn(ours: Collective, animator: Person, today: datetime) -> dict[str, Any]:
    """A food of the network's list that our collective draws, and that changes afterwards."""
    food: Any = {
        "name": "Pois cassés",
        "family": "pulses",
        "description": "",
        "unit": "g",
        "step_quantity": 500,
        "packaging_quantity": 25_000,
        "packaging_name": "sac",
        "labels": [],
        "allergens": [],
        "season_months": [],
    }
    reference = references.add_reference(**food)
    drawn = references.draw_product(
        reference=reference,
        buyer=ours.month.collective.structure,
        producer=ours.farm,
        actor=ours.coordinator,
        now=today - DAYS,
        **food,
        price_cents=300,
        priced_quantity=1000,
        sku="",
    )
    references.change_reference(
        reference=reference, actor=animator, now=today, packaging_quantity=20_000
    )
    return {"reference": reference, "drawn": drawn}


def _staff(structure: Structure, kind: RoleKind) -> Person:
    """She signs in by password, and has her second factor."""
    person = RoleFactory(structure=structure, kind=kind).person
    return _by_password(person)


def _by_password(person: Person) -> Person:
    person.username = f"equipe{person.pk}@exemple.fr"
    person.save()
    TOTPDevice.objects.create(user=person, name="totp", confirmed=True)
    return person


def _collective(name: str, today: datetime) -> Collective:
    month = open_month(now=today - 80 * DAYS)
    month.collective.structure.name = name
    month.collective.structure.save()
    structure = month.collective.structure
    farm = month.offers[0].product.producer
    member, membership = month.member(share_percent=50, given_name="Amina")
    neighbour, neighbours = month.member(given_name="Zoé", phone="")  # she has a card
    return Collective(
        month=month,
        coordinator=_by_password(month.coordinator),
        till=RoleFactory(structure=structure, kind=RoleKind.TILL).person,
        volunteer=RoleFactory(structure=structure, kind=RoleKind.VOLUNTEER).person,
        farmer=RoleFactory(structure=farm, kind=RoleKind.FARMER).person,
        farm=farm,
        funder=_staff(month.envelope.funder, RoleKind.FUNDER),
        accountant=_staff(structure, RoleKind.ACCOUNTANT),
        member=member,
        membership=membership,
        neighbour=neighbour,
        neighbours=neighbours,
    )


def _cycle(
    ours: Collective,
    today: datetime,
    *,
    opens: int,
    closes: int,
    shop: int,
    is_announced: bool = True,
) -> Month:
    """One more cycle of the same products; its moments in days from today."""
    made_at = today + min(opens, -1) * DAYS - DAYS
    acting = {"actor": ours.coordinator, "now": made_at}
    cycle = cycles.make_cycle(
        collective=ours.month.collective,
        name=f"Cycle du {localdate(today + opens * DAYS):%d/%m}",
        opens_at=today + opens * DAYS,
        closes_at=today + closes * DAYS,
        shops=[
            cycles.ShopPlan(
                group=ours.month.group,
                place=ours.month.group.place,
                starts_at=today + shop * DAYS - timedelta(hours=1),
                ends_at=today + shop * DAYS + timedelta(hours=3),
            )
        ],
        **acting,
    )
    products = {offer.product: None for offer in ours.month.offers}
    cycles.set_offers(cycle=cycle, limits=products, **acting)
    if is_announced:
        cycles.publish_cycle(cycle=cycle, **acting)
    return replace(
        ours.month,
        cycle=cycle,
        popup=Popup.objects.get(cycle=cycle),
        offers=list(Offer.objects.filter(cycle=cycle).select_related("product")),
        now=cycle.opens_at + timedelta(hours=1),
    )


def _order(month: Month, membership: Membership, person: Person) -> Order:
    return ordering.confirm_order(
        popup=month.popup,
        membership=membership,
        basket={offer.pk: 20_000 for offer in month.offers},  # more than a sack leaves behind
        actor=person,
        now=month.now,
    )


def _ordered(ours: Collective, today: datetime, **moments: int) -> Stage:
    month = _cycle(ours, today, **moments)
    order = _order(month, ours.membership, ours.member)
    return Stage(month, order, waiting=_order(month, ours.neighbours, ours.neighbour))


def _bought(ours: Collective, today: datetime) -> Stage:
    stage = _ordered(ours, today, opens=-20, closes=-5, shop=3)
    acting = {"actor": ours.coordinator, "now": today - 4 * DAYS}
    closing.close_cycle(cycle=stage.cycle, **acting)
    stage.cycle.refresh_from_db()
    stage.purchase_order = PurchaseOrder.objects.get(cycle=stage.cycle, producer=ours.farm)
    hand_over_otherwise(purchase_order=stage.purchase_order, **acting)
    return stage


def _evening(ours: Collective, today: datetime) -> Stage:
    """Somebody did not come: what was hers is sold freely."""
    stage = _ordered(ours, today, opens=-40, closes=-20, shop=0)
    absent = stage.month.order({stage.offer: 1000})
    _open_shop(stage, ours)
    evening = {"actor": ours.till, "now": today}
    shop.mark_absent(order=absent, **evening)
    jar = containers.add_container(collective=ours.month.collective, name="bocal", deposit_cents=50)
    containers.put_in_container(product=stage.offer.product, container=jar, holds_quantity=5_000)
    _serve(stage.order, today, ours)
    stage.sale = shop.sell_freely(
        popup=_shop(stage),
        quantities={left_to_sell(stage.popup)[0].offer.pk: 500},
        method=PaymentMethod.CASH,
        nonce=f"sale-{stage.popup.pk}",
        **evening,
    )
    shop.top_up(
        popup=_shop(stage),
        household=ours.member.household,
        method=PaymentMethod.CASH,
        amount_cents=1000,
        nonce=f"top-up-{stage.popup.pk}",
        **evening,
    )
    stage.top_up = Payment.objects.get(popup=stage.popup, purpose=PaymentPurpose.TOP_UP)
    _give_back(stage, ours, today)
    return stage


def _give_back(stage: Stage, ours: Collective, today: datetime) -> None:
    """Some of her account in cash; a product twice, at the shop and by the coordination."""
    stage.containers_back = containers.take_containers_back(
        popup=stage.popup,
        back={Container.objects.get(collective=stage.month.collective).pk: 1},
        nonce=f"containers-{stage.popup.pk}",
        actor=ours.till,
        now=today,
    )
    stage.change = cash.bring_change(
        popup=stage.popup,
        amount_cents=1000,
        nonce=f"change-{stage.popup.pk}",
        actor=ours.till,
        now=today,
    )
    stage.paid_back = giving_back.pay_back_prepaid(
        membership=ours.membership,
        popup=stage.popup,
        method=PayoutMethod.CASH,
        amount_cents=200,
        nonce=f"pay-back-{stage.popup.pk}",
        actor=ours.till,
        now=today,
    )
    stage.paid_by_transfer = giving_back.pay_back_prepaid(
        membership=ours.membership,
        popup=None,
        method=PayoutMethod.TRANSFER,
        amount_cents=100,
        nonce=f"by-transfer-{stage.popup.pk}",
        actor=ours.coordinator,
        now=today,
    )
    stage.order.refresh_from_db()

    def refund(nonce: str, popup: Popup | None, actor: Person) -> Refund:
        line = payouts.returnable(stage.order)[0].line
        quantity = line.offer.step_quantity
        asked = refunds.Asked(line, quantity, Fate.LOST, PayoutMethod.PREPAID, "abîmé", nonce)
        return refunds.refund(asked=asked, popup=popup, actor=actor, now=today)

    stage.refund = refund(f"refund-{stage.popup.pk}", stage.popup, ours.till)
    stage.refund_by_coordinator = refund(f"by-{stage.popup.pk}", None, ours.coordinator)


def _settled(ours: Collective, today: datetime) -> Stage:
    """Everybody came. The cycle is the collective's first."""
    stage = Stage(ours.month, _order(ours.month, ours.membership, ours.member))
    _open_shop(stage, ours)
    at = ours.month.popup.starts_at
    _serve(stage.order, at, ours)
    acting = {"actor": ours.till, "now": at}
    popup = _shop(stage)
    shop.count_till(popup=popup, counted_cents=expected_cash_cents(popup), remark="", **acting)
    shop.close_shop(popup=popup, lost={}, reason="", **acting)
    settlement.settle_cycle(
        cycle=stage.cycle, words="Une belle soirée.", actor=ours.coordinator, now=at + 3 * DAYS
    )
    stage.cycle.refresh_from_db()
    return stage


def _paid(ours: Collective, today: datetime) -> PaymentBatch:
    """A file for the bank, not executed yet, for the oldest delivery of the farm."""
    acting = {"actor": ours.coordinator, "now": today}
    for structure in (ours.month.collective.structure, ours.farm):
        tell_bank_details(structure=structure, holder="Titulaire", iban=IBAN, **acting)
    due = next(d for d in dues_of(ours.month.collective) if d.producer_id == ours.farm.pk)
    return paying.prepare_transfers(
        collective=ours.month.collective,
        chosen=[due.transfer_id],
        pay_on=localdate(today),
        **acting,
    )


def _invoiced(ours: Collective, stage: Stage, today: datetime) -> Invoice:
    """A plain PDF that the farm sent."""
    assert stage.purchase_order
    acting = {"actor": ours.farmer, "now": today}
    invoice = invoices.receive_invoice(
        collective=ours.month.collective,
        producer=ours.farm,
        file_name="facture.pdf",
        content=plain_pdf(),
        **acting,
    )
    return invoices.fill_invoice(
        invoice=invoice,
        number="F-1",
        issued_on=localdate(today),
        amount_cents=1_000,
        tax_cents=None,
        orders=[stage.purchase_order.pk],
        **acting,
    )


def _open_shop(stage: Stage, ours: Collective) -> None:
    receive_all(stage.month)
    stage.purchase_order = PurchaseOrder.objects.get(cycle=stage.cycle, producer=ours.farm)
    preparation.send_to_shop(popup=_shop(stage), actor=ours.coordinator, now=stage.popup.starts_at)


def _shop(stage: Stage) -> Popup:
    popups = Popup.objects.select_related("cycle__collective__structure", "location", "group")
    return popups.get(pk=stage.popup.pk)


def _serve(order: Order, at: datetime, ours: Collective) -> None:
    due = due_of(order, localdate(at)).total_cents
    shop.hand_over(order=order, payments={PaymentMethod.CASH: due}, actor=ours.till, now=at)
    order.refresh_from_db()
