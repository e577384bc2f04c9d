"""A prepared query set gives what the query set gives."""

from datetime import timedelta

import pytest
from django.db.models import Q

from croqualim.groupbuy.models import Cycle, Membership, Offer, Popup
from croqualim.storage.prepared import Prepared
from tests.groupbuy.month import open_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return open_month(products=3)


def test_rows_are_those_of_values_list_moments_and_lists_included(month):
    columns = ("pk", "withdrawn_at", "product__name", "product__labels", "cycle__opens_at")

    def rows(cycle):
        return Offer.objects.filter(cycle=cycle).values_list(*columns)

    assert [tuple(row) for row in Prepared(rows)(month.cycle.pk)] == list(rows(month.cycle.pk))


def test_models_come_with_what_they_are_selected_with(month, django_assert_num_queries):
    popups = Prepared(lambda pk: Popup.objects.select_related("cycle", "group").filter(pk=pk))

    with django_assert_num_queries(1):
        (popup,) = popups(month.popup.pk)
        assert popup == month.popup
        assert popup.cycle.closes_at - popup.cycle.opens_at == timedelta(days=8)
        assert popup.group.name == "Barriol"


def test_it_is_written_once_and_asks_each_time(month, monkeypatch):
    cycles = Prepared(lambda pk: Cycle.objects.filter(pk=pk).values_list("name"))
    assert cycles.first(month.cycle.pk) == ("Mars 2026",)
    monkeypatch.setattr(cycles, "_query_set", None)

    Cycle.objects.update(name="Avril 2026")

    assert [tuple(row) for row in cycles(month.cycle.pk)] == [("Avril 2026",)]
    assert cycles.first(0) is None


def test_lists_of_any_length_are_asked_for(month):
    offers = Prepared(lambda *pks: Offer.objects.filter(pk__in=pks).order_by("pk"))
    pks = sorted(offer.pk for offer in month.offers)

    assert [offer.pk for offer in offers(*pks)] == pks
    assert [offer.pk for offer in offers(pks[1])] == [pks[1]]
    assert len(offers(*range(500))) == len([pk for pk in pks if pk < 500])


def test_what_a_person_typed_stays_a_value(month):
    named = Prepared(lambda name: Cycle.objects.filter(name=name))

    assert named("' OR 1=1 --") == []


@pytest.mark.parametrize(
    "query_set",
    [
        lambda a, b: Membership.objects.filter(group=b, household=a),
        lambda a: Membership.objects.filter(group=a, share_percent=50),
        lambda a: Membership.objects.filter(Q(group=a) | Q(household=a)),
    ],
)
def test_conditions_that_are_not_the_arguments_are_refused(query_set):
    with pytest.raises(ValueError, match="in their order"):
        Prepared(query_set)(*range(query_set.__code__.co_argcount))
