"""Long spreadsheets, behind the page."""

import logging
from datetime import datetime

from django.db import Error
from django.utils import timezone
from django_tasks import task

from croqualim.catalogue.actions import asking
from croqualim.catalogue.queries.importing import asked

logger = logging.getLogger(__name__)


@task()
def do_asked(import_id: int) -> None:
    if draft := asked().filter(pk=import_id).first():
        asking.do_asked(draft=draft, now=timezone.now())


def do_what_is_due(*, now: datetime) -> None:
    """What a worker that died had in hand. One that fails keeps no other waiting."""
    for draft in asked():
        try:
            asking.do_asked(draft=draft, now=now)
        except Error:  # the database itself: the worker waits for it
            raise
        except Exception:
            logger.exception("import %s", draft.pk)
