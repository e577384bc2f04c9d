"""Who may see and do what here. Views fetch through these functions and through nothing else.

member        a person of a household with a live membership
till          whoever holds the till (or coordinates) in the collective's structure
coordinator   of the collective's structure
farmer        of the structure a purchase order is made to
"""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from croqualim.accounts.models import Person
from croqualim.groupbuy.models import (
    Collective,
    Cycle,
    FreeSale,
    Group,
    Membership,
    Offer,
    Order,
    Payment,
    PaymentBatch,
    PaymentPurpose,
    Popup,
    ProducerPayment,
    PurchaseOrder,
    ShareOption,
)
from croqualim.ledger.models import Account, AccountKind, Envelope
from croqualim.network.access import has_role, is_animator, structures_where
from croqualim.network.models import RoleKind, Structure
from croqualim.storage.prepared import Prepared

TILL_ROLES = (RoleKind.COORDINATOR, RoleKind.TILL)
MOST_ID = 2**63 - 1  # beyond, no database can even be asked
PREPARING_ROLES = (*TILL_ROLES, RoleKind.VOLUNTEER)

ANNOUNCED_POPUP = Prepared(
    lambda pk: Popup.objects.filter(pk=pk, cycle__published_at__isnull=False).select_related(
        "cycle", "group"
    )
)
MEMBERSHIP_IN = Prepared(
    lambda group, household: Membership.objects.filter(
        group=group, household=household, left_at=None
    ).order_by()
)


def coordinated_collectives(person: Person) -> QuerySet[Collective]:
    structures = structures_where(person, RoleKind.COORDINATOR)
    return Collective.objects.filter(structure__in=structures).select_related("structure")


def get_collective(person: Person, collective_id: int) -> Collective:
    return get_object_or_404(coordinated_collectives(person), pk=collective_id)


def coordinated_cycles(person: Person) -> QuerySet[Cycle]:
    structures = structures_where(person, RoleKind.COORDINATOR)
    return Cycle.objects.filter(collective__structure__in=structures).select_related(
        "collective__structure"
    )


def get_cycle(person: Person, cycle_id: int) -> Cycle:
    """A cycle she coordinates."""
    return get_object_or_404(coordinated_cycles(person), pk=cycle_id)


def may_coordinate(person: Person, cycle: Cycle) -> bool:
    """False for others who may read its report."""
    return has_role(person, RoleKind.COORDINATOR, cycle.collective.structure)


def get_group(person: Person, group_id: int) -> Group:
    """A group she coordinates."""
    groups = Group.objects.select_related("collective__structure", "commune")
    return get_object_or_404(groups, pk=group_id, collective__in=coordinated_collectives(person))


def joinable_groups() -> QuerySet[Group]:
    """Groups anybody may join on the public pages."""
    return Group.objects.filter(is_joinable=True).select_related(
        "collective__structure", "commune__department"
    )


def get_joinable_group(slug: str) -> Group:
    return get_object_or_404(joinable_groups(), slug=slug)


def structures_to_found(person: Person) -> QuerySet[Structure]:
    """Structures that run no groups yet: hers; for an animator, any."""
    hers = structures_where(person, RoleKind.COORDINATOR)
    structures = Structure.objects.all() if is_animator(person) else hers
    return structures.filter(collective=None).order_by("search_name")


def get_share_option(collective: Collective, share_percent: int) -> ShareOption:
    """Of a collective that `get_collective` let through."""
    return get_object_or_404(ShareOption, collective=collective, share_percent=share_percent)


def get_envelope_of(collective: Collective, envelope_id: int) -> Envelope:
    """Of a collective that `get_collective` let through."""
    envelopes = Envelope.objects.select_related("account", "funder")
    return get_object_or_404(envelopes, pk=envelope_id, holder=collective.structure_id)


def get_offer(cycle: Cycle, offer_id: int) -> Offer:
    """Of a cycle that `get_cycle` let through."""
    offers = Offer.objects.select_related("product", "cycle")
    return get_object_or_404(offers, pk=offer_id, cycle=cycle)


