import signal
import time

import pytest

from croqualim.messages import actions
from croqualim.messages.models import Channel
from tests.conftest import NOON
from tests.processes import croqualim, database_url
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


def wait_until(is_so, seconds=30):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def test_two_workers_send_each_message_once(tmp_path):
    write(30)
    with catching() as smtp:
        where = {"folder": tmp_path, "url": database_url(tmp_path), "env": {"EMAIL_URL": smtp.url}}
        workers = [croqualim("work", "--once", **where) for _ in range(2)]
        outputs = [worker.communicate(timeout=60)[0] for worker in workers]

        assert [worker.returncode for worker in workers] == [0, 0], outputs
        assert sorted(mail["To"] for mail in smtp.caught) == sorted(
            f"n{n}@exemple.fr" for n in range(30)
        )


def test_the_worker_retries_by_itself_and_stops_when_told(tmp_path):
    write(3)
    with catching() as smtp:
        url = database_url(tmp_path)
        worker = croqualim("work", folder=tmp_path, url=url, env={"EMAIL_URL": smtp.url})
        wait_until(lambda: len(smtp.caught) == 3)

        worker.send_signal(signal.SIGTERM)
        output, _ = worker.communicate(timeout=10)

    assert worker.returncode == 0, output
    assert "Arrêté." in output
