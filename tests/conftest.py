"""What every test shares: a clock that stands still."""

from datetime import UTC, datetime

import pytest

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def now() -> datetime:
    return NOON
