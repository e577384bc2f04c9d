from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.rules import NAME_LENGTH, SEARCH_NAME_LENGTH


class Household(models.Model):
    """Those who eat together. What they earn is nobody's business: no such column exists."""

    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"Foyer {self.pk}"


class PersonManager(BaseUserManager["Person"]):
    use_in_migrations = True


class Person(AbstractBaseUser):
    """Somebody. What they may do comes from their roles and memberships, not from this table."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="people")
    given_name = models.CharField(_("prénom"), max_length=NAME_LENGTH)
    family_name = models.CharField(_("nom"), max_length=NAME_LENGTH)
    search_name = models.CharField(max_length=SEARCH_NAME_LENGTH, editable=False, db_index=True)
    email = models.EmailField(_("adresse e-mail"), blank=True, db_index=True)  # lower case
    phone = models.CharField(_("téléphone"), max_length=20, blank=True, db_index=True)  # E.164
    # The e-mail address a staff person signs in with; nobody else has one.
    username = models.EmailField(_("identifiant"), unique=True, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(db_default=Now())

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        indexes = [models.Index(fields=["family_name", "given_name"], name="person_by_name")]

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}"

    @property
    def is_staff_person(self) -> bool:
        return self.username is not None


class Purpose(models.TextChoices):
    SIGN_IN = "sign_in", _("entrer")
    CHANGE_ADDRESS = "change_address", _("changer d’adresse")


class SignInCode(models.Model):
    """A code that was sent, or that would have been had we known the address."""

    purpose = models.CharField(max_length=20, choices=Purpose)
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    # Keyed with the site's secret over the code, the address, the purpose and a ticket that only
    # the browser session which asked holds: a stolen table does not open anything.
    code_digest = models.CharField(max_length=64)
    requested_at = models.DateTimeField(db_index=True)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.address} · {self.requested_at:%d/%m %H:%M}"


class Tally(models.Model):
    """When something was lately asked for or tried. Its key is a digest: it names nobody."""

    key_digest = models.CharField(max_length=64, unique=True)
    moments = models.JSONField(default=list)  # ISO 8601
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.key_digest[:8]} · {len(self.moments)}"


class Card(models.Model):
    """A personal QR card; only the digest of its secret is here."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="cards")
    secret_digest = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    revoked_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(revoked_at=None), name="one_live_card"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.issued_at:%d/%m/%Y}"
