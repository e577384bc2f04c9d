"""Promises of writing to many: each is told once, whatever becomes of the others."""

from datetime import UTC, datetime

import pytest

from croqualim.messages.actions import Letter, write, write_many
from croqualim.messages.models import Channel, Message

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def letters(count):
    return [
        Letter(
            key=f"k{n}",
            channel=Channel.EMAIL,
            address=f"a{n}@exemple.org",
            subject="Commande",
            body="Bonjour",
        )
        for n in range(count)
    ]


def test_each_is_written_once_however_often_it_is_asked():
    assert write_many(letters=letters(3), now=NOON) == 3
    assert write_many(letters=letters(4), now=NOON) == 1
    assert Message.objects.count() == 4


def test_a_key_that_write_has_used_is_passed_over():
    write(key="k0", channel=Channel.SMS, address="+33600000000", body="Déjà", now=NOON)

    write_many(letters=letters(2), now=NOON)

    assert Message.objects.get(key="k0").body == "Déjà"


def test_a_wrong_address_keeps_nobody_else_from_being_told():
    wrong = Letter(key="wrong", channel=Channel.EMAIL, address="personne", body="Bonjour")

    assert write_many(letters=[wrong, *letters(2)], now=NOON) == 2
    assert not Message.objects.filter(key="wrong").exists()


def test_three_hundred_cost_no_more_queries_than_three(django_assert_max_num_queries):
    for count in (3, 300):
        Message.objects.all().delete()
        with django_assert_max_num_queries(8):
            write_many(letters=letters(count), now=NOON)


def test_they_are_due_at_once():
    write_many(letters=letters(1), now=NOON)

    assert Message.objects.get().due_at == NOON
