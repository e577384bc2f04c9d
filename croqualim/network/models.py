from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.kernel.identifiers import phone_in_words
from croqualim.territory.models import Commune


class Category(models.TextChoices):
    """The nine trades of the network's first plenary."""

    DEPARTMENT = "department", _("Pilotage départemental")
    FUNDER = "funder", _("Financeurs régionaux")
    EDUCATION = "education", _("Éducation alimentaire")
    PEOPLE = "people", _("Personnes accueillies")
    PRODUCTION = "production", _("Production et approvisionnement")
    ACCESS = "access", _("Transformation de l’aide alimentaire")
    PAT = "pat", _("Projets alimentaires territoriaux")
    ENGINEERING = "engineering", _("Appui technique et ingénierie")
    SUPPLY = "supply", _("Fourniture de denrées")


class Structure(models.Model):
    name = models.CharField(_("nom d’usage"), max_length=150)
    search_name = models.CharField(max_length=170, editable=False, db_index=True)
    category = models.CharField(_("catégorie"), max_length=20, choices=Category)
    commune = models.ForeignKey(
        Commune, models.PROTECT, null=True, blank=True, verbose_name=_("commune")
    )
    description = models.TextField(_("ce qu’elle fait"), blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["search_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["siret"], condition=~Q(siret=""), name="one_structure_per_siret"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def phone_in_words(self) -> str:
        return phone_in_words(self.phone)

    @property
    def siret_in_words(self) -> str:
        """'732 829 320 00074', as it is printed on letters."""
        return f"{self.siret[:3]} {self.siret[3:6]} {self.siret[6:9]} {self.siret[9:]}"


class RoleKind(models.TextChoices):
    ANIMATOR = "animator", _("animation du réseau")
    COORDINATOR = "coordinator", _("coordination")
    TILL = "till", _("caisse")
    VOLUNTEER = "volunteer", _("bénévolat")
    FARMER = "farmer", _("production")
    OUTLET = "outlet", _("point de vente")
    SOCIAL_WORKER = "social_worker", _("travail social")
    FUNDER = "funder", _("financement")
    ACCOUNTANT = "accountant", _("comptabilité")


# Roles that open what concerns others: held by people who sign in by password and second factor.
STAFF_KINDS = frozenset(
    {
        RoleKind.ANIMATOR,
        RoleKind.COORDINATOR,
        RoleKind.SOCIAL_WORKER,
        RoleKind.FUNDER,
        RoleKind.ACCOUNTANT,
    }
)


class Role(models.Model):
    person = models.ForeignKey(Person, models.PROTECT, related_name="roles")
    structure = models.ForeignKey(Structure, models.PROTECT, related_name="roles")
    kind = models.CharField(_("rôle"), max_length=20, choices=RoleKind)
    given_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: the installation itself
    since = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "structure", "kind"],
                condition=Q(ended_at=None),
                name="one_live_role",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()} · {self.structure}"
