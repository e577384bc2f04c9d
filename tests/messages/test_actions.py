from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django_tasks_db.models import DBTaskResult
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from croqualim.messages import actions, queries
from croqualim.messages.actions import MessageRefused
from croqualim.messages.models import Attachment, Channel, Message
from tests.conftest import NOON
from tests.smtp_catcher import catching


@pytest.fixture
def smtp(settings):
    """The site as it runs: Django's SMTP back end, and a server that answers."""
    with catching() as catcher:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", catcher.port
        yield catcher


def write(key="k", address="amina@exemple.fr", body="Bonjour", now=NOON, **more):
    return actions.write(
        key=key, channel=Channel.EMAIL, address=address, body=body, now=now, **more
    )


@pytest.mark.django_db
def test_a_mail_arrives_whole(smtp):
    pdf = bytes(range(256)) * 40
    message = write(
        subject="Épicerie de décembre : « c’est prêt »",
        body="Bonjour Chloé,\n\n.Un point en début de ligne, des œufs à 3,20\u00a0€.\n",
        attachments=[("bon de commande n°4.pdf", "application/pdf", pdf)],
    )

    assert actions.send_next(now=NOON)

    [mail] = smtp.caught
    assert mail["To"] == "amina@exemple.fr"
    assert mail["Subject"].strip() == "Épicerie de décembre : « c’est prêt »"
    assert mail["Auto-Submitted"] == "auto-generated"
    text = mail.get_body().get_content()
    assert text.splitlines() == message.body.splitlines()
    [attached] = mail.iter_attachments()
    assert attached.get_filename() == "bon de commande n°4.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == pdf
    message.refresh_from_db()
    assert (message.sent_at, message.attempts, message.last_error) == (NOON, 1, "")


@pytest.mark.django_db
def test_what_is_sent_is_not_sent_again(smtp):
    write()

    assert actions.send_next(now=NOON)
    assert not actions.send_next(now=NOON + timedelta(days=30))
    assert len(smtp.caught) == 1


@pytest.mark.django_db
def test_a_refusal_is_kept_and_tried_again_later(smtp, caplog):
    message = write()
    smtp.refusals = 1

    actions.send_next(now=NOON)

    message.refresh_from_db()
    assert message.sent_at is None
    assert "450" in message.last_error
    assert not actions.send_next(now=NOON + timedelta(seconds=59))
    assert actions.send_next(now=NOON + timedelta(seconds=60))
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (2, "")
    assert len(smtp.caught) == 1


@pytest.mark.django_db
def test_after_six_refusals_it_is_given_up_and_seen(smtp, caplog):
    message = write()
    smtp.refusals = 100
    now = NOON
    while actions.send_next(now=now):
        message.refresh_from_db()
        now = message.due_at

    assert list(queries.given_up()) == [message]
    assert message.attempts == 6
    assert message.given_up_at - NOON == timedelta(hours=14, minutes=36)
    assert "given up" in caplog.text
    assert not queries.waiting().exists()

    smtp.refusals = 0
    actions.try_again(message=message, now=now)
    assert actions.send_next(now=now)
    assert len(smtp.caught) == 1
    actions.try_again(message=message, now=now)
    assert not actions.send_next(now=now)


@pytest.mark.django_db
def test_what_was_given_up_is_shown_and_starts_over_when_told(smtp, capsys):
    message = write()
    Message.objects.update(given_up_at=NOON, attempts=6, last_error="mailbox unknown")

    call_command("outbox")
    assert capsys.readouterr().out.splitlines() == [
        "0 en attente",
        f"n° {message.pk}, amina@exemple.fr : mailbox unknown",
    ]

    call_command("outbox", try_again=[message.pk])
    assert capsys.readouterr().out.splitlines() == ["1 en attente"]
    message.refresh_from_db()
    assert actions.send_next(now=message.due_at)
    assert len(smtp.caught) == 1


@pytest.mark.django_db
def test_no_server_at_all_is_a_failure_like_another(settings, caplog):
    with catching() as catcher:
        dead_port = catcher.port
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", dead_port
    message = write()

    actions.send_next(now=NOON)

    message.refresh_from_db()
    assert "ConnectionRefusedError" in message.last_error


