"""The one background process: queued tasks at once, and every 30 seconds what fell due since.

A database that is locked, restarting or away is no reason to stop: the next round tries again.
"""

import logging
import signal
import time
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import Error, InterfaceError, OperationalError, close_old_connections
from django.utils.crypto import get_random_string
from django.utils.module_loading import import_string
from django.utils.timezone import now
from django_tasks_db.management.commands.db_worker import Worker

from croqualim.messages.actions import forget_old, send_next

logger = logging.getLogger(__name__)

KEPT_DAYS = 30  # results of finished tasks
TIDYING_SECONDS = 3600


class Command(BaseCommand):
    help = "Send messages and run background tasks until told to stop (SIGTERM)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="do what is to be done, then stop")
        parser.add_argument("--every", type=float, default=30, help="seconds between two rounds")

    def handle(self, *, once: bool, every: float, **options: Any) -> None:
        self.worker = Worker(
            queue_names=["*"],
            excluded_queue_names=[],
            interval=0,
            batch=True,  # returns when the queue is empty: the waiting is done here
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=get_random_string(32),
        )
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        self.stdout.write("Au travail. Ctrl+C pour arrêter.")
        self.work(once=once, every=every)
        self.stdout.write("Arrêté.")

    def stop(self, signum: int, frame: FrameType | None) -> None:
        """What is in hand is finished first."""
        self.worker.running = False

    def work(self, *, once: bool, every: float) -> None:
        self.round_at = self.tidy_at = time.monotonic()
        if once:
            self.do_what_is_due(every)
            return
        while self.worker.running:
            try:
                self.do_what_is_due(every)
            except Error:
                logger.exception("The database did not answer; trying again.")
                close_old_connections()
            if self.worker.running:
                time.sleep(1)

    def do_what_is_due(self, every: float) -> None:
        self.worker.run()
        if time.monotonic() >= self.round_at:
            self.round_at = time.monotonic() + every
            try:
                watch_the_clock()
            finally:  # letters wait for no cycle
                self.send_due()
        if time.monotonic() >= self.tidy_at:
            self.tidy_at = time.monotonic() + TIDYING_SECONDS
            tidy()

    def send_due(self) -> None:
        """The retries, what was due later, and what a dead worker had in hand."""
        close_old_connections()
        while self.worker.running and send_next(now=now()):
            pass


def watch_the_clock() -> None:
    """What each domain does when its moment has come. One that fails does not stop the others."""
    close_old_connections()
    for name in settings.CLOCKWORK:
        try:
            import_string(name)(now=now())
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("%s failed; it runs again at the next round.", name)


def tidy() -> None:
    """Throw away what is of no use any more: texts that left, results of tasks, old sessions."""
    forget_old(now=now())
    call_command("prune_db_task_results", min_age_days=KEPT_DAYS, verbosity=0)
    call_command("clearsessions", verbosity=0)
