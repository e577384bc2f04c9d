"""A town on the evening when orders open: households with a full basket, each signed in somewhere.

Made in bulk, straight into the tables: what is measured is what they do next.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils.timezone import localdate, now

from croqualim.accounts.http import BACKEND
from croqualim.accounts.models import Household, Person
from croqualim.accounts.sessions import SessionStore
from croqualim.demo.months import Month, dates_around
from croqualim.demo.region import found_region
from croqualim.groupbuy.models import Basket, Membership, MembershipYear, Offer, Popup
from croqualim.ledger import actions as ledger
from croqualim.ledger.models import Envelope

SHARES = (50, 75, 100, 100, 100)
LINES = 12
SCARCE = 3  # products of which there is not enough for all who want them
SCARCE_EVERY = 20  # one household in so many wants one of them
BATCH = 2000


@dataclass(frozen=True)
class Town:
    popup: Popup
    sessions: list[str]  # one a household


def build(households: int) -> Town:
    at = now()
    popup = _open_cycle(at)
    members = _members(popup, households, at)
    _fill_baskets(popup, members, at)
    return Town(popup, _sign_in(members, at))


def _open_cycle(at: datetime) -> Popup:
    call_command("migrate", verbosity=0)
    call_command("import_communes", verbosity=0)
    month = Month(found_region(at), dates_around(at + timedelta(days=18)), Random(0))  # noqa: S311
    envelope = Envelope.objects.get()
    ledger.top_up_envelope(
        key="bench", envelope=envelope, amount_cents=10**9, now=at, actor=month.region.coordinator
    )
    shop = next(popup for popup in month.popups() if not popup.has_stops)
    return Popup.objects.select_related("cycle", "group").get(pk=shop.pk)


def _members(popup: Popup, count: int, at: datetime) -> list[Membership]:
    households = Household.objects.bulk_create([Household() for _ in range(count)], BATCH)
    people = [
        Person(
            household=household,
            given_name="Essai",
            family_name=f"Numéro {n}",
            search_name=f"essai numero {n}",
            email=f"essai{n}@exemple.example",
            password="!",  # noqa: S106 (opens nothing)
        )
        for n, household in enumerate(households)
    ]
    Person.objects.bulk_create(people, BATCH)
    members = [
        Membership(
            group=popup.group,
            collective_id=popup.group.collective_id,
            household=household,
            number=1000 + n,
            share_percent=SHARES[n % len(SHARES)],
            joined_at=at,
        )
        for n, household in enumerate(households)
    ]
    Membership.objects.bulk_create(members, BATCH)
    today = localdate(at)
    years = [
        MembershipYear(
            membership=membership,
            starts_on=today,
            ends_on=today + timedelta(days=365),
            fee_cents=100,
        )
        for membership in members
    ]
    MembershipYear.objects.bulk_create(years, BATCH)
    return members


def _fill_baskets(popup: Popup, members: list[Membership], at: datetime) -> None:
    """Twelve products each; some want what half of them will get."""
    chance = Random(0)  # noqa: S311
    offers = list(Offer.objects.filter(cycle=popup.cycle).order_by("pk"))
    scarce, plenty = offers[:SCARCE], offers[SCARCE:]
    Offer.objects.filter(pk__in=[offer.pk for offer in plenty]).update(limit_quantity=None)
    wanting = len(members) // SCARCE_EVERY // SCARCE  # households for each scarce product
    for offer in scarce:
        offer.limit_quantity = max(wanting // 2, 1) * offer.step_quantity
        offer.save(update_fields=["limit_quantity"])
    baskets = []
    for n, membership in enumerate(members):
        chosen = chance.sample(plenty, LINES)
        if n % SCARCE_EVERY == 0:
            chosen[0] = scarce[n // SCARCE_EVERY % SCARCE]
        quantities = {str(offer.pk): offer.step_quantity for offer in chosen}
        baskets.append(
            Basket(cycle=popup.cycle, membership=membership, quantities=quantities, updated_at=at)
        )
    Basket.objects.bulk_create(baskets, BATCH)


def _sign_in(members: list[Membership], at: datetime) -> list[str]:
    store = SessionStore()
    ids = [membership.household_id for membership in members]
    people = {
        person.household_id: person
        for person in Person.objects.filter(household__gte=min(ids), household__lte=max(ids))
    }
    sessions = []
    for household_id in ids:
        person = people[household_id]
        data = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: BACKEND,
            HASH_SESSION_KEY: person.get_session_auth_hash(),
        }
        sessions.append(
            Session(
                session_key=f"{person.pk:032d}",
                session_data=store.encode(data),
                expire_date=at + timedelta(days=1),
            )
        )
    Session.objects.bulk_create(sessions, BATCH)
    return [session.session_key for session in sessions]
