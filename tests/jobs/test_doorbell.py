"""An idle worker looks seldom, and at once when something was queued."""

import threading
import time

import pytest

from brandhound.jobs.doorbell import REST, SELDOM, Doorbell


def waited(bell: Doorbell, seconds: float) -> float:
    began = time.monotonic()
    assert not bell.wait(seconds)
    return time.monotonic() - began


def test_nobody_rings_and_the_wait_lasts_its_time() -> None:
    assert waited(Doorbell(), 0.3) >= 0.3


def test_a_ring_ends_the_wait_also_when_it_came_before() -> None:
    bell = Doorbell()
    threading.Timer(0.05, bell.ring).start()
    assert waited(bell, 60) < 25
    bell.ring()
    assert waited(bell, 60) < 25


def test_many_rings_are_few_looks() -> None:
    bell = Doorbell()
    looks = 0
    ends = time.monotonic() + 5 * REST
    while time.monotonic() < ends:
        bell.ring()
        bell.wait(1)
        looks += 1
    assert looks <= 7


def test_the_sign_to_stop_is_answered_at_once() -> None:
    bell = Doorbell()
    threading.Timer(0.05, bell.set).start()
    assert bell.wait(30)
    assert bell.is_set()


def test_an_idle_queue_is_looked_at_five_times_more_rarely_and_a_ring_wakes_it_for_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("brandhound.jobs.doorbell.QUIET", 0.4)
    bell = Doorbell()
    assert waited(bell, 0.2) < 0.8
    assert waited(bell, 0.3) < 1.2
    # Nothing happened for a while.
    assert waited(bell, 0.2) >= 0.2 * SELDOM
    bell.ring()
    assert waited(bell, 60) < 25
    assert waited(bell, 0.2) < 0.2 * SELDOM