def own_memberships(person: Person) -> QuerySet[Membership]:
    return Membership.objects.filter(household=person.household_id, left_at=None).select_related(
        "group__collective__structure", "collective", "household"
    )


def get_own_membership(person: Person, membership_id: int) -> Membership:
    return get_object_or_404(own_memberships(person), pk=membership_id)


def get_membership(person: Person, membership_id: int) -> Membership:
    """A membership of a collective she coordinates."""
    memberships = Membership.objects.select_related("group__collective__structure")
    return get_object_or_404(
        memberships, pk=membership_id, collective__in=coordinated_collectives(person)
    )


def get_household_member(membership: Membership, person_id: int) -> Person:
    """Somebody of a membership that `get_membership` let through; staff have no card."""
    people = Person.objects.filter(household=membership.household_id, is_active=True, username=None)
    return get_object_or_404(people, pk=person_id)


def people_to_card(membership: Membership) -> QuerySet[Person]:
    """Whom a coordinator may print a card for: who has no other way to sign in.

    A card opens all that the household sees. So where somebody has an address, codes go there,
    and of a household that is also of another collective, neither coordinator prints one.
    """
    live = Membership.objects.filter(household=OuterRef("household"), left_at=None)
    here = live.filter(pk=membership.pk)
    reachable = Person.objects.filter(household=OuterRef("household")).exclude(phone="", email="")
    elsewhere = live.exclude(collective=membership.collective_id)
    return Person.objects.filter(
        Exists(here),
        ~Exists(elsewhere),
        ~Exists(reachable),
        household=membership.household_id,
        is_active=True,
        username=None,
        phone="",
        email="",
    )


def get_person_to_card(membership: Membership, person_id: int) -> Person:
    """Of a membership that `get_membership` let through."""
    return get_object_or_404(people_to_card(membership), pk=person_id)


def get_popup_of_member(person: Person, popup_id: int) -> tuple[Popup, Membership]:
    """The shop where a member's household collects, and its membership."""
    popup = ANNOUNCED_POPUP.first(popup_id) if popup_id <= MOST_ID else None
    membership = MEMBERSHIP_IN.first(popup.group_id, person.household_id or 0) if popup else None
    if popup is None or membership is None:
        raise Http404
    return popup, membership


def get_popup_to_take_orders_for(membership: Membership, popup_id: int) -> Popup:
    """The shop of a live membership that `get_membership` let through, once announced."""
    popups = Popup.objects.exclude(cycle__published_at=None).select_related("cycle")
    if membership.left_at is not None:
        raise Http404
    return get_object_or_404(popups, pk=popup_id, group=membership.group_id)


def get_own_order(person: Person, order_id: int) -> Order:
    orders = Order.objects.select_related("popup__group", "stop", "cycle", "membership")
    return get_object_or_404(orders, pk=order_id, membership__household=person.household_id)


def get_order(person: Person, order_id: int) -> Order:
    """An order of a cycle she coordinates."""
    orders = Order.objects.select_related("popup__group", "stop", "cycle", "membership")
    return get_object_or_404(orders, pk=order_id, cycle__in=coordinated_cycles(person))


def popups_where(person: Person, *kinds: RoleKind) -> QuerySet[Popup]:
    structures = structures_where(person, *kinds)
    return Popup.objects.filter(
        cycle__collective__structure__in=structures, cycle__published_at__isnull=False
    ).select_related("cycle__collective__structure", "group", "location")


def get_popup_to_prepare(person: Person, popup_id: int) -> Popup:
    return get_object_or_404(popups_where(person, *PREPARING_ROLES), pk=popup_id)


def get_popup_at_till(person: Person, popup_id: int) -> Popup:
    return get_object_or_404(popups_where(person, *TILL_ROLES), pk=popup_id)


