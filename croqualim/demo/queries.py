"""Into whose shoes a visitor may step."""

from enum import StrEnum

from croqualim.accounts.models import Person
from croqualim.demo.people import inhabitants


class Shoes(StrEnum):
    INHABITANT = "habitante"
    COORDINATOR = "coordinatrice"
    TILL = "caisse"
    FARMER = "paysanne"
    FUNDER = "financeuse"
    ACCOUNTANT = "comptable"
    ANIMATOR = "animatrice"


NAMES = {
    Shoes.INHABITANT: inhabitants()[0],
    Shoes.COORDINATOR: ("Camille", "Thym"),
    Shoes.TILL: ("Sofiane", "Laurier"),
    Shoes.FARMER: ("Estelle", "Épeautre"),
    Shoes.FUNDER: ("Mathilde", "Sauge"),
    Shoes.ACCOUNTANT: ("Nadia", "Cumin"),
    Shoes.ANIMATOR: ("Dominique", "Tilleul"),
}


def person_in(shoes: Shoes) -> Person | None:
    given_name, family_name = NAMES[shoes]
    people = Person.objects.filter(given_name=given_name, family_name=family_name)
    return people.order_by("pk").first()
