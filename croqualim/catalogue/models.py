from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from croqualim.accounts.models import Person
from croqualim.kernel import quantity
from croqualim.network.models import Structure
from croqualim.solvers import rounding


class Family(models.TextChoices):
    """By what one looks for food on a shelf; each has its drawing."""

    CEREALS = "cereals", _("Céréales et farines")
    PASTA = "pasta", _("Pâtes, riz, semoules")
    PULSES = "pulses", _("Légumes secs")
    FRUIT = "fruit", _("Fruits")
    VEGETABLES = "vegetables", _("Légumes")
    DRIED = "dried", _("Fruits secs et graines")
    OIL = "oil", _("Huiles, olives, condiments")
    SWEET = "sweet", _("Miel, sucre, confitures")
    DAIRY = "dairy", _("Œufs et produits laitiers")
    DRINKS = "drinks", _("Boissons")
    GROCERY = "grocery", _("Épicerie")
    HYGIENE = "hygiene", _("Hygiène et entretien")


class Unit(models.TextChoices):
    GRAM = quantity.Unit.GRAM.value, _("grammes")
    MILLILITRE = quantity.Unit.MILLILITRE.value, _("millilitres")
    PIECE = quantity.Unit.PIECE.value, _("pièces")


class Rounding(models.TextChoices):
    """What becomes of a sack or case that orders do not fill."""

    UP = rounding.Rounding.UP.value, _("On l’achète entier ; le reste va au dépôt")
    DOWN = rounding.Rounding.DOWN.value, _("On ne l’achète pas ; on partage ce qui vient")
    NEAREST = rounding.Rounding.NEAREST.value, _("On l’achète s’il est au moins à moitié plein")
    VOLUNTEERS = (
        rounding.Rounding.VOLUNTEERS.value,
        _("On l’achète, et des foyers volontaires le complètent s’ils le peuvent"),
    )


class Label(models.TextChoices):
    """Quality signs, in the order in which the EGalim law's shares count them."""

    ORGANIC = "ab", _("Agriculture biologique")
    CONVERSION = "conversion", _("En conversion vers le bio")
    AOP = "aop", _("AOP")
    IGP = "igp", _("IGP")
    LABEL_ROUGE = "label_rouge", _("Label rouge")
    FAIR = "fair", _("Commerce équitable")
    FARM = "farm", _("Produit fermier")


class Allergen(models.TextChoices):
    """The fourteen of Annex II of Regulation (EU) No 1169/2011."""

    GLUTEN = "gluten", _("gluten")
    CRUSTACEANS = "crustaceans", _("crustacés")
    EGGS = "eggs", _("œufs")
    FISH = "fish", _("poissons")
    PEANUTS = "peanuts", _("arachides")
    SOYBEANS = "soybeans", _("soja")
    MILK = "milk", _("lait")
    NUTS = "nuts", _("fruits à coque")
    CELERY = "celery", _("céleri")
    MUSTARD = "mustard", _("moutarde")
    SESAME = "sesame", _("sésame")
    SULPHITES = "sulphites", _("sulfites")
    LUPIN = "lupin", _("lupin")
    MOLLUSCS = "molluscs", _("mollusques")


class Reference(models.Model):
    """What the network knows of a food, whoever grows it. Collectives draw products from it."""

    name = models.CharField(_("nom"), max_length=150)
    search_name = models.CharField(max_length=170, editable=False, unique=True)
    family = models.CharField(_("famille"), max_length=20, choices=Family)
    description = models.TextField(_("description"), blank=True)
    unit = models.CharField(_("unité"), max_length=5, choices=Unit)
    step_quantity = models.PositiveIntegerField(_("se commande par"))
    packaging_quantity = models.PositiveIntegerField(_("contenance du conditionnement"))
    packaging_name = models.CharField(_("conditionnement"), max_length=40, blank=True)
    labels = models.JSONField(_("labels"), default=list, blank=True)
    allergens = models.JSONField(_("allergènes"), default=list, blank=True)
    season_months = models.JSONField(_("saison"), default=list, blank=True)  # rules.season
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["family", "search_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(step_quantity__gt=0) & Q(packaging_quantity__gt=0),
                name="reference_quantities_positive",
            )
        ]

    def __str__(self) -> str:
        return self.name


class ReferenceChange(models.Model):
    """What the network wrote otherwise, field by field. Added, never changed."""

    reference = models.ForeignKey(Reference, models.PROTECT, related_name="changes")
    field = models.CharField(max_length=30)
    before = models.JSONField()
    after = models.JSONField()
    actor = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.reference} · {self.field}"