def get_cycle_to_prepare(person: Person, cycle_id: int) -> Cycle:
    structures = structures_where(person, *PREPARING_ROLES)
    cycles = Cycle.objects.filter(
        collective__structure__in=structures, published_at__isnull=False
    ).select_related("collective__structure", "collective__warehouse")
    return get_object_or_404(cycles, pk=cycle_id)


def get_order_at_till(person: Person, popup_id: int, order_id: int) -> Order:
    """An order of a shop where she holds the till, cancelled or not."""
    popup = get_popup_at_till(person, popup_id)
    orders = Order.objects.select_related("membership__household", "stop")
    order = get_object_or_404(orders, pk=order_id, popup=popup)
    order.popup = popup  # read with all that the till needs
    return order


def members_at_till() -> QuerySet[Membership]:
    """Who is of a group, and who has left it with money still on her account."""
    money = Account.objects.filter(
        kind=AccountKind.PREPAID,
        household=OuterRef("household"),
        keeper=OuterRef("collective__structure"),
        balance_cents__gt=0,
    )
    return Membership.objects.filter(Q(left_at=None) | Exists(money))


def get_member_at_till(
    person: Person, popup_id: int, membership_id: int
) -> tuple[Popup, Membership]:
    """A member of the group whose shop it is, where she holds the till."""
    popup = get_popup_at_till(person, popup_id)
    members = members_at_till().select_related("household", "collective__structure")
    return popup, get_object_or_404(members, pk=membership_id, group=popup.group_id)


def get_scanned_order(person: Person, popup_id: int, reference: str) -> tuple[Order, bool]:
    """What a QR code says, for the till (True) and for the household itself (False)."""
    orders = Order.objects.select_related("membership")
    order = get_object_or_404(orders, popup=popup_id, reference__iexact=reference)
    if popups_where(person, *TILL_ROLES).filter(pk=popup_id).exists():
        return order, True
    if order.membership.household_id == person.household_id:
        return order, False
    raise Http404


def get_scanned_membership(person: Person, membership_id: int) -> tuple[Membership, Popup | None]:
    """What the QR code of a number says: the shop to serve her at, for its till; None for the
    household itself."""
    memberships = Membership.objects.filter(left_at=None)
    membership = get_object_or_404(memberships, pk=membership_id)
    shops = popups_where(person, *TILL_ROLES).filter(group=membership.group_id, closed_at=None)
    if popup := shops.order_by("starts_at").first():
        return membership, popup
    if membership.household_id == person.household_id:
        return membership, None
    raise Http404


def get_free_sale(person: Person, popup_id: int, sale_id: int) -> FreeSale:
    popup = get_popup_at_till(person, popup_id)
    return get_object_or_404(FreeSale, pk=sale_id, popup=popup)


def get_top_up(person: Person, popup_id: int, payment_id: int) -> Payment:
    popup = get_popup_at_till(person, popup_id)
    top_ups = Payment.objects.filter(purpose=PaymentPurpose.TOP_UP)
    return get_object_or_404(top_ups, pk=payment_id, popup=popup)


def visible_purchase_orders(person: Person) -> QuerySet[PurchaseOrder]:
    """Those of cycles she coordinates, and those sent to a farm she speaks for."""
    coordinated = Q(cycle__collective__structure__in=structures_where(person, RoleKind.COORDINATOR))
    hers = Q(producer__in=structures_where(person, RoleKind.FARMER), sent_at__isnull=False)
    return PurchaseOrder.objects.filter(coordinated | hers).select_related(
        "cycle__collective__structure__commune", "cycle__collective__warehouse", "producer__commune"
    )


def get_purchase_order(person: Person, purchase_order_id: int) -> PurchaseOrder:
    return get_object_or_404(visible_purchase_orders(person), pk=purchase_order_id)


def readable_cycles(person: Person) -> QuerySet[Cycle]:
    """Settled cycles whose report is hers to read: coordinator, member or funder."""
    settled = Cycle.objects.filter(settled_at__isnull=False).select_related("collective__structure")
    funded = Envelope.objects.filter(funder__in=structures_where(person, RoleKind.FUNDER))
    return settled.filter(
        Q(collective__structure__in=structures_where(person, RoleKind.COORDINATOR))
        | Q(collective__groups__in=own_memberships(person).values("group"))
        | Q(collective__structure__in=funded.values("holder"))
    ).distinct()


