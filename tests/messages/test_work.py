import os
import signal
import subprocess
import sys
import time

import pytest
from django.db import connection
from django_tasks_db.models import DBTaskResult

from croqualim.messages import actions, queries
from croqualim.messages.models import Channel, Message
from tests.conftest import NOON
from tests.processes import address
from tests.smtp_catcher import catching

pytestmark = pytest.mark.django_db(transaction=True)


def write(count):
    for n in range(count):
        actions.write(
            key=f"k{n}",
            channel=Channel.EMAIL,
            address=f"n{n}@exemple.fr",
            subject="Épicerie",
            body="Bonjour",
            now=NOON,
        )


def start_work(smtp, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", "from config.cli import main; main()", "work", *arguments],
        env={**os.environ, "DATABASE_URL": address(), "EMAIL_URL": smtp.url},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until(is_so, seconds=30):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_two_workers_send_each_message_once():
    write(30)
    with catching() as smtp:
        workers = [start_work(smtp, "--once") for _ in range(2)]
        outputs = [worker.communicate(timeout=60)[0] for worker in workers]

        assert [worker.returncode for worker in workers] == [0, 0], outputs
        assert sorted(mail["To"] for mail in smtp.caught) == sorted(
            f"n{n}@exemple.fr" for n in range(30)
        )


def test_the_worker_sends_what_fails_at_first_and_stops_when_told():
    write(3)
    DBTaskResult.objects.all().delete()  # nobody asks: its own round must find them
    with catching() as smtp:
        smtp.refusals = 1
        worker = start_work(smtp, "--every", "1")
        wait_until(lambda: len(smtp.caught) == 2)
        Message.objects.filter(sent_at=None).update(due_at=NOON)  # a minute has passed
        wait_until(lambda: len(smtp.caught) == 3)

        worker.send_signal(signal.SIGTERM)
        output, _ = worker.communicate(timeout=10)

    assert worker.returncode == 0, output
    assert "Arrêté." in output


def test_a_worker_killed_while_it_sends_loses_nothing():
    write(1)
    with catching() as smtp:
        smtp.is_mute = True
        worker = start_work(smtp)
        wait_until(lambda: smtp.is_spoken_to)
        worker.kill()
        worker.communicate()
    message = Message.objects.get()
    assert (message.sent_at, message.attempts) == (None, 1)

    Message.objects.update(due_at=NOON)  # ten minutes have passed
    with catching() as smtp:
        start_work(smtp, "--once").communicate(timeout=60)
        assert len(smtp.caught) == 1


def test_a_worker_killed_before_it_heard_yes_leaves_a_doubt_that_is_said():
    """The one message in its hand may leave twice, as the same mail; no other does."""
    write(3)
    with catching() as smtp:
        smtp.never_says_yes = True
        worker = start_work(smtp)
        wait_until(lambda: smtp.caught)
        worker.kill()
        worker.communicate()
        smtp.never_says_yes = False

        start_work(smtp, "--once").communicate(timeout=60)
        assert len(smtp.caught) == 3, "what a worker may still hold is not taken from it"

        Message.objects.filter(sent_at=None).update(due_at=NOON)  # ten minutes have passed
        start_work(smtp, "--once").communicate(timeout=60)

    uncertain = queries.uncertain().get()
    ids = [mail["Message-ID"] for mail in smtp.caught]
    assert [mail["To"] for mail in smtp.caught].count(uncertain.address) == 2
    assert len(ids) == 4
    assert len(set(ids)) == 3
    assert ids.count(ids[0]) == 2
    assert not Message.objects.filter(sent_at=None).exists()


def rename(table, new_name):
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {new_name}")


def test_a_database_that_fails_for_a_while_does_not_end_the_worker():
    write(1)
    table = Message._meta.db_table
    rename(table, "away")
    try:
        with catching() as smtp:
            worker = start_work(smtp, "--every", "0.1")
            try:
                read_until(worker, "trying again")
                rename("away", table)
                wait_until(lambda: len(smtp.caught) == 1)
                assert worker.poll() is None
            finally:
                worker.kill()
                worker.communicate()
    finally:
        if table not in connection.introspection.table_names():
            rename("away", table)


def read_until(process, words):
    """Read what it says up to these words; fails when it ends without them."""
    for line in process.stdout:
        if words in line:
            return
    raise AssertionError("It ended.")
