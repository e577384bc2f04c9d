"""A long spreadsheet is read, applied and taken back behind the page, once."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse

from croqualim.catalogue.actions import asking
from croqualim.catalogue.models import CatalogueImport, PriceChange, Product, Work
from croqualim.catalogue.rules.reading import is_long
from croqualim.catalogue.tasks import do_what_is_due
from croqualim.network.models import RoleKind
from tests.catalogue.spreadsheets import HEADERS, HONEY, LENTILS, as_csv, as_xlsx
from tests.conftest import NOON
from tests.factories import RoleFactory

pytestmark = pytest.mark.django_db
LONG = asking.LONG_LINES + 500


@pytest.fixture
def coordinator(client):
    role = RoleFactory(kind=RoleKind.COORDINATOR)
    client.force_login(role.person)
    return role


def lines(count, price="3,20"):
    """Long enough for nobody to wait on a page."""
    long_name = "Lentilles vertes de la plaine, " + "longue étiquette " * 4
    return [
        [LENTILS[0], f"L{n}", f"{long_name}{n}", *LENTILS[3:5], price, LENTILS[6]]
        for n in range(count)
    ]


@pytest.fixture
def send(coordinator):
    def send(content):
        return asking.send(
            buyer=coordinator.structure,
            file_name="tarif.csv",
            content=content,
            actor=coordinator.person,
            now=NOON,
        )

    return send


def at(name, draft):
    return reverse(f"catalogue:{name}", args=[draft.pk])


def work(draft):
    """What the worker does at its round."""
    do_what_is_due(now=NOON + timedelta(minutes=1))
    draft.refresh_from_db()


def test_what_is_short_is_read_at_once(send):
    draft = send(as_csv(HEADERS, LENTILS, HONEY))

    assert not draft.asked
    assert draft.counts["create"] == 2
    assert not is_long(as_xlsx(HEADERS, *lines(300)))
    assert is_long(as_xlsx(HEADERS, *lines(5_000)))


def test_the_page_says_where_a_long_one_is_then_shows_it(send, client):
    draft = send(as_csv(HEADERS, *lines(LONG)))

    waiting = client.get(at("preview", draft)).text
    CatalogueImport.objects.update(lines_done=2000)
    later = client.get(at("preview", draft)).text
    work(draft)
    shown = client.get(at("preview", draft)).text

    upload = reverse("catalogue:upload", args=[draft.buyer_id])
    assert at("preview", draft) in client.get(upload).text  # the page may be left
    assert "Le fichier s’ouvre" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert "Voir où cela en est" in waiting
    assert "2000 lignes lues jusqu’ici" in later
    assert f"{LONG} à ajouter" in shown
    assert "refresh" not in shown


def test_pressed_twice_and_done_twice_it_is_applied_and_undone_once(send, client):
    draft = send(as_csv(HEADERS, *lines(LONG)))
    work(draft)

    for _ in range(2):
        client.post(at("apply_import", draft))
    draft.refresh_from_db()
    assert draft.asked == Work.APPLY
    assert not Product.objects.exists()
    as_asked = CatalogueImport.objects.get()
    for _ in range(2):  # a worker that died before it could say that it was done
        asking.do_asked(draft=as_asked, now=NOON)

    assert Product.objects.count() == PriceChange.objects.count() == LONG
    for _ in range(2):
        client.post(at("undo_import", draft))
    work(draft)
    assert draft.undone["withdrawn"] == LONG
    assert not Product.objects.filter(is_active=True).exists()


def test_long_ones_keep_their_promise_when_the_catalogue_moves(send, client, coordinator):
    draft = send(as_csv(HEADERS, *lines(LONG)))
    work(draft)
    other = send(as_csv(HEADERS, lines(1)[0]))
    asking.apply(draft=other, take_doubtful=False, actor=coordinator.person, now=NOON)

    client.post(at("apply_import", draft))
    work(draft)

    assert Product.objects.count() == 1
    assert draft.counts["same"] == 1
    assert "Le catalogue a changé depuis" in client.get(at("preview", draft)).text


def test_a_long_file_that_cannot_be_read_says_why(send, client):
    draft = send(b"un texte\n" * 40_000)
    work(draft)

    page = client.get(at("preview", draft)).text

    assert "Nous ne trouvons pas les titres" in page
    assert "Envoyer un autre tableau" in page
    assert not draft.asked


@pytest.mark.django_db(transaction=True)
def test_the_worker_hears_of_it_at_once(send):
    draft = send(as_csv(HEADERS, *lines(LONG)))

    call_command("work", once=True)

    draft.refresh_from_db()
    assert (draft.asked, draft.counts["create"]) == ("", LONG)


@pytest.mark.parametrize("count", [3, 300])
def test_the_preview_takes_as_many_queries_for_300_lines_as_for_3(
    send, client, count, django_assert_max_num_queries
):
    draft = send(as_csv(HEADERS, *lines(count)))

    with django_assert_max_num_queries(12):
        client.get(at("preview", draft))
