import csv
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from croqualim.territory import files
from croqualim.territory.actions import import_communes
from croqualim.territory.files import FileRefused, from_etalab
from croqualim.territory.models import Commune, Department, Epci
from croqualim.territory.rules import Changes, CommuneRow, search_name

DATA = Path(__file__).parents[3] / "shared" / "data"
ARLES = {
    "code": "13004",
    "nom": "Arles",
    "departement": "13",
    "type": "commune-actuelle",
    "codesPostaux": ["13200"],
    "population": 51811,
}


def etalab(*entries):
    return json.dumps(entries).encode()


def state():
    return [list(model.objects.order_by("pk").values()) for model in (Commune, Department, Epci)]


def test_we_ship_the_946_communes_of_the_region():
    rows = files.shipped()

    assert len(rows) == len({row.code for row in rows}) == 946
    assert {row.department[0] for row in rows} == {"04", "05", "06", "13", "83", "84"}
    assert all(row.postal_codes and row.epci for row in rows)
    assert all(row.code.startswith(row.department[0]) for row in rows)
    located = [row for row in rows if row.point]
    assert len(located) == 521
    people = sum(row.population for row in rows)
    assert sum(row.population for row in located) > 0.97 * people
    for latitude, longitude in (row.point for row in located):
        assert 42_900_000 < latitude < 45_200_000
        assert 4_200_000 < longitude < 7_800_000


def test_names_are_unique_in_their_departement():
    rows = files.shipped()

    assert len({(search_name(row.name), row.department) for row in rows}) == 946


if DATA.exists():

    def test_the_list_agrees_with_what_others_published():
        with (DATA / "communes_paca_merged.csv").open(encoding="utf-8", newline="") as file:
            theirs = {line["code_insee"]: line for line in csv.DictReader(file)}
        ours = {row.code: row for row in files.shipped()}

        assert ours.keys() == theirs.keys()
        for code, row in ours.items():
            assert row.name == theirs[code]["nom"]
            assert row.population == int(theirs[code]["population"])
            assert row.epci and row.epci[0] == theirs[code]["epci_code"]
            if row.point and theirs[code]["lat"]:
                assert abs(row.point[0] / 1e6 - float(theirs[code]["lat"])) < 0.15
                assert abs(row.point[1] / 1e6 - float(theirs[code]["lng"])) < 0.15

    def test_etalab_s_file_is_read_as_it_is():
        rows = from_etalab((DATA / "communes_paca_etalab_2026.json").read_bytes())

        shipped = {row.code: row for row in files.shipped()}
        assert len(rows) == 946
        for row in rows:
            ours = shipped[row.code]
            assert (row.name, row.department, row.population) == (
                ours.name,
                ours.department,
                ours.population,
            )
            assert row.postal_codes == ours.postal_codes


@pytest.mark.django_db
def test_applied_twice_it_changes_nothing():
    rows = files.shipped()
    assert import_communes(rows=rows) == Changes(created=946, changed=0, same=0)
    before = state()

    assert import_communes(rows=rows) == Changes(created=0, changed=0, same=946)
    assert state() == before


@pytest.mark.django_db
def test_a_renamed_commune_changes_and_keeps_what_the_list_does_not_say():
    row = CommuneRow(
        code="04037",
        name="Céreste",
        department=("04", "Alpes-de-Haute-Provence"),
        postal_codes=("04280",),
        population=1200,
        epci=("200034700", "CA DLVA"),
        point=(43_855_000, 5_586_000),
    )
    import_communes(rows=[row])

    renamed = CommuneRow(
        code="04037",
        name="Céreste-en-Luberon",
        department=("04", "Alpes-de-Haute-Provence"),
        postal_codes=("04280",),
        population=1250,
    )
    assert import_communes(rows=[renamed]) == Changes(created=0, changed=1, same=0)

    commune = Commune.objects.get()
    assert commune.name == "Céreste-en-Luberon"
    assert commune.search_name == "cereste en luberon"
    assert commune.population == 1250
    assert commune.epci_id == "200034700"
    assert commune.latitude_microdegrees == 43_855_000


@pytest.mark.django_db
def test_a_list_costs_a_query_for_many_rows_and_none_for_each(django_assert_max_num_queries):
    with django_assert_max_num_queries(30):  # SQLite takes a hundred rows at a time
        import_communes(rows=files.shipped())


def test_only_present_communes_are_taken():
    rows = from_etalab(
        etalab(
            ARLES,
            {**ARLES, "code": "13201", "type": "arrondissement-municipal"},
            {"code": "04003", "nom": "Albiosc", "type": "commune-associee", "departement": "04"},
        )
    )

    assert [row.name for row in rows] == ["Arles"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JSON"),
        (b"code;nom\n13004;Arles", "JSON"),
        (b"[" * 100_000, "liste"),
        ("é".encode("latin-1"), "UTF-8"),
        (b"{}", "liste"),
        (b"[]", "aucune"),
        (b"[1]", "n° 1"),
        (b"[null]", "n° 1"),
        (etalab({"id": 3}), "n° 1"),
        (etalab(ARLES, {**ARLES, "departement": "99"}), "n° 2"),
        (etalab({**ARLES, "nom": "A" * 101}), "n° 1"),
        (etalab({**ARLES, "code": "1300"}), "n° 1"),
        (etalab({**ARLES, "population": -1}), "n° 1"),
        (etalab({**ARLES, "population": "beaucoup"}), "n° 1"),
        (etalab({**ARLES, "codesPostaux": ["132"]}), "n° 1"),
        (etalab({**ARLES, "codesPostaux": 13200}), "n° 1"),
        (etalab(ARLES, ARLES), "deux fois"),
    ],
)
@pytest.mark.django_db
def test_a_bad_file_is_refused_in_a_sentence_and_changes_nothing(tmp_path, content, words):
    file = tmp_path / "communes.json"
    file.write_bytes(content)

    with pytest.raises(FileRefused) as refused:
        from_etalab(content)
    assert words in str(refused.value)
    assert str(refused.value).endswith(".")
    with pytest.raises(CommandError) as error:
        call_command("import_communes", str(file))

    assert error.value.returncode == 1
    assert "\n" not in str(error.value)
    assert not Commune.objects.exists()


@pytest.mark.django_db
def test_the_command_says_what_it_did(capsys, tmp_path):
    call_command("import_communes")
    call_command("import_communes")
    with pytest.raises(CommandError, match="ne peut pas être lu"):
        call_command("import_communes", str(tmp_path / "nowhere.json"))

    first, second = capsys.readouterr().out.splitlines()
    assert first == "946 communes créées, 0 changées, 0 déjà à jour."
    assert second == "0 communes créées, 0 changées, 946 déjà à jour."
