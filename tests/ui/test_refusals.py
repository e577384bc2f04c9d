"""When there is nothing to show, the page still says what to do, in the frame of all the others."""

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404
from django.test import RequestFactory
from django.views import csrf, defaults


def test_each_refusal_has_its_page(rf: RequestFactory) -> None:
    request = rf.get("/nulle-part/")
    answers = [
        defaults.page_not_found(request, Http404()),
        defaults.permission_denied(request, PermissionDenied()),
        defaults.bad_request(request, BadRequest()),
        defaults.server_error(request),
        csrf.csrf_failure(request),
    ]
    pages = [answer.content.decode() for answer in answers]
    assert [answer.status_code for answer in answers] == [404, 403, 400, 500, 403]
    for page in pages:
        assert '<a class="word-mark"' in page
        assert '<a class="button" href="/">Revenir à l’accueil</a>' in page
    assert len({page.split("<h1>")[1].split("</h1>")[0] for page in pages}) == 5


def test_a_page_that_does_not_exist_says_nothing_of_why(rf: RequestFactory) -> None:
    """A thing that is somebody else's answers like one that is not there."""
    secret = defaults.page_not_found(rf.get("/a/"), Http404("La commande 12 est à Amina"))
    absent = defaults.page_not_found(rf.get("/a/"), Http404())
    assert "Amina" not in secret.content.decode()
    assert secret.content.split(b"<h1>")[1] == absent.content.split(b"<h1>")[1]
