"""Who may see products, and who may do what with them.

Coordinators see and keep what their structure buys; farmers see what they make, and set its price.
"""

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_list_or_404, get_object_or_404

from croqualim.accounts.models import Person
from croqualim.catalogue.models import CatalogueImport, Product, Reference
from croqualim.network.access import has_role, is_animator, structures_where
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


def may_read_references(person: Person) -> bool:
    """The network's list: for those who keep it, and those who draw from it."""
    return is_animator(person) or has_role(person, RoleKind.COORDINATOR)


def get_reference(person: Person, reference_id: int) -> Reference:
    if not may_read_references(person):
        raise Http404
    return get_object_or_404(Reference, pk=reference_id)


def get_kept_reference(person: Person, reference_id: int) -> Reference:
    """For the network's animator, who writes it."""
    if not is_animator(person):
        raise Http404
    return get_object_or_404(Reference, pk=reference_id)


def get_reference_to_draw(reference_id: int) -> Reference:
    """For a buyer that `get_buyer` let through."""
    return get_object_or_404(Reference, pk=reference_id, archived_at=None)


def get_drawn_product(person: Person, product_id: int) -> Product:
    """A product drawn from the network's list, for who keeps its description."""
    product = get_kept_product(person, product_id)
    if product.reference_id is None:
        raise Http404
    return product


def get_import(person: Person, import_id: int) -> CatalogueImport:
    imports = CatalogueImport.objects.filter(buyer__in=buyers_of(person))
    imports = imports.select_related("buyer", "undone_by").defer("content")
    return get_object_or_404(imports, pk=import_id)


def may_keep(person: Person, product: Product) -> bool:
    return has_role(person, RoleKind.COORDINATOR, product.buyer)


def may_speak_for(person: Person, producer: Structure) -> bool:
    """Whether a price the person writes down is the producer's own word."""
    return has_role(person, RoleKind.FARMER, producer)


def waiting_imports(buyer: Structure) -> QuerySet[CatalogueImport]:
    """Sent and not applied, of a buyer that `get_buyer` let through, the latest first."""
    imports = CatalogueImport.objects.filter(buyer=buyer, applied_at=None, refused="")
    return imports.defer("content").order_by("-uploaded_at")


def applied_imports(buyer: Structure) -> QuerySet[CatalogueImport]:
    """Of a buyer that `get_buyer` let through, the latest first."""
    imports = CatalogueImport.objects.filter(buyer=buyer, applied_at__isnull=False)
    return imports.defer("content").order_by("-applied_at")
