"""What a process goes by is what was read last, whoever else was reading just then."""

from collections.abc import Callable
from threading import Event, Thread, current_thread
from typing import Any

import pytest

from brandhound.core import settings as module
from brandhound.core.settings import Settings, reload_settings, settings


def test_who_began_to_read_before_a_change_does_not_undo_it(
    set_to: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    has_read, may_end = Event(), Event()
    found: list[int] = []
    slow = Thread(target=lambda: found.append(settings().port))

    class ReadSlowly(Settings):
        def __init__(self, **values: Any) -> None:
            super().__init__(**values)
            if current_thread() is slow:
                has_read.set()
                assert may_end.wait(30)
            else:
                may_end.set()
                slow.join(30)

    set_to(PORT="8398")
    module._kept.clear()  # pyright: ignore[reportPrivateUsage]
    monkeypatch.setattr(module, "Settings", ReadSlowly)
    slow.start()
    assert has_read.wait(30)
    monkeypatch.setenv("BRANDHOUND_PORT", "8399")
    assert reload_settings().port == 8399
    assert found == [8398]
    assert settings().port == 8399
