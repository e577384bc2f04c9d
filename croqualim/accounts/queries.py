"""Reads about people and the ways they sign in."""

from base64 import b32encode

from django.contrib.auth.tokens import default_token_generator
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from croqualim.accounts.models import Card, Person
from croqualim.kernel.identifiers import digest
from croqualim.kernel.text import fold


def people_named(text: str) -> QuerySet[Person]:
    """Those whose names begin with these words, in any order, accents or not: 'ben am'.

    Everybody, active or not: whoever calls narrows it to those the asker may see. No word: nobody.
    """
    words = fold(text).split()
    if not words:
        return Person.objects.none()
    asked = Q()
    for word in words:
        asked &= Q(search_name__startswith=word) | Q(search_name__contains=f" {word}")
    return Person.objects.filter(asked).order_by("family_name", "given_name", "pk")


def people_reached_at(address: str) -> QuerySet[Person]:
    """The active people whose telephone or e-mail this is, in normal form. A family shares one."""
    if not address:
        return Person.objects.none()
    reached = Q(phone=address) | Q(email=address)
    return Person.objects.filter(reached, is_active=True).order_by("given_name", "pk")


def staff_named(username: str) -> Person | None:
    return Person.objects.filter(username=username.strip().lower(), is_active=True).first()


def people_of_household(person: Person) -> QuerySet[Person]:
    """Each with `card_since`, when the card that opens her account was printed."""
    cards = Card.objects.filter(person=OuterRef("pk"), revoked_at=None)
    return (
        Person.objects.filter(household=person.household_id, is_active=True)
        .annotate(card_since=Subquery(cards.values("issued_at")[:1]))
        .order_by("given_name", "pk")
    )


def live_card_of(person: Person) -> Card | None:
    return Card.objects.filter(person=person, revoked_at=None).first()


def live_card(secret: str) -> Card | None:
    """The card that opens with this secret; a revoked one, or anybody's who left, opens nothing."""
    return (
        Card.objects.select_related("person")
        .filter(
            secret_digest=digest(secret),
            revoked_at=None,
            person__is_active=True,
            person__username=None,
        )
        .first()
    )


def second_factor_waiting(person: Person) -> TOTPDevice | None:
    """The one she is installing: shown, not yet proved."""
    return TOTPDevice.objects.filter(user=person, confirmed=False).order_by("-pk").first()


def recovery_codes_left(person: Person) -> int:
    return int(StaticToken.objects.filter(device__user=person).count())


def key_in_words(device: TOTPDevice) -> str:
    """The key to type where a camera cannot read it: base 32, in groups of four."""
    key = b32encode(device.bin_key).decode()
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))


def person_of_password_link(person_id: int, token: str) -> Person | None:
    """Whom the link was sent to, while it is good: three days, and until the password changes."""
    person = Person.objects.filter(pk=person_id, is_active=True).exclude(username=None).first()
    return person if person and default_token_generator.check_token(person, token) else None