class Product(models.Model):
    buyer = models.ForeignKey(Structure, models.PROTECT, related_name="products_bought")
    producer = models.ForeignKey(
        Structure, models.PROTECT, related_name="products_made", verbose_name=_("producteur")
    )
    sku = models.CharField(_("code"), max_length=60, blank=True)
    name = models.CharField(_("nom"), max_length=150)
    search_name = models.CharField(max_length=170, editable=False, db_index=True)
    family = models.CharField(_("famille"), max_length=20, choices=Family)
    description = models.TextField(_("description"), blank=True)
    unit = models.CharField(_("unité"), max_length=5, choices=Unit)
    step_quantity = models.PositiveIntegerField(_("se commande par"))
    packaging_quantity = models.PositiveIntegerField(_("contenance du conditionnement"))
    packaging_name = models.CharField(_("conditionnement"), max_length=40, blank=True)
    rounding = models.CharField(
        _("conditionnement incomplet"), max_length=10, choices=Rounding, default=Rounding.UP
    )
    price_cents = models.PositiveIntegerField(_("prix du producteur"))
    priced_quantity = models.PositiveIntegerField(_("pour"))
    origin = models.CharField(_("origine"), max_length=120, blank=True)
    labels = models.JSONField(_("labels"), default=list, blank=True)
    allergens = models.JSONField(_("allergènes"), default=list, blank=True)
    is_active = models.BooleanField(_("proposé"), default=True)
    season_months = models.JSONField(_("saison"), default=list, blank=True)  # rules.season
    # a cheese, a pumpkin: a step is about its quantity, and what it weighs is paid
    is_weighed = models.BooleanField(_("vendu au poids réel"), default=False, db_default=False)
    # drawn from the network's list; its changes up to then are known here, taken up or not
    reference = models.ForeignKey(
        Reference, models.PROTECT, null=True, blank=True, related_name="products"
    )
    reference_read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["family", "search_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["buyer", "producer", "sku"],
                condition=~Q(sku=""),
                name="one_product_per_sku",
            ),
            models.UniqueConstraint(
                fields=["buyer", "producer", "search_name"],
                condition=Q(sku=""),
                name="one_product_per_name",
            ),
            models.CheckConstraint(
                condition=Q(step_quantity__gt=0)
                & Q(packaging_quantity__gt=0)
                & Q(priced_quantity__gt=0),
                name="product_quantities_positive",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceChange(models.Model):
    """What a producer asked, from when, and who wrote it down. Append-only."""

    product = models.ForeignKey(Product, models.PROTECT, related_name="price_changes")
    price_cents = models.PositiveIntegerField()
    priced_quantity = models.PositiveIntegerField()
    actor = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    # whether the actor was then one of the producer's farmers, or wrote down what she had said
    by_producer = models.BooleanField(default=False)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["product", "-at"], name="price_changes_by_day")]

    def __str__(self) -> str:
        return f"{self.product} · {self.price_cents}"


class Work(models.TextChoices):
    """What is asked of a long spreadsheet, and done behind the page."""

    READ = "read", _("Lecture du tableau")
    APPLY = "apply", _("Enregistrement des lignes sûres")
    APPLY_ALL = "apply_all", _("Enregistrement des lignes")
    UNDO = "undo", _("Annulation de l’import")


class CatalogueImport(models.Model):
    """A spreadsheet as it was read. What will come, or came, of it: its lines."""

    buyer = models.ForeignKey(Structure, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    ignored_columns = models.JSONField(default=list)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    counts = models.JSONField(default=dict)
    content = models.BinaryField(default=bytes)  # the file itself, to read it otherwise
    headers = models.JSONField(default=list)  # [as written, an example below it], one a column
    plan = models.JSONField(default=dict)  # rules.columns.Plan; empty: not to be corrected
    took_doubtful = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    undone = models.JSONField(default=dict)  # how many withdrawn and restored; what stays, why
    seen = models.CharField(max_length=64, blank=True)  # rules.drafting.seen, when it was decided
    producer_names = models.JSONField(default=list)  # all that the file names
    new_producers = models.JSONField(default=list)
    has_moved = models.BooleanField(default=False)  # the catalogue, between the look and the yes
    asked = models.CharField(max_length=10, choices=Work, blank=True)  # and not done yet
    asked_by = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(null=True, blank=True)
    lines_done = models.PositiveIntegerField(default=0)  # of what is asked
    refused = models.CharField(max_length=30, blank=True)  # rules.reading.FileReason

    def __str__(self) -> str:
        return self.file_name


class ImportLine(models.Model):
    """What will come, or came, of one line of a spreadsheet."""

    draft = models.ForeignKey(CatalogueImport, models.CASCADE, related_name="lines", db_index=False)
    number = models.PositiveIntegerField()
    urgency = models.PositiveSmallIntegerField()  # rules.drafting.Urgency
    outcome = models.CharField(max_length=10)  # rules.deciding.Outcome
    decision = models.JSONField()  # rules.deciding.Decision
    product = models.ForeignKey(  # that it made
        Product, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["draft", "urgency", "number"], name="import_lines_by_urgency"),
            models.Index(fields=["draft", "outcome", "number"], name="import_lines_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.draft} · {self.number}"
