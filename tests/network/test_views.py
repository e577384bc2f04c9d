import pytest
from django.urls import reverse

from croqualim.network.models import Category, Role, RoleKind, Structure
from tests.factories import (
    CommuneFactory,
    DepartmentFactory,
    PersonFactory,
    RoleFactory,
    StructureFactory,
)

pytestmark = pytest.mark.django_db
FACTS = {"name": "La Cagette", "category": "access"}


def url(name, *args):
    return reverse(f"network:{name}", args=args)


@pytest.fixture
def structure():
    return StructureFactory(name="La Cagette d’Arles", category=Category.ACCESS)


@pytest.fixture
def people(structure):
    """One of each sort, as seen from the structure."""
    elsewhere = StructureFactory(name="Ailleurs")
    return {
        "animator": RoleFactory(structure=elsewhere, kind=RoleKind.ANIMATOR).person,
        "coordinator": RoleFactory(structure=structure).person,
        "volunteer": RoleFactory(structure=structure, kind=RoleKind.VOLUNTEER).person,
        "neighbour": RoleFactory(structure=elsewhere).person,
        "inhabitant": PersonFactory(),
    }


MAY = {
    "structures": {"animator", "coordinator", "volunteer", "neighbour"},
    "structure": {"animator", "coordinator", "volunteer", "neighbour"},
    "add_structure": {"animator"},
    "change_structure": {"animator", "coordinator"},
    "team": {"animator", "coordinator", "volunteer"},
    "invite": {"animator", "coordinator"},
    "end_role": {"animator", "coordinator"},
}
WRITES = ["add_structure", "change_structure", "invite", "end_role"]


@pytest.mark.parametrize("page", MAY)
def test_who_may_open_what(client, structure, people, page):
    role = Role.objects.get(person=people["volunteer"])
    arguments = {"structures": [], "add_structure": [], "end_role": [role.pk]}
    address = url(page, *arguments.get(page, [structure.pk]))

    assert client.get(address).status_code == 302
    for name, person in people.items():
        client.force_login(person)
        expected = 200 if name in MAY[page] else 404
        assert client.get(address).status_code == expected, name
        if page in WRITES and expected == 404:
            assert client.post(address, FACTS).status_code == 404
    assert Role.objects.filter(ended_at=None).count() == 4
    assert Structure.objects.count() == 2


@pytest.mark.parametrize("count", [3, 300])
def test_the_list_costs_the_same_for_three_and_three_hundred(
    client, people, count, django_assert_num_queries
):
    StructureFactory.create_batch(count)
    client.force_login(people["volunteer"])

    with django_assert_num_queries(6):  # session, person, roles, départements, count, page
        page = client.get(url("structures")).text

    assert f"{count + 2} structures" in page
    assert ("Page 1 sur" in page) == (count == 300)


def test_the_list_is_searched_by_name_commune_category_and_departement(client, people):
    gap = CommuneFactory(
        code="05061",
        name="Gap",
        search_name="gap",
        department=DepartmentFactory(code="05", name="Hautes-Alpes"),
    )
    StructureFactory(name="Le Potager d’Été", commune=gap, category=Category.PRODUCTION)
    client.force_login(people["volunteer"])

    def names(**query):
        page = client.get(url("structures"), query).context["page"]
        return {structure.name for structure in page}

    potager = {"Le Potager d’Été"}
    assert names(text="potager ete") == potager
    assert names(text="POT gap") == potager
    assert names(category="production") == potager
    assert names(department="05") == potager
    assert names(text="arles") == {"La Cagette d’Arles", "Ailleurs"}  # by name and by commune
    assert names(text="cagette", department="05") == set()
    assert len(names(category="rien", department="99")) == 3  # not understood: nothing narrowed


def test_a_page_keeps_the_search(client, people):
    StructureFactory.create_batch(30, category=Category.PAT)
    client.force_login(people["volunteer"])

    page = client.get(url("structures"), {"category": "pat", "text": ""}).text

    assert "?category=pat&amp;page=2" in page


def test_no_result_says_what_to_do(client, people):
    client.force_login(people["volunteer"])

    page = client.get(url("structures"), {"text": "zzz"}).text

    assert "Voir tout l’annuaire" in page


def test_the_team_is_shown_to_the_team_alone(client, structure, people):
    for name, sees in {"volunteer": True, "animator": True, "neighbour": False}.items():
        client.force_login(people[name])
        page = client.get(url("structure", structure.pk)).text
        assert (str(people["coordinator"]) in page) == sees, name


