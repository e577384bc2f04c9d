"""Who may see products, and who may do what with them.

Coordinators see and keep what their structure buys; farmers see what they make, and set its price.
"""

from django.db.models import Q, QuerySet
from django.shortcuts import get_list_or_404, get_object_or_404

from croqualim.accounts.models import Person
from croqualim.catalogue.models import CatalogueImport, Product
from croqualim.network.access import has_role, structures_where
from croqualim.network.models import RoleKind, Structure


def buyers_of(person: Person) -> QuerySet[Structure]:
    """The structures for which the person keeps a catalogue."""
    return structures_where(person, RoleKind.COORDINATOR)


def farms_of(person: Person) -> QuerySet[Structure]:
    """The structures for which the person sets prices."""
    return structures_where(person, RoleKind.FARMER)


def get_farms(person: Person) -> list[Structure]:
    """Raises Http404 for those who farm nowhere."""
    return get_list_or_404(farms_of(person))


def get_buyer(person: Person, buyer_id: int) -> Structure:
    return get_object_or_404(buyers_of(person), pk=buyer_id)


def visible_products(person: Person) -> QuerySet[Product]:
    return Product.objects.filter(
        Q(buyer__in=buyers_of(person)) | Q(producer__in=farms_of(person))
    ).select_related("buyer", "producer")


def get_product(person: Person, product_id: int) -> Product:
    return get_object_or_404(visible_products(person), pk=product_id)


def get_kept_product(person: Person, product_id: int) -> Product:
    """A product whose description the person may change."""
    kept = visible_products(person).filter(buyer__in=buyers_of(person))
    return get_object_or_404(kept, pk=product_id)


def get_import(person: Person, import_id: int) -> CatalogueImport:
    imports = CatalogueImport.objects.filter(buyer__in=buyers_of(person)).select_related("buyer")
    return get_object_or_404(imports, pk=import_id)


def may_keep(person: Person, product: Product) -> bool:
    return has_role(person, RoleKind.COORDINATOR, product.buyer)


def may_speak_for(person: Person, producer: Structure) -> bool:
    """Whether a price the person writes down is the producer's own word."""
    return has_role(person, RoleKind.FARMER, producer)
