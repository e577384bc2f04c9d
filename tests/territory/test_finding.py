import pytest

from croqualim.territory.queries import communes_named, find_commune

pytestmark = pytest.mark.usefixtures("paca")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Arles", "Arles"),
        ("arles", "Arles"),
        (" ARLES ", "Arles"),
        ("Arles (13)", "Arles"),
        ("Arles 13", "Arles"),
        ("Arles, 13", "Arles"),
        ("13200 Arles", "Arles"),
        ("Arles 13200", "Arles"),
        ("13200", "Arles"),
        ("13129 arles", "Arles"),  # one of its five codes
        ("13004", "Marseille"),  # a postal code first, though Arles is 13004 for Insee
        ("13055", "Marseille"),  # no postal code: Insee's
        ("Marseille 4e", "Marseille"),
        ("Marseille 15ème arrondissement", "Marseille"),
        ("13631 Arles Cedex", "Arles"),
        ("13999 Arles", "Arles"),  # a slip in the code
        ("Salon-de-Provence", "Salon-de-Provence"),
        ("salon de provence", "Salon-de-Provence"),
        ("St-Rémy-de-Provence", "Saint-Rémy-de-Provence"),
        ("st remy", "Saint-Rémy-de-Provence"),
        ("Stes Maries", "Saintes-Maries-de-la-Mer"),
        ("Ciotat", "La Ciotat"),
        ("L’Isle-sur-la-Sorgue", "L'Isle-sur-la-Sorgue"),
        ("Le Beausset (83)", "Le Beausset"),
        ("06000", "Nice"),
    ],
)
def test_one_commune_is_understood(text, name):
    found = find_commune(text)

    assert found.commune
    assert found.commune.name == name


@pytest.mark.parametrize("text", ["", " ", "Lyon", "99999", "Arles (83)", "13", "\x00", "%", "é"])
def test_what_names_no_single_commune_gives_none(text):
    assert find_commune(text).commune is None


def test_a_postal_code_of_many_communes_offers_the_most_populous():
    found = find_commune("83670")

    assert found.commune is None
    assert found.count == len(found.choices) == 7
    populations = [commune.population for commune in found.choices]
    assert populations == sorted(populations, reverse=True)
    assert all("83670" in commune.postal_codes for commune in found.choices)


def test_no_more_than_eight_are_offered_and_all_are_counted():
    found = find_commune("Saint")

    assert len(found.choices) == 8
    assert found.count > 100


def test_suggestions_begin_with_the_very_name_then_the_beginnings():
    names = [commune.name for commune in communes_named("vence", limit=4)]

    assert names[0] == "Vence"
    assert "Arles" in [commune.name for commune in communes_named("1320")]


@pytest.mark.parametrize(
    ("text", "queries"), [("Arles", 1), ("13200 Arles", 1), ("83670", 1), ("saint", 2), ("x", 1)]
)
def test_finding_costs_one_query_and_another_to_count_many(
    text, queries, django_assert_num_queries
):
    with django_assert_num_queries(queries):
        find_commune(text)
