"""The worker itself: it looks at the clock, and killed in the middle it reminds nobody twice."""

from datetime import timedelta

import pytest
from django.utils.timezone import now

from croqualim.groupbuy.actions import clockwork
from croqualim.messages import queries
from croqualim.messages.models import Message
from tests.groupbuy.month import open_month
from tests.messages.test_work import start_work, wait_until
from tests.smtp_catcher import catching

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)


def reminded():
    return Message.objects.filter(key__contains=":remind:")


def make_due():
    """The night is over, or ten minutes have passed."""
    Message.objects.filter(sent_at=None).update(due_at=now() - HOUR)


def work_once(smtp):
    output, _ = start_work(smtp, "--once").communicate(timeout=60)
    return output


def test_a_worker_killed_while_it_reminds_leaves_one_doubt_and_no_double():
    month = open_month(now=now() - timedelta(days=6))
    for n in range(4):
        month.member(email=f"n{n}@exemple.fr", phone="")
    clockwork.change_automation(
        collective=month.collective, reminder_days=2, closes_after_hours=None, now=month.now
    )
    Message.objects.all().delete()  # the announcement has left long ago
    with catching() as smtp:
        work_once(smtp)
        assert reminded().count() == 4

        Message.objects.update(sent_at=None, attempts=0)
        smtp.caught.clear()
        make_due()
        smtp.never_says_yes = True
        worker = start_work(smtp)
        wait_until(lambda: smtp.caught)
        worker.kill()
        worker.communicate()
        smtp.never_says_yes = False
        make_due()
        work_once(smtp)
        work_once(smtp)

    told = [mail["To"] for mail in smtp.caught]
    doubtful = queries.uncertain().get().address
    assert sorted({*told}) == [f"n{n}@exemple.fr" for n in range(4)]
    assert len(told) == 5
    assert told.count(doubtful) == 2
    assert reminded().count() == 4
    month.cycle.refresh_from_db()
    assert month.cycle.reminded_at