@pytest.mark.django_db
def test_one_failure_does_not_hold_up_the_others(smtp, caplog):
    write(key="1", address="first@exemple.fr")
    write(key="2", address="second@exemple.fr")
    smtp.refusals = 1

    while actions.send_next(now=NOON):
        pass

    assert [mail["To"] for mail in smtp.caught] == ["second@exemple.fr"]


@pytest.mark.django_db
def test_a_worker_killed_in_the_middle_leaves_a_message_that_goes_later(smtp):
    message = write()
    assert actions._claim(message, now=NOON)  # … and then the power goes out

    assert not actions.send_next(now=NOON + timedelta(minutes=9))
    assert actions.send_next(now=NOON + timedelta(minutes=10))
    assert len(smtp.caught) == 1


@pytest.mark.django_db
def test_a_message_that_kills_each_worker_is_given_up(smtp, caplog):
    message = write()
    for n in range(6):
        message.refresh_from_db()
        assert actions._claim(message, now=NOON + timedelta(hours=n))

    assert actions.send_next(now=NOON + timedelta(hours=10))

    assert smtp.caught == []
    assert list(queries.given_up()) == [message]


@pytest.mark.django_db
def test_only_one_of_two_workers_gets_a_message(smtp):
    write()
    mine, theirs = Message.objects.get(), Message.objects.get()

    assert actions._claim(mine, now=NOON)
    assert not actions._claim(theirs, now=NOON)


@pytest.mark.django_db
def test_each_attempt_has_the_same_message_id_and_each_message_its_own(smtp):
    first = write(key="1")
    write(key="sign-in:amina")
    actions.send_next(now=NOON)
    actions.send_next(now=NOON)
    Message.objects.filter(pk=first.pk).update(sent_at=None)  # the killed worker's double
    actions.send_next(now=NOON + timedelta(hours=1))

    ids = [mail["Message-ID"] for mail in smtp.caught]
    assert ids[0] == ids[2] != ids[1]
    assert "amina" not in ids[1]


@pytest.mark.django_db
def test_what_is_due_later_waits(smtp, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write(due_at=NOON + timedelta(days=1))

    assert not DBTaskResult.objects.exists()
    assert not actions.send_next(now=NOON)
    assert actions.send_next(now=NOON + timedelta(days=1))


@pytest.mark.django_db
def test_writing_asks_once_for_sending(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write()
        write()

    assert [task.task_path for task in DBTaskResult.objects.all()] == [actions.SENDING_TASK]


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_is_never_sent():
    def order_and_fail():
        with transaction.atomic():
            write()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        order_and_fail()

    assert not DBTaskResult.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"subject": "Bonjour\nBcc: tous@exemple.fr"},
        {"address": "a@exemple.fr\r\nBcc: tous@exemple.fr"},
        {"attachments": [("a\nb.pdf", "application/pdf", b"")]},
    ],
)
def test_a_header_cannot_be_smuggled_in(wrong):
    with pytest.raises(MessageRefused) as refused:
        write(**wrong)

    assert str(refused.value).endswith(".")
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_an_sms_goes_through_its_own_door(capsys):
    actions.write(
        key="k", channel=Channel.SMS, address="+33612345678", body="Code : 123\u00a0456", now=NOON
    )

    actions.send_next(now=NOON)

    printed = capsys.readouterr().out
    assert "+33612345678" in printed
    assert "Code : 123 456" in printed


class WritingTwice(TestCase):
    """A TestCase: Hypothesis then rolls back between two examples."""

    @settings(max_examples=25)
    @given(
        st.lists(
            st.tuples(
                st.sampled_from("abc"), st.text("xyz", min_size=1, max_size=5), st.booleans()
            ),
            max_size=12,
        )
    )
    def test_the_first_of_each_key_is_the_only_one(self, calls):
        expected: dict[str, tuple[str, int]] = {}
        for key, body, has_paper in calls:
            attachments = [("a.txt", "text/plain", b"x")] if has_paper else []
            message = write(key=key, body=body, attachments=attachments)
            expected.setdefault(key, (body, len(attachments)))
            assert message.body == expected[key][0]

        assert {m.key: (m.body, m.attachments.count()) for m in Message.objects.all()} == expected
        assert Attachment.objects.count() == sum(count for _, count in expected.values())
