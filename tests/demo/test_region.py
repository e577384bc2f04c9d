"""The demonstration region is lived, not drawn: what it shows is what the real actions left."""

from collections.abc import Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.timezone import localtime

from croqualim.accounts.models import Person
from croqualim.demo.actions import build_region
from croqualim.demo.queries import Shoes, person_in
from croqualim.groupbuy.models import Cycle, Group, Membership, Order
from croqualim.groupbuy.rules.stages import Stage
from croqualim.ledger.queries import discrepancies as wrong_balances
from croqualim.network.models import Structure
from croqualim.pages.queries import parts_for
from croqualim.stock.queries import discrepancies as wrong_levels
from tests.demo import urls as addresses


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker) -> Iterator[list[str]]:
    """One settled month instead of twelve: the same road, sooner walked. Once for the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("import_communes", verbosity=0)
        sentences: list[str] = []
        assert build_region(now=localtime(), say=sentences.append, months=1)
        yield sentences
        transaction.set_rollback(True)


@pytest.fixture
def said(built: list[str], db) -> list[str]:
    """What was said while it was built; it is there."""
    return built


def test_its_books_are_right_and_its_months_at_every_stage(said):
    assert not wrong_balances()
    assert not wrong_levels()
    stages = [cycle.stage(localtime()) for cycle in Cycle.objects.order_by("opens_at")]
    lived = [Stage.SETTLED, Stage.BOUGHT, Stage.OVER, Stage.BOUGHT, Stage.OPEN]
    assert [stage for stage in stages if stage is not Stage.DRAFT] == lived
    assert len(said) == 5


def test_everybody_whose_place_one_takes_has_something_to_look_at(said):
    for shoes in Shoes:
        person = person_in(shoes)
        assert person is not None, shoes
        todos = [todo for part in parts_for(person, localtime()) for todo in part.todos]
        assert todos, shoes


def test_made_twice_it_is_there_once(said):
    def counted() -> list[int]:
        kinds = (Structure, Person, Group, Membership, Cycle, Order)
        return [kind.objects.count() for kind in kinds]

    before = counted()

    assert not build_region(now=localtime(), say=said.append, months=1)
    assert counted() == before


@pytest.mark.django_db
def test_elsewhere_nobody_steps_into_anybody(client):
    """Without DEMO=1 the address does not exist, nor the buttons, nor the command."""
    with pytest.raises(NoReverseMatch):
        reverse("demo:step_into", args=["habitante"])
    assert client.post("/demonstration/entrer/coordinatrice/").status_code == 404
    assert "demonstration" not in client.get("/").text
    with pytest.raises(CommandError):
        call_command("demo", only_build=True)


@pytest.fixture
def demonstration(settings):
    """The addresses as a site in demonstration has them."""
    settings.DEMO = True
    settings.ROOT_URLCONF = addresses.__name__


@pytest.mark.parametrize("shoes", Shoes)
def test_one_press_and_one_is_somebody(said, demonstration, client, shoes):
    answer = client.post(f"/demonstration/entrer/{shoes}/", follow=True)

    assert answer.redirect_chain[-1][0] == "/"
    assert f"Bonjour {person_in(shoes).given_name}" in answer.text


def test_a_preview_of_the_address_lets_nobody_in(said, demonstration, client):
    assert client.get("/demonstration/entrer/coordinatrice/").status_code == 405
    assert client.post("/demonstration/entrer/directrice/").status_code == 404
    assert "_auth_user_id" not in client.session
