"""What is of no use any more is not sent, and does not stay."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from croqualim.messages import actions, queries
from croqualim.messages.models import Attachment, Channel, Message
from tests.conftest import NOON

pytestmark = pytest.mark.django_db
MONTH = timedelta(days=30)
MINUTES = timedelta(minutes=1)


def write(key="k", **more):
    return actions.write(
        key=key,
        channel=Channel.EMAIL,
        address="amina@exemple.fr",
        subject="Épicerie",
        body="Bonjour",
        now=NOON,
        **more,
    )


def said(message):
    message.refresh_from_db()
    return [message.address, message.subject, message.body, message.last_error]


def test_a_code_that_is_worth_nothing_any_more_is_not_sent(mailoutbox):
    message = write(useful_until=NOON + 10 * MINUTES)

    assert actions.send_next(now=NOON + 10 * MINUTES)

    assert mailoutbox == []
    assert not queries.waiting().exists()
    message.refresh_from_db()
    assert message.sent_at is None


def test_in_time_it_is_sent(mailoutbox):
    write(useful_until=NOON + 10 * MINUTES)

    actions.send_next(now=NOON + 9 * MINUTES)

    assert len(mailoutbox) == 1


@pytest.mark.parametrize("end", ["sent_at", "given_up_at"])
def test_after_thirty_days_nothing_is_left_but_the_key(end):
    message = write(attachments=[("bon.pdf", "application/pdf", b"x")])
    Message.objects.update(**{end: NOON, "last_error": "amina@exemple.fr unknown"})

    assert actions.forget_old(now=NOON + MONTH) == 0
    assert actions.forget_old(now=NOON + MONTH + MINUTES) == 1

    assert said(message) == ["", "", "", ""]
    assert not Attachment.objects.exists()
    assert write() == message  # the key still keeps it from being written again
    assert actions.forget_old(now=NOON + MONTH + MINUTES) == 0
    assert not queries.given_up().exists()


def test_what_has_not_left_is_kept():
    message = write()

    assert actions.forget_old(now=NOON + 12 * MONTH) == 0
    assert "Bonjour" in said(message)


def test_a_code_that_left_is_forgotten_an_hour_after_it_stops_being_worth_something():
    message = write(useful_until=NOON + 10 * MINUTES)
    Message.objects.update(sent_at=NOON)

    assert actions.forget_old(now=NOON + 70 * MINUTES) == 0
    assert actions.forget_old(now=NOON + 71 * MINUTES) == 1
    assert said(message) == ["", "", "", ""]


def test_only_what_nobody_tried_to_send_is_withdrawn():
    sent, tried = write(key="cycle:1:a"), write(key="cycle:1:b")
    Message.objects.filter(pk=sent.pk).update(sent_at=NOON, attempts=1)
    Message.objects.filter(pk=tried.pk).update(attempts=1)
    write(key="cycle:1:c")
    other = write(key="cycle:12:a")

    actions.withdraw_unsent(key_prefix="cycle:1:")

    assert set(Message.objects.all()) == {sent, tried, other}


@pytest.mark.django_db(transaction=True)
def test_the_worker_forgets_and_ends_old_sessions():
    now = timezone.now()
    message = write()
    Message.objects.update(sent_at=now - MONTH - MINUTES)
    Session.objects.create(session_key="old", session_data="", expire_date=now - MINUTES)

    call_command("work", once=True)

    assert said(message) == ["", "", "", ""]
    assert not Session.objects.exists()
