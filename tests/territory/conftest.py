import pytest
from django.db import transaction

from croqualim.territory import actions, files


@pytest.fixture(scope="module")
def communes_of_paca(django_db_setup, django_db_blocker):
    """The communes that we ship, once for a module; each test goes back to here."""
    with django_db_blocker.unblock(), transaction.atomic():
        actions.import_communes(rows=files.shipped())
        yield
        transaction.set_rollback(True)


@pytest.fixture
def paca(communes_of_paca, db):
    """A region to search in."""
