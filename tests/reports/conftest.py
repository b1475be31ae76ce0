"""Mentions to report on, put where matching would have put them."""

from collections.abc import Generator
from datetime import UTC, datetime
from uuid import UUID

import pytest

from brandhound.core import clock
from tests.notifications.conftest import configure, nothing_known, twin
from tests.reports.telling import Told

# Fixtures: a mail server on loopback of which nothing is known yet, and settings for one test.
__all__ = ["configure", "nothing_known", "twin"]


@pytest.fixture
def monday() -> Generator[datetime]:
    """It is Monday, 2 November 2026, 10:30 in Berlin."""
    clock.freeze(datetime(2026, 11, 2, 9, 30, tzinfo=UTC))
    yield clock.now()
    clock.unfreeze()


@pytest.fixture
def told(organization_id: UUID, monday: datetime) -> Told:
    """A way to tell the organization of `client` what was said about its brands."""
    return Told(organization_id)
