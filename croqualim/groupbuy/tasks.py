"""What the clock asks of buying groups. The worker calls it at each of its rounds."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import InterfaceError, OperationalError

from croqualim.groupbuy.actions import clockwork
from croqualim.groupbuy.models import Cycle
from croqualim.groupbuy.queries import clockwork as queries

logger = logging.getLogger(__name__)


def do_what_is_due(*, now: datetime) -> None:
    """Everything whose moment has come, however long ago: a worker that was stopped catches up."""
    _each(queries.to_open(now), clockwork.open_alone, now)
    _each(queries.to_remind(now), clockwork.remind, now)
    _each(queries.to_close(now), clockwork.close_alone, now)


def _each(cycles: Iterable[Cycle], act: Callable[..., Any], now: datetime) -> None:
    """One that fails keeps no other collective waiting."""
    for cycle in cycles:
        try:
            act(cycle=cycle, now=now)
        except (OperationalError, InterfaceError):  # the database itself: the worker waits for it
            raise
        except Exception:
            logger.exception("%s: cycle %s", act.__name__, cycle.pk)
