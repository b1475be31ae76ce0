"""Long work in the background is done slowly."""

from types import SimpleNamespace

import pytest

from brandhound.core import pacing
from brandhound.core.pacing import LONGEST, Pace

pytestmark = pytest.mark.anyio


async def test_three_quarters_of_the_time_are_left_to_others_but_no_rest_is_endless(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now = 100.0
    rests: list[float] = []

    async def sleep(seconds: float) -> None:
        nonlocal now
        now += seconds
        rests.append(seconds)

    monkeypatch.setattr(pacing, "time", SimpleNamespace(monotonic=lambda: now))
    monkeypatch.setattr(pacing, "asyncio", SimpleNamespace(sleep=sleep))
    pace = Pace()
    for took in (0.1, 1.0, 0.0, 60.0):
        now += took
        await pace.rest()
    assert rests == pytest.approx([0.3, 3.0, 0.0, LONGEST])
