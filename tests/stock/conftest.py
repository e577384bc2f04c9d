import pytest

from tests.factories import ProductFactory, StructureFactory
from tests.stock.books import Places


@pytest.fixture
def places(db):
    return Places(StructureFactory())


@pytest.fixture
def lentils(places):
    return ProductFactory(name="Lentilles", buyer=places.keeper)


@pytest.fixture
def oil(places):
    return ProductFactory(name="Huile", buyer=places.keeper)
