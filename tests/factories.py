"""People, structures and products for tests. What the domains do is done by their actions."""

import factory

from croqualim.accounts.models import Household, Person
from croqualim.catalogue.models import Family, Product, Unit
from croqualim.kernel.text import fold
from croqualim.network.models import Category, Role, RoleKind, Structure
from croqualim.territory.models import Commune, Department


class HouseholdFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Household


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person

    household = factory.SubFactory(HouseholdFactory)
    given_name = "Amina"
    family_name = factory.Sequence("Exemple{}".format)
    search_name = factory.LazyAttribute(lambda p: fold(f"{p.given_name} {p.family_name}"))
    phone = factory.Sequence("+336000{:05}".format)


class DepartmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Department
        django_get_or_create = ("code",)

    code = "13"
    name = "Bouches-du-Rhône"


class CommuneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Commune
        django_get_or_create = ("code",)

    code = "13004"
    name = "Arles"
    search_name = "arles"
    department = factory.SubFactory(DepartmentFactory)
    postal_codes = ["13200", "13104", "13123", "13129", "13280"]
    population = 50_000


class StructureFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Structure

    name = factory.Sequence("Structure {}".format)
    search_name = factory.LazyAttribute(lambda s: fold(s.name))
    category = Category.ACCESS
    commune = factory.SubFactory(CommuneFactory)


class RoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Role

    person = factory.SubFactory(PersonFactory)
    structure = factory.SubFactory(StructureFactory)
    kind = RoleKind.COORDINATOR


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product

    buyer = factory.SubFactory(StructureFactory)
    producer = factory.SubFactory(StructureFactory, category=Category.PRODUCTION)
    sku = factory.Sequence("REF{}".format)
    name = factory.Sequence("Lentilles {}".format)
    search_name = factory.LazyAttribute(lambda p: fold(p.name))
    family = Family.PULSES
    unit = Unit.GRAM
    step_quantity = 500
    packaging_quantity = 25_000
    packaging_name = "sac"
    price_cents = 320
    priced_quantity = 1000