def get_readable_cycle(person: Person, cycle_id: int) -> Cycle:
    return get_object_or_404(readable_cycles(person), pk=cycle_id)


def visible_envelopes(person: Person) -> QuerySet[Envelope]:
    """Those she funds or whose collective she coordinates."""
    return Envelope.objects.filter(
        Q(funder__in=structures_where(person, RoleKind.FUNDER))
        | Q(holder__in=structures_where(person, RoleKind.COORDINATOR))
    ).select_related("funder", "holder", "account")


def get_envelope(person: Person, envelope_id: int) -> Envelope:
    return get_object_or_404(visible_envelopes(person), pk=envelope_id)


def get_purchase_order_to_handle(person: Person, purchase_order_id: int) -> PurchaseOrder:
    """A purchase order of a cycle she coordinates: to send, to receive."""
    orders = PurchaseOrder.objects.filter(cycle__in=coordinated_cycles(person)).select_related(
        "cycle__collective__structure__commune", "cycle__collective__warehouse", "producer__commune"
    )
    return get_object_or_404(orders, pk=purchase_order_id)


def may_handle_purchase_order(person: Person, purchase_order: PurchaseOrder) -> bool:
    """False for the farmer it is made to."""
    return has_role(person, RoleKind.COORDINATOR, purchase_order.cycle.collective.structure)


def farmer_purchase_orders(person: Person) -> QuerySet[PurchaseOrder]:
    """Those sent to the farms she speaks for."""
    return PurchaseOrder.objects.filter(
        producer__in=structures_where(person, RoleKind.FARMER), sent_at__isnull=False
    ).select_related("cycle__collective__structure", "producer")


def speaks_for_farm(person: Person, farm: Structure) -> bool:
    return has_role(person, RoleKind.FARMER, farm)


def get_statement_parties(
    person: Person, collective_id: int, structure_id: int
) -> tuple[Collective, Structure]:
    """A collective and a farm that sold to it, for those who speak for either."""
    if max(collective_id, structure_id) > MOST_ID:
        raise Http404
    orders = PurchaseOrder.objects.filter(
        cycle__collective=collective_id, producer=structure_id
    ).filter(
        Q(cycle__collective__in=coordinated_collectives(person))
        | Q(producer__in=structures_where(person, RoleKind.FARMER), sent_at__isnull=False)
    )
    order = orders.select_related(
        "cycle__collective__structure__commune", "producer__commune"
    ).first()
    if order is None:
        raise Http404
    return order.cycle.collective, order.producer


def get_supplier(collective: Collective, structure_id: int) -> Structure:
    """Who sells to a collective that `get_collective` let through."""
    sold = Structure.objects.filter(
        Q(products_made__buyer=collective.structure_id)
        | Q(purchase_orders__cycle__collective=collective)
    )
    return get_object_or_404(sold.distinct(), pk=structure_id)


def own_farms(person: Person) -> QuerySet[Structure]:
    return structures_where(person, RoleKind.FARMER)


def get_own_farm(person: Person, structure_id: int) -> Structure:
    """A farm she speaks for."""
    return get_object_or_404(own_farms(person), pk=structure_id)


def get_payment_batch(person: Person, batch_id: int) -> PaymentBatch:
    """What a collective she coordinates pays its producers."""
    batches = PaymentBatch.objects.select_related(
        "collective__structure", "made_by", "executed_by", "cancelled_by"
    )
    return get_object_or_404(batches, pk=batch_id, collective__in=coordinated_collectives(person))


def get_producer_payment(batch: PaymentBatch, payment_id: int) -> ProducerPayment:
    """Of a batch that `get_payment_batch` let through."""
    payments = ProducerPayment.objects.select_related("producer", "batch__collective__structure")
    return get_object_or_404(payments, pk=payment_id, batch=batch)
