"""Many rows, by one statement sent again and again: what is stored is what `save()` would store."""

import pytest

from croqualim.catalogue.models import CatalogueImport, PriceChange, Product
from croqualim.storage.bulk import insert_rows, update_rows
from tests.conftest import NOON
from tests.factories import PersonFactory, ProductFactory, StructureFactory

pytestmark = pytest.mark.django_db


def test_rows_come_back_as_they_were_given():
    buyer, person = StructureFactory(), PersonFactory()
    names = ("buyer_id", "file_name", "counts", "new_producers", "uploaded_by_id", "uploaded_at")
    left = ("headers", "plan", "took_doubtful", "undone", "ignored_columns", "seen", "asked")
    blank = CatalogueImport()
    names += (*left, "content", "producer_names", "has_moved", "lines_done", "refused")
    rest = [getattr(blank, name) for name in names[6:]]

    insert_rows(
        CatalogueImport,
        names,
        [(buyer.pk, f"{n}; '%s\"", {"é": [n]}, ["œ"], person.pk, NOON, *rest) for n in range(3)],
    )

    kept = CatalogueImport.objects.order_by("pk")[1]
    assert (kept.file_name, kept.counts, kept.new_producers) == ("1; '%s\"", {"é": [1]}, ["œ"])
    assert (kept.uploaded_at, kept.uploaded_by, kept.has_moved) == (NOON, person, False)


def test_only_the_rows_and_fields_named_change():
    product, other = ProductFactory(labels=[]), ProductFactory(labels=[])

    update_rows(Product, ["labels", "is_active"], [(["ab"], False, product.pk)])

    product.refresh_from_db()
    before = other.name
    other.refresh_from_db()
    assert (product.labels, product.is_active) == (["ab"], False)
    assert (other.labels, other.is_active, other.name) == ([], True, before)


@pytest.mark.parametrize("count", [1, 300])
def test_one_statement_whatever_the_number(count, django_assert_num_queries):
    product = ProductFactory()
    names = ("product_id", "price_cents", "priced_quantity", "by_producer", "at")

    with django_assert_num_queries(1):
        insert_rows(PriceChange, names, ((product.pk, n, 1, False, NOON) for n in range(count)))

    assert PriceChange.objects.filter(product=product).count() == count


def test_nothing_to_write_writes_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        insert_rows(Product, ["name"], [])
        update_rows(Product, ["name"], [])