def test_an_animator_adds_a_structure(client, people):
    arles = CommuneFactory()
    client.force_login(people["animator"])

    response = client.post(
        url("add_structure"),
        {**FACTS, "commune": "13200", "siret": "732 829 320 00074", "phone": "04 90 00 00 00"},
        follow=True,
    )

    added = Structure.objects.get(name="La Cagette")
    assert response.redirect_chain == [(url("structure", added.pk), 302)]
    assert added.commune == arles
    for word in ("732 829 320 00074", "04 90 00 00 00", "Transformation de l’aide alimentaire"):
        assert word in response.text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": ""}, "Écrivez le nom de la structure."),
        ({"name": "…"}, "Écrivez le nom de la structure."),
        ({"category": ""}, "Choisissez une catégorie."),
        ({"siret": "123"}, "Ce SIRET n’existe pas."),
        ({"commune": "Atlantis"}, "Nous ne trouvons pas cette commune."),
        ({"phone": "12"}, "Écrivez un numéro complet"),
        ({"email": "moi"}, "Écrivez une adresse complète"),
    ],
)
def test_a_mistake_is_told_by_its_field_and_what_was_typed_is_kept(client, people, typed, sentence):
    client.force_login(people["animator"])
    before = Structure.objects.count()

    page = client.post(url("add_structure"), {**FACTS, "description": "Un hangar", **typed}).text

    [field] = typed
    assert page.count(sentence) == 2  # on top and by the field
    assert "<title>Erreur : " in page
    assert f'href="#id_{field}"' in page
    assert "Un hangar" in page
    assert typed[field] in page
    assert Structure.objects.count() == before


def test_every_mistake_is_told_at_once(client, people):
    client.force_login(people["animator"])

    page = client.post(
        url("add_structure"), {"name": "", "category": "", "siret": "12", "commune": "Atlantis"}
    )

    assert set(page.context["form"].errors) == {"name", "category", "siret", "commune"}


def test_a_siret_taken_is_told_by_its_field(client, people):
    StructureFactory(siret="73282932000074")
    client.force_login(people["animator"])

    page = client.post(url("add_structure"), {**FACTS, "siret": "732 829 320 00074"})

    assert page.context["form"].errors["siret"] == [
        "Une structure de l’annuaire porte déjà ce SIRET."
    ]


def test_a_coordinator_changes_her_structure(client, structure, people):
    client.force_login(people["coordinator"])
    page = client.get(url("change_structure", structure.pk)).text
    assert 'value="La Cagette d’Arles"' in page
    assert 'value="Arles (13)"' in page

    client.post(
        url("change_structure", structure.pk),
        {**FACTS, "name": "La Grande Cagette", "commune": "Arles (13)"},
    )

    structure.refresh_from_db()
    assert structure.name == "La Grande Cagette"
    assert structure.commune_id == "13004"


def test_a_coordinator_invites_and_retires(client, structure, people):
    client.force_login(people["coordinator"])

    page = client.post(
        url("invite", structure.pk),
        {
            "given_name": "Nour",
            "family_name": "Exemple",
            "address": "06 12 34 56 78",
            "kind": "till",
        },
        follow=True,
    ).text
    assert "Nour Exemple fait partie de l’équipe." in page

    role = Role.objects.get(kind=RoleKind.TILL)
    assert (role.structure, role.given_by) == (structure, people["coordinator"])
    page = client.post(url("end_role", role.pk), follow=True).text
    assert "C’est noté" in page
    role.refresh_from_db()
    assert role.ended_at


@pytest.mark.parametrize("kind", ["animator", "king", ""])
def test_a_coordinator_cannot_hand_on_more_than_she_may(client, structure, people, kind):
    client.force_login(people["coordinator"])
    before = Role.objects.count()

    page = client.post(
        url("invite", structure.pk),
        {"given_name": "N", "family_name": "E", "address": "n@exemple.fr", "kind": kind},
    )

    assert page.status_code == 200
    assert 'href="#id_kind_0"' in page.text
    assert Role.objects.count() == before


def test_a_telephone_for_a_coordinator_is_refused_in_a_sentence(client, structure, people):
    client.force_login(people["coordinator"])

    page = client.post(
        url("invite", structure.pk),
        {
            "given_name": "N",
            "family_name": "E",
            "address": "06 12 34 56 78",
            "kind": "coordinator",
        },
    ).text

    assert page.count("Ce rôle demande une adresse e-mail") == 2


def test_the_only_coordinator_is_told_why_she_stays(client, structure, people):
    client.force_login(people["coordinator"])
    role = Role.objects.get(person=people["coordinator"])

    page = client.post(url("end_role", role.pk)).text

    assert "Donnez d’abord ce rôle à quelqu’un." in page
    role.refresh_from_db()
    assert role.ended_at is None


def test_a_role_that_ended_has_no_page(client, people):
    client.force_login(people["animator"])
    role = Role.objects.get(person=people["volunteer"])
    client.post(url("end_role", role.pk))

    assert client.get(url("end_role", role.pk)).status_code == 404
